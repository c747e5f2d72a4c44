"""How many events wait over one day, at each scale."""

from collections.abc import Iterator, Mapping

from capacity.backlog import Day
from capacity.pictures.sheet import COLORS, WIDTH, Logarithmic, line, sheet, text

_LEFT, _TOP, _BOTTOM, _EVERY = 50, 20, 230, 2
_RIGHT = WIDTH - 10
_HOURS = (0, 6, 12, 18, 24)


def picture(days: Mapping[str, Day]) -> str:
    """A line for each; names that end in "changed" are dashed. Less than one event is not drawn."""
    axis = Logarithmic(1, 10_000_000, _BOTTOM, _TOP)
    return sheet("Events that wait over a day, as deployed and after the changes", _BOTTOM + 26 + 18 * len(days),
                 [*_frame(axis), *_lines(days, axis)])  # fmt: skip


def _x(hour: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * hour / 24


def _frame(axis: Logarithmic) -> Iterator[str]:
    for power, words in ((0, "1"), (2, "100"), (4, "10,000"), (6, "1 M")):
        yield line(_LEFT, axis.at(10**power), _RIGHT, axis.at(10**power))
        yield text(_LEFT - 6, axis.at(10**power) + 4, words, "quiet end")
    for hour in _HOURS:
        yield text(_x(hour), _BOTTOM + 18, f"{hour}:00", f"quiet {'end' if hour == 24 else 'middle'}")


def _lines(days: Mapping[str, Day], axis: Logarithmic) -> Iterator[str]:
    for place, (name, day) in enumerate(days.items()):
        classes = f"s-{COLORS[place]}" + (" dashed" if name.endswith("changed") else "")
        for points in _drawn(day, axis):
            yield f'<polyline class="{classes}" points="{points}"/>'
        y = _BOTTOM + 36 + 18 * place
        yield line(_LEFT, y - 4, _LEFT + 24, y - 4, classes)
        yield text(_LEFT + 30, y, name)


def _drawn(day: Day, axis: Logarithmic) -> Iterator[str]:
    """The stretches in which something waits."""
    points: list[str] = []
    for minute in range(0, 24 * 60 + _EVERY, _EVERY):
        waits = day.waiting[minute]
        if waits >= 1:
            points.append(f"{_x(minute / 60):.1f},{axis.at(waits):.1f}")
        elif points:
            yield " ".join([*points, f"{_x(minute / 60):.1f},{_BOTTOM:.1f}"])
            points = []
    if points:
        yield " ".join(points)
