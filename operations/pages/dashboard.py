"""The report as one HTML file: how things stand, then each question with its chart and its figures."""

from collections.abc import Iterator, Sequence
from html import escape

from operations.alarms import Watched
from operations.dashboards.answers import Answer, Answered, AnsweredSection
from operations.dashboards.headline import Headline, figures, grounds, verdict
from operations.dashboards.spans import Span
from operations.dashboards.standing import Rollout, Standing
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
from operations.pages.charts import COLORS, Event, chart
from operations.pages.document import document, table
from operations.terminal import counted


def page(title: str, span: Span, first: Headline, stands: Standing, sections: Sequence[AnsweredSection]) -> str:
    """The whole page."""
    events = list(_events(stands.rollouts, span))
    head = f'<header><p class="over">{escape(about(span))}</p><h1>{escape(title)}</h1></header>'
    body = "".join(_section(section, span, stands, events) for section in sections)
    return document(title, head + _first(span, first, stands) + _now(span, stands) + body, "dashboard")


def _first(span: Span, first: Headline, stands: Standing) -> str:
    said = f'<p class="verdict {"worse" if stands.alarms else "better"}"><strong>{escape(verdict(stands.alarms, span))}'
    cells = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in figures(first, stands))
    notes = "".join(f'<p class="note">{escape(each)}</p>' for each in grounds(first))
    return f'{said}</strong></p><dl class="figures">{cells}</dl>{notes}'


def _events(rollouts: Sequence[Rollout], span: Span) -> Iterator[Event]:
    for rollout in rollouts:
        if rollout.opened >= span.start:
            yield Event(rollout.opened, f"begin of {rollout.words}")
        if rollout.ended:
            yield Event(rollout.ended, f"end of {rollout.words}")


def _now(span: Span, stands: Standing) -> str:
    oldest = f", the oldest since {since(stands.oldest, span)}" if stands.oldest else ""
    facts = [_ringing(each, span) for each in stands.alarms]
    facts += [f"<li>{escape(counted(stands.open_executions, 'execution'))} open{escape(oldest)}</li>"]
    queues = [
        f"<li>{escape(queue.name)}: {queue.waiting:,} waiting, {queue.in_work:,} in work"
        + (f', <strong class="bad">{escape(counted(queue.dead, "dead letter"))}</strong>' if queue.dead else "")
        + "</li>"
        for queue in stands.queues
        if queue.busy
    ]
    facts += queues or ["<li>every queue is empty, and no dead letter waits</li>"]
    facts += [
        f"<li>since {since(each.opened, span)}: {escape(each.words)} (dotted in the charts)</li>"
        for each in stands.rollouts
    ]
    return f'<section class="now"><h2>Now</h2><ul>{"".join(facts)}</ul></section>'


def _ringing(alarm: Watched, span: Span) -> str:
    said = f'<strong class="bad">{escape(alarm.name)}</strong> rings since {since(alarm.since, span)}'
    first = f"<br>First: <code>{escape(alarm.first)}</code>" if alarm.first else ""
    return f"<li>{said}<br>{escape(alarm.says)}{first}{_more(alarm.more)}</li>"


def _more(where: str) -> str:
    # Whatever else a stack was given as its runbook's address is no place for a click.
    if where.startswith(("https://", "http://")):
        return f'<br>Then: <a href="{escape(where)}">the runbook</a>'
    return f"<br>Then: {escape(where)}" if where else ""


def _section(section: AnsweredSection, span: Span, stands: Standing, events: Sequence[Event]) -> str:
    cards = "".join(_card(each, span, events) for each in section.questions if each.answers)
    silent = without_data(section.questions, stands)
    listed = "".join(f"<li>{escape(title)}</li>" for title in silent)
    note = f'<div class="silent"><p>No data in this time:</p><ul>{listed}</ul></div>' if silent else ""
    return f'<section><h2>{escape(section.heading)}</h2><div class="cards">{cards}</div>{note}</section>'


def _card(answered: Answered, span: Span, events: Sequence[Event]) -> str:
    match answered.question.view:
        case "table":
            stats, rows = pivot(answered)
            body = table(("", *stats), [(name, *cells) for name, cells in rows])
        case "bar":
            body = _bars(answered)
        case _:
            body = _course(answered, span, events)
    # No break before the unit: it would stand in a line of its own.
    unit = f'&nbsp;<span class="unit">{escape(unit_of_title(answered))}</span>' if unit_of_title(answered) else ""
    return f'<article class="card"><h3>{escape(answered.question.title)}{unit}</h3>{body}</article>'


def _course(answered: Answered, span: Span, events: Sequence[Event]) -> str:
    shown, zero = folded(answered)
    drawing = chart(answered, shown, span, events) if has_a_course(shown) else ""
    legend = _legend(answered, shown, colored=bool(drawing)) if shown else ""
    return drawing + legend + (f'<p class="note">none: {escape(", ".join(zero))}</p>' if zero else "")


def _legend(answered: Answered, shown: Sequence[Answer], *, colored: bool) -> str:
    rows = "".join(
        f"<tr><td>{f'<i class="c{place % COLORS}"></i>' if colored else ''}{escape(each.label)}</td>"
        f"<td>{escape(figure(each.line.whole, unit_of(each, answered)))}</td><td>{escape(statistic(each))}</td></tr>"
        for place, each in enumerate(shown)
    )
    return f'<table class="legend">{rows}</table>'


def _bars(answered: Answered) -> str:
    most = max(each.line.whole or 0.0 for each in answered.answers) or 1.0
    rows = "".join(
        f"<tr><td>{escape(each.label)}</td><td>{escape(figure(each.line.whole, answered.question.unit))}</td>"
        f'<td><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="c0" width="{100 * (each.line.whole or 0.0) / most:.1f}" height="10"/></svg></td></tr>'
        for each in answered.answers
    )
    return f'<table class="bars">{rows}</table>'
