"""One question's answers as an SVG over time: columns for what adds up, lines for the rest, and what happened when."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from operations.dashboards.answers import Answer, Answered
from operations.dashboards.spans import Span
from operations.dashboards.wording import figure, unit_of, when

# As wide as a phone is, so that the words on it are read there; a desktop shows two beside each other.
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 370, 184, 52, 10, 22
# Room at the right end, and room for the words of an axis there.
_MARGIN, _AXIS = 8, 42
_STEPS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
COLORS = 8


@dataclass(frozen=True)
class _Scale:
    """One axis: from least to most, in a unit."""

    least: float
    most: float
    unit: str

    def y(self, value: float) -> float:
        share = (value - self.least) / (self.most - self.least)
        return round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - min(1.0, max(0.0, share))), 1)


@dataclass(frozen=True)
class Event:
    """Something that began or ended within the time of a chart."""

    moment: datetime
    words: str


class _Time:
    """The axis of time: where it ends, where a moment is, and how wide a period."""

    def __init__(self, span: Span, period: int, *, right: int) -> None:
        self._start, self.period, self.right = span.start, max(period, span.period), right
        self._seconds = (span.end - span.start).total_seconds()
        self._form = "%H:%M" if span.end - span.start <= timedelta(days=2) else "%m-%d"

    def x(self, moment: datetime) -> float:
        share = (moment - self._start).total_seconds() / self._seconds
        return round(_LEFT + (self.right - _LEFT) * min(1.0, max(0.0, share)), 1)

    def middle(self, moment: datetime) -> float:
        return self.x(moment + timedelta(seconds=self.period / 2))

    def marks(self) -> Iterator[tuple[float, str, str]]:
        for share, anchor in ((0, "start"), (0.5, "middle"), (1, "end")):
            moment = self._start + timedelta(seconds=self._seconds * share)
            yield self.x(moment), f"{moment:{self._form}}", anchor


def chart(answered: Answered, shown: Sequence[Answer], span: Span, events: Sequence[Event]) -> str:
    """The chart; each line has the color of its place among those that are shown."""
    question, colored = answered.question, list(enumerate(shown))
    left = [(place, each) for place, each in colored if not each.on_the_right]
    right = [(place, each) for place, each in colored if each.on_the_right]
    time = _Time(span, question.period, right=_WIDTH - (_AXIS if right else _MARGIN))
    least = _round_down(_lowest(left)) if question.least is None else question.least
    scale = _Scale(least, question.most or _round_up(_highest(answered, left)), question.unit)
    parts = [_frame(scale, time), *(_threshold(label, at, scale, time) for label, at in question.thresholds.items())]
    parts += [_columns(left, scale, time, answered)] if question.stacked else [_lines(left, scale, time, answered)]
    if right:
        of_rate = max(value for _, each in right for value in each.line.points.values())
        other = _Scale(0.0, 100.0 if question.unit_on_the_right == "%" else _round_up(of_rate),
                       question.unit_on_the_right)  # fmt: skip
        parts += [_right_axis(other, time), _lines(right, other, time, answered)]
    parts += [_event(each, time) for each in events]
    title = escape(question.title)
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def _highest(answered: Answered, left: Sequence[tuple[int, Answer]]) -> float:
    values = [[*each.line.points.values()] for _, each in left]
    if answered.question.stacked:
        moments = {moment for _, each in left for moment in each.line.points}
        tops = [sum(each.line.points.get(moment, 0.0) for _, each in left) for moment in moments]
    else:
        tops = [value for some in values for value in some]
    return max([*tops, *answered.question.thresholds.values()], default=0.0)


def _lowest(left: Sequence[tuple[int, Answer]]) -> float:
    return min((value for _, each in left for value in each.line.points.values()), default=0.0)


def _round_down(value: float) -> float:
    return -_round_up(-value) if value < 0 else 0.0


def _round_up(value: float) -> float:
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _STEPS if step * power >= value * (1 - 1e-9))


def _frame(scale: _Scale, time: _Time) -> str:
    drawn = []
    for share in (0.0, 0.5, 1.0):
        value = scale.least + (scale.most - scale.least) * share
        y = scale.y(value)
        drawn.append(
            f'<line class="grid" x1="{_LEFT}" x2="{time.right}" y1="{y}" y2="{y}"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{escape(_short(value, scale.unit))}</text>'
        )
    drawn += [
        f'<text x="{x}" y="{_HEIGHT - 6}" text-anchor="{anchor}">{escape(words)}</text>'
        for x, words, anchor in time.marks()
    ]
    return "".join(drawn)


def _right_axis(scale: _Scale, time: _Time) -> str:
    return "".join(
        f'<text x="{time.right + 6}" y="{scale.y(value) + 4}">{escape(_short(value, scale.unit))}</text>'
        for value in (0.0, scale.most)
    )


def _short(value: float, unit: str) -> str:
    """A value at an axis: no longer than the room beside it."""
    if unit == "%":
        return f"{value:g} %"
    if unit == "USD":
        return f"${value:.6f}".rstrip("0").removesuffix(".") if value < 1 else f"${value:g}"
    if unit == "ms":
        return f"{value:g} ms" if value < 1000 else f"{value / 1000:g} s"
    return f"{value:g}" if value < 10_000 else f"{value / 1e3:g} k" if value < 1e6 else f"{value / 1e6:g} M"


def _threshold(label: str, at: float, scale: _Scale, time: _Time) -> str:
    y = scale.y(at)
    return (
        f'<line class="threshold" x1="{_LEFT}" x2="{time.right}" y1="{y}" y2="{y}"/>'
        f'<text class="threshold" x="{time.right - 4}" y="{y + 13}" text-anchor="end">'
        f"{escape(label)} {escape(_short(at, scale.unit))}</text>"
    )


def _event(event: Event, time: _Time) -> str:
    x = time.x(event.moment)
    return (
        f'<line class="event" x1="{x}" x2="{x}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"><title>'
        f"{escape(f'{when(event.moment)} UTC: {event.words}')}</title></line>"
    )


def _columns(lines: Sequence[tuple[int, Answer]], scale: _Scale, time: _Time, answered: Answered) -> str:
    tops: dict[datetime, float] = {}
    drawn = []
    for place, each in lines:
        for moment, value in each.line.points.items():
            low = tops.get(moment, 0.0)
            tops[moment] = low + value
            top, x = scale.y(low + value), time.x(moment)
            width = max(2.0, time.x(moment + timedelta(seconds=time.period)) - x - 1)
            drawn.append(
                f'<rect class="c{place % COLORS}" x="{x}" y="{top}" width="{width:.1f}" '
                f'height="{scale.y(low) - top:.1f}"><title>{_said(each, moment, value, answered)}</title></rect>'
            )
    return "".join(drawn)


def _lines(lines: Sequence[tuple[int, Answer]], scale: _Scale, time: _Time, answered: Answered) -> str:
    drawn = []
    for place, each in lines:
        color = f"c{place % COLORS}"
        at = {moment: (time.middle(moment), scale.y(value)) for moment, value in each.line.points.items()}
        path = " ".join(f"{x},{y}" for x, y in at.values())
        drawn.append(f'<polyline class="{color}" points="{path}"/>')
        drawn += [
            f'<circle class="{color}" cx="{x}" cy="{y}" r="2.6">'
            f"<title>{_said(each, moment, each.line.points[moment], answered)}</title></circle>"
            for moment, (x, y) in at.items()
        ]
    return "".join(drawn)


def _said(answer: Answer, moment: datetime, value: float, answered: Answered) -> str:
    return escape(f"{when(moment)} UTC, {answer.label}: {figure(value, unit_of(answer, answered))}")
