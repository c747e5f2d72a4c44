"""What a thousand messages cost, part by part."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from capacity.pictures.sheet import COLORS, WIDTH, bar, sheet, text

_TOP, _ROW = 50, 46
_PLOT = WIDTH - 70


def picture(costs: Mapping[str, Mapping[str, Decimal]]) -> str:
    """A bar for each row, of its parts one after the other; the smallest parts are drawn as one."""
    most = max(sum(parts.values(), Decimal(0)) for parts in costs.values())
    names = list(dict.fromkeys(name for parts in costs.values() for name in parts))
    return sheet("What a thousand messages cost, in USD", _TOP + _ROW * len(costs),
                 [*_legend(names), *_rows(costs, names, float(most))])  # fmt: skip


def _legend(names: list[str]) -> Iterator[str]:
    for place, name in enumerate(names):
        x, y = 6 + 160 * (place % 3), 6 + 18 * (place // 3)
        yield bar(x, y, 10, 10, COLORS[place])
        yield text(x + 14, y + 10, name, "quiet")


def _rows(costs: Mapping[str, Mapping[str, Decimal]], names: list[str], most: float) -> Iterator[str]:
    for place, (row, parts) in enumerate(costs.items()):
        x, y = 6.0, _TOP + _ROW * place
        yield text(x, y + 12, row)
        for name, cost in parts.items():
            width = _PLOT * float(cost) / most
            yield bar(x, y + 18, width, 16, COLORS[names.index(name)])
            x += width
        yield text(x + 5, y + 31, f"${sum(parts.values(), Decimal(0)):.2f}")
