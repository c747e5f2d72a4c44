"""Intervals as one SVG: a line from low to high for each figure, a dot at the difference, and where zero is."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_ROW, _TOP = 30, 14


@dataclass(frozen=True)
class Frame:
    """How wide a drawing is, and how much of it is for the labels on the left and for the words on the right."""

    width: int
    labels: int
    words: int


LABELLED = Frame(920, 250, 210)
# For a phone: what it says stands beside it, because words in it would be too small there.
BARE = Frame(400, 8, 8)


@dataclass(frozen=True)
class Drawn:
    """One line: what it is of, its interval and middle on an axis of its group, its words, and whether it decides."""

    label: str
    low: float
    middle: float
    high: float
    words: str
    strong: bool = False


def drawn(lines: Sequence[Drawn], *, title: str, margin: float | None = None, frame: Frame = LABELLED) -> str:
    """The lines on one axis around zero; `margin` marks how far below zero would matter."""
    reach = max([abs(edge) for line in lines for edge in (line.low, line.high)] + [margin or 0, 1e-9]) * 1.08
    height, room = _TOP + _ROW * len(lines) + 8, frame.width - frame.labels - frame.words

    def x(value: float) -> float:
        return round(frame.labels + room * (value + reach) / (2 * reach), 1)

    bottom = height - 8
    upright = f'y1="{_TOP}" y2="{bottom}" stroke="currentColor"'
    zero = f'<line class="zero" x1="{x(0)}" x2="{x(0)}" {upright}/>'
    mark = "" if margin is None else (
        f'<line class="margin" x1="{x(-margin)}" x2="{x(-margin)}" {upright} stroke-dasharray="4 4"/>'
    )  # fmt: skip
    rows = "".join(
        _row(line, _TOP + _ROW * (place + 0.5), (x(line.low), x(line.middle), x(line.high)), frame)
        for place, line in enumerate(lines)
    )
    # Colors are the style's; where inline drawings get none, they are drawn in the color of the text.
    return (
        f'<svg class="intervals" viewBox="0 0 {frame.width} {height}" fill="currentColor" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{zero}{mark}{rows}</svg>'
    )


def _row(line: Drawn, y: float, ends: tuple[float, float, float], frame: Frame) -> str:
    low, middle, high = ends
    strong = ' class="strong"' if line.strong else ""
    return (
        f'<g{strong}><text x="{frame.labels - 14}" y="{y + 4}" text-anchor="end">{escape(line.label)}</text>'
        f'<line class="interval" stroke="currentColor" x1="{low}" y1="{y}" x2="{high}" y2="{y}"/>'
        f'<line class="end" stroke="currentColor" x1="{low}" y1="{y - 5}" x2="{low}" y2="{y + 5}"/>'
        f'<line class="end" stroke="currentColor" x1="{high}" y1="{y - 5}" x2="{high}" y2="{y + 5}"/>'
        f'<circle cx="{middle}" cy="{y}" r="4.5"/>'
        f'<text x="{frame.width - frame.words + 14}" y="{y + 4}">{escape(line.words)}</text></g>'
    )
