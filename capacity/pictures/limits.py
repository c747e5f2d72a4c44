"""Which limit is reached at how many times today's messages."""

from collections.abc import Iterable, Iterator, Sequence

from capacity.document.words import times
from capacity.limits import Limit
from capacity.pictures.sheet import COLORS, WIDTH, Logarithmic, bar, line, sheet, text

_TOP, _ROW, _LEFT = 78, 36, 6
_SCALES = (1, 10, 100, 1000)


def picture(limits: Sequence[Limit]) -> str:
    """A bar for each, in the order in which they are reached, coloured by whose limit it is."""
    axis = Logarithmic(1, 10_000, _LEFT, WIDTH - 52)
    bottom = _TOP + _ROW * len(limits)
    whose = list(dict.fromkeys(str(limit.whose) for limit in limits))
    return sheet("How many times today's messages reach each limit", bottom + 8,
                 [*_frame(axis, bottom), *_legend(whose), *_rows(limits, axis, whose)])  # fmt: skip


def _frame(axis: Logarithmic, bottom: float) -> Iterator[str]:
    for scale in _SCALES:
        yield line(axis.at(scale), 64, axis.at(scale), bottom)
        yield text(axis.at(scale), 58, times(scale), "quiet" if scale == 1 else "quiet middle")


def _legend(whose: Iterable[str]) -> Iterator[str]:
    for place, words in enumerate(whose):
        x, y = _LEFT + 200 * (place % 2), 6 + 18 * (place // 2)
        yield bar(x, y, 10, 10, COLORS[place])
        yield text(x + 14, y + 10, words, "quiet")


def _rows(limits: Sequence[Limit], axis: Logarithmic, whose: list[str]) -> Iterator[str]:
    for place, limit in enumerate(limits):
        y, end = _TOP + _ROW * place, axis.at(limit.reached_at)
        yield text(_LEFT, y + 8, limit.what)
        yield bar(_LEFT, y + 14, end - _LEFT, 7, COLORS[whose.index(str(limit.whose))])
        yield text(end + 5, y + 23, f"{limit.reached_at:,.0f}×")
