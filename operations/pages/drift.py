"""Reports of drift as a page: the verdict, the three subjects that moved furthest drawn, and every subject."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from operations.dashboards.wording import when
from operations.drift import words
from operations.pages.document import document

_CLASSES = {"drifted": "worse", "steady": "better", "collecting": "", "too_few": ""}
_HEADINGS = {"drifted": "Drifted", "steady": "Steady", "collecting": "Collecting", "too_few": "Too few"}
# Narrow, so that a phone shows the words as large as its own.
_WIDTH, _LABEL, _FIGURE, _ROW, _MOST_CHARACTERS = 400, 132, 58, 34, 20
_NOTHING_YET = (
    "Then here stand the three subjects that moved furthest, drawn as they were and as they are, and a table of all: "
    "what goes into the agent, what comes out of it, and how sure it is that each moved."
)
_REACH = _WIDTH - _LABEL - _FIGURE


def page(reports: Sequence[Mapping[str, Any]]) -> str:
    """The whole page, in one file."""
    title = f"Drift: {', '.join(sorted({report['tenant'] for report in reports}))}"
    return document(title, "".join(map(_report, reports)))


def _report(report: Mapping[str, Any]) -> str:
    verdict = report["verdict"]
    return (
        f'<header><p class="over">{escape(report["tenant"])} · {escape(report["workflow"])} · '
        f"{when(datetime.fromisoformat(report['as_of']))} UTC</p><h1>{escape(words.agent(report))}</h1>"
        f'<p class="verdict {_CLASSES[verdict]}"><strong>{_HEADINGS[verdict]}.</strong> '
        f'{escape(words.verdict(report))}</p><p class="note">{escape(words.compared(report))}</p></header>'
        f"{_drawings(words.drawn_first(report))}{_subjects(report['subjects'])}"
    )


def _drawings(subjects: Iterable[Mapping[str, Any]]) -> str:
    drawn = "".join(
        f"<article><h3>{escape(words.name(each))} <small>{escape(words.how_far(each))}, "
        f"{escape(words.moved(each))}</small></h3>{bars(words.shares(each), title=words.name(each))}</article>"
        for each in subjects
    )
    legend = '<p class="note">Of each pair of bars, the upper one is the baseline, the lower one is now.</p>'
    return f"<section><h2>What moved furthest</h2>{legend}{drawn}</section>" if drawn else ""


def bars(shares: Sequence[words.Shares], *, title: str) -> str:
    """A pair of bars for each cell, on one scale."""
    most = max(max(each.before, each.now) for each in shares)
    rows = "".join(_pair(each, _ROW * place, most) for place, each in enumerate(shares))
    return (
        f'<svg class="shares" viewBox="0 0 {_WIDTH} {_ROW * len(shares)}" fill="currentColor" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{rows}</svg>'
    )


def _pair(each: words.Shares, top: int, most: float) -> str:
    lines = ((each.before, "before", top + 4), (each.now, "now", top + 18))
    drawn = "".join(_bar(share, kind, y, most) for share, kind, y in lines)
    label = each.label if len(each.label) <= _MOST_CHARACTERS else f"{each.label[: _MOST_CHARACTERS - 1]}…"
    return f'<text x="{_LABEL - 8}" y="{top + 21}" text-anchor="end">{escape(label)}</text>{drawn}'


def _bar(share: float, kind: str, y: int, most: float) -> str:
    width = round(_REACH * share / most, 1)
    return (
        f'<rect class="{kind}" x="{_LABEL}" y="{y}" width="{width}" height="11"/>'
        f'<text x="{_LABEL + width + 6}" y="{y + 10}">{words.percent(share)}</text>'
    )


def _subjects(subjects: Sequence[Mapping[str, Any]]) -> str:
    if not subjects:
        return f'<p class="note">{_NOTHING_YET}</p>'
    head = "".join(f"<th>{column}</th>" for column in ("subject", "moved", "p, corrected", "how"))
    rows = "".join(
        f"<tr{' class=strong' if each['drifted'] else ''}><td>{escape(words.name(each))}</td>"
        f"<td>{escape(words.how_far(each))}</td><td>{each['adjusted']:.2g}</td><td>{escape(words.moved(each))}</td></tr>"
        for each in subjects
    )
    return (
        f'<section><h2>Everything that was compared</h2><div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )
