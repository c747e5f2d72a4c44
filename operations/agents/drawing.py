"""Intervals as lines of text: one for each look, all on one scale, so that one sees them narrow towards the margin."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

_STYLES = {"promote": "green", "roll_back": "red", "hold": "yellow"}
_LINE, _START, _END, _BEYOND_LEFT, _BEYOND_RIGHT = "─", "├", "┤", "◀", "▶"
ZERO, MARGIN = "│", "┊"


def scale_of(intervals: Sequence[tuple[float, float]], margin: float) -> float:
    """How far the drawing reaches on both sides of zero: the last interval with room around it, and the margin."""
    last = max((abs(end) for end in intervals[-1]), default=1.0) if intervals else 1.0
    return min(1.0, max(2 * margin, 1.5 * last))


def interval_line(low: float, high: float, *, margin: float, scale: float, width: int) -> str:
    """An interval from -scale to scale in so many characters; an end that lies beyond is an arrow."""

    def place(value: float) -> int:
        return round((min(scale, max(-scale, value)) + scale) / (2 * scale) * (width - 1))

    cells = [" "] * width
    cells[place(-margin)], cells[place(0.0)] = MARGIN, ZERO
    first, last = place(low), place(high)
    for at in range(first, last + 1):
        cells[at] = cells[at] if cells[at] != " " else _LINE
    cells[first] = _START if low >= -scale else _BEYOND_LEFT
    cells[last] = _END if high <= scale else _BEYOND_RIGHT
    return "".join(cells)


def axis_line(*, margin: float, scale: float, width: int) -> str:
    """What stands where below the intervals: both ends, the harm margin, and zero."""
    cells = [" "] * width
    marks = ((-scale, 0), (scale, 2), (0.0, 1), (-margin, 1))
    for value, anchor in marks:
        words = f"{value * 100:+.3g}%" if value else "0"
        at = round((value + scale) / (2 * scale) * (width - 1)) - anchor * (len(words) - 1) // 2
        at = max(0, min(width - len(words), at))
        # The margin comes last: where there is no room for all, it is the one that is needed.
        if all(cell == " " for cell in cells[max(0, at - 1) : at + len(words) + 1]) or value == -margin:
            cells[at : at + len(words)] = words
    return "".join(cells)


def drawn(looks: Sequence[Mapping[str, Any]], metric: str, *, margin: float, width: int) -> list[Text]:
    """The looks at one metric, oldest first, with the share, the customers and what was decided; then the axis."""
    seen = [(look, each) for look in looks for each in look.get("comparisons", []) if each["metric"] == metric]
    if not seen:
        return []
    scale = scale_of([(each["low"], each["high"]) for _, each in seen], margin)
    heads = [f"{look['look']:>4} {look['share'] / 100:>4g} % {_customers(each):>13} " for look, each in seen]
    room = max(20, width - len(heads[0]) - len(" roll back"))
    lines = []
    for head, (look, each) in zip(heads, seen, strict=True):
        line = interval_line(each["low"], each["high"], margin=margin, scale=scale, width=room)
        lines.append(Text.assemble((head, "dim"), (line, _STYLES[each["verdict"]]), f" {decided(look)}"))
    axis = axis_line(margin=margin, scale=scale, width=room)
    return [*lines, Text(" " * len(heads[0]) + axis, style="dim")]


def _customers(comparison: Mapping[str, Any]) -> str:
    return f"{comparison['baseline']['n']}:{comparison['candidate']['n']}"


def decided(look: Mapping[str, Any]) -> str:
    """What a look decided, in words."""
    return str(look["outcome"] or look["decision"]).replace("_", " ")
