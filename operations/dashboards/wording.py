"""Figures of a dashboard in words and units, for the terminal and for the page."""

from collections.abc import Callable, Sequence
from datetime import datetime

from operations.dashboards.answers import Answer, Answered
from operations.dashboards.spans import Span
from operations.dashboards.standing import Standing

_STATS = {"Sum": "in all", "Average": "mean", "Maximum": "at most", "Minimum": "at least"}
_LONG_MS, _LONG_S = 10_000, 600
_CENT, _HUNDRED = 0.01, 100
_LEAST_DRAWN = 5
_WRITTEN_WITH_THE_FIGURE = {"%", "ms", "s", "USD"}


def figure(value: float | None, unit: str) -> str:
    """A value as a person reads it; a dash where there is none."""
    return "–" if value is None else _FORMS.get(unit, _number)(value)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or abs(value) >= _HUNDRED else f"{value:,.2f}"


def _dollars(value: float) -> str:
    # A message costs thousandths of a cent, a day dollars: either with enough digits, and no more.
    return f"${value:,.2f}" if abs(value) >= 1 else f"${value:.4f}" if abs(value) >= _CENT else f"${value:.6f}"


_FORMS: dict[str, Callable[[float], str]] = {
    "%": lambda value: f"{value:.1f} %",
    "ms": lambda value: f"{value:,.0f} ms" if abs(value) < _LONG_MS else f"{value / 1000:,.1f} s",
    "s": lambda value: f"{value:,.0f} s" if abs(value) < _LONG_S else f"{value / 60:,.0f} min",
    "USD": _dollars,
    "score": lambda value: f"{value:.2f}",
}


def statistic(answer: Answer) -> str:
    """What of its values a line's figure is."""
    return _STATS.get(answer.stat, "" if answer.label == answer.stat else answer.stat)


def unit_of(answer: Answer, answered: Answered) -> str:
    """The unit of the axis that a line is drawn on."""
    return answered.question.unit_on_the_right if answer.on_the_right else answered.question.unit


def pivot(answered: Answered) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """A table's columns and rows: a statistic each, and what the labels say besides it."""
    stats = list(dict.fromkeys(answer.stat for answer in answered.answers))
    cells = {(_without_stat(each), each.stat): figure(each.line.whole, answered.question.unit)
             for each in answered.answers}  # fmt: skip
    rows = dict.fromkeys(row for row, _ in cells)
    return stats, [(row, [cells.get((row, stat), "–") for stat in stats]) for row in rows]


def _without_stat(answer: Answer) -> str:
    return answer.label.removesuffix(answer.stat).rstrip()


def folded(answered: Answered) -> tuple[list[Answer], list[str]]:
    """The lines that are worth a line, and the labels of the sums that are zero, if those are several."""
    zero = [each for each in answered.answers if each.stat == "Sum" and each.line.whole == 0]
    if len(zero) < 2:
        return list(answered.answers), []
    return [each for each in answered.answers if each not in zero], [each.label for each in zero]


def when(moment: datetime) -> str:
    """A moment to the minute, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M}"


def since(moment: datetime, span: Span) -> str:
    """A moment as one says it at a span's end: of that day by its time alone."""
    return f"{moment:%H:%M} UTC" if moment.date() == span.end.date() else f"{when(moment)} UTC"


def about(span: Span) -> str:
    """The time that a report is about."""
    return f"{when(span.start)} to {when(span.end)} UTC"


def without_data(questions: Sequence[Answered], stands: Standing) -> list[str]:
    """The titles of the questions that have no answer; of queues it is known how they stand now."""
    quiet = not any(queue.busy for queue in stands.queues)
    return [
        f"{each.question.title} (now: {'all are empty' if quiet else 'see above'})"
        if _of_queues(each)
        else each.question.title
        for each in questions
        if not each.answers
    ]


def _of_queues(of: Answered) -> bool:
    return all(each.query and each.query.namespace == "AWS/SQS" for each in of.question.asks)


def has_a_course(answers: Sequence[Answer]) -> bool:
    """Whether there are values at enough times to be drawn; fewer are dots that say less than the figures."""
    return len({moment for each in answers for moment in each.line.points}) >= _LEAST_DRAWN


def unit_of_title(answered: Answered) -> str:
    """The unit that stands beside a title: only where the figures don't have it themselves."""
    return "" if answered.question.unit in _WRITTEN_WITH_THE_FIGURE else answered.question.unit
