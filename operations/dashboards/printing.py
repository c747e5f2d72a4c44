"""The report in the terminal: a line and its course for each figure, and what had no data by name."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.text import Text

from operations.dashboards.answers import Answer, Answered, AnsweredSection
from operations.dashboards.headline import Headline, figures, grounds, verdict
from operations.dashboards.spans import Span
from operations.dashboards.standing import Standing
from operations.dashboards.wording import (
    about,
    figure,
    folded,
    has_a_course,
    pivot,
    since,
    statistic,
    unit_of,
    unit_of_title,
    without_data,
)
from operations.terminal import counted, out, plain

_LEVELS = "▁▂▃▄▅▆▇█"
_NONE = "·"
_MOST_LABEL = 46
_BAR = 32


def print_report(
    title: str, span: Span, first: Headline, stands: Standing, sections: Sequence[AnsweredSection]
) -> None:
    """The whole report."""
    out.print(Text.assemble(plain(title, "bold"), plain(f"  {about(span)}", "dim")))
    out.print(plain(verdict(stands.alarms, span), "bold red" if stands.alarms else "bold green"))
    out.print(plain(" · ".join(f"{value} {name}" for name, value in figures(first, stands))))
    for each in grounds(first):
        out.print(plain(each, "dim"))
    for line in _standing(stands, span):
        out.print(line)
    for section in sections:
        out.print(plain(f"\n{section.heading}", "bold reverse"))
        for answered in section.questions:
            for line in _answer(answered, span):
                out.print(line, no_wrap=True, overflow="crop")
        if silent := without_data(section.questions, stands):
            out.print(plain("\nNo data: " + " · ".join(silent), "dim"))


def _standing(stands: Standing, span: Span) -> Iterator[Text]:
    for alarm in stands.alarms:
        yield plain(f"{alarm.name} rings since {since(alarm.since, span)}", "bold red")
        yield plain(f"  {alarm.says}")
        if alarm.first:
            yield Text.assemble(plain(f"  First: {alarm.first} "), plain(f"({alarm.more})", "dim"))
    oldest = f", the oldest since {since(stands.oldest, span)}" if stands.oldest else ""
    yield plain(f"Now: {counted(stands.open_executions, 'execution')} open{oldest}")
    for queue in stands.queues:
        if queue.busy:
            dead = plain(f", {counted(queue.dead, 'dead letter')}", "red") if queue.dead else plain("")
            yield Text.assemble(plain(f"Now: {queue.name}: {queue.waiting} waiting, {queue.in_work} in work"), dead)
    if not any(queue.busy for queue in stands.queues):
        yield plain("Now: every queue is empty, and no dead letter waits")
    for rollout in stands.rollouts:
        yield plain(f"Since {since(rollout.opened, span)}: {rollout.words}", "cyan")


def _answer(answered: Answered, span: Span) -> Iterator[Text]:
    if not answered.answers:
        return
    yield plain("")
    unit = unit_of_title(answered)
    yield Text.assemble(plain(answered.question.title, "bold"), plain(f"  {unit}" if unit else "", "dim"))
    match answered.question.view:
        case "table":
            yield from _table(answered)
        case "bar":
            yield from _bars(answered)
        case _:
            yield from _courses(answered, span)


def _courses(answered: Answered, span: Span) -> Iterator[Text]:
    shown, zero = folded(answered)
    drawn = has_a_course(shown)
    width = min(_MOST_LABEL, max((len(each.label) for each in shown), default=0))
    for each in shown:
        unit = unit_of(each, answered)
        yield Text.assemble(
            plain(f"  {_cut(each.label):<{width}} {figure(each.line.whole, unit):>12} "),
            plain(f"{statistic(each):<8} " if drawn else statistic(each), "dim"),
            (course(each, answered, span) if drawn else "", "cyan"),
        )
    if zero:
        yield plain("  none: " + ", ".join(zero), "dim")


def _cut(label: str) -> str:
    return label if len(label) <= _MOST_LABEL else f"{label[: _MOST_LABEL - 1]}…"


def course(answer: Answer, answered: Answered, span: Span) -> str:
    """A line as one character for each period of the span, a dot where it has no value."""
    ends = max(answer.line.points.values())
    question = answered.question
    low, high = (0.0, ends) if answer.on_the_right else (question.least or 0.0, question.most or ends)

    def level(moment: datetime) -> str:
        value = answer.line.points.get(moment)
        if value is None:
            return _NONE
        share = (value - low) / (high - low) if high > low else 0.0
        return _LEVELS[round(min(1.0, max(0.0, share)) * (len(_LEVELS) - 1))]

    moments = span.times() if question.period <= span.period else sorted(answer.line.points)
    return "".join(map(level, moments))


def _table(answered: Answered) -> Iterator[Text]:
    stats, rows = pivot(answered)
    width = max(len(name) for name, _ in rows)
    yield plain(f"  {'':<{width}} " + " ".join(f"{stat:>11}" for stat in stats), "dim")
    for name, cells in rows:
        yield plain(f"  {name:<{width}} " + " ".join(f"{cell:>11}" for cell in cells))


def _bars(answered: Answered) -> Iterator[Text]:
    width = max(len(each.label) for each in answered.answers)
    most = max(each.line.whole or 0 for each in answered.answers) or 1
    for each in answered.answers:
        value = each.line.whole or 0
        bar = "█" * round(_BAR * value / most)
        yield Text.assemble(
            plain(f"  {each.label:<{width}} {figure(value, answered.question.unit):>7} "), (bar, "cyan")
        )
