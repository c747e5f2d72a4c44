"""An evaluation as a page: the verdict, every interval drawn, and the drafts of the largest losses side by side."""

from collections.abc import Mapping
from html import escape
from typing import Any

from operations.pages.document import document, section, table
from operations.pages.figures import Figure, figures, slices
from operations.pages.intervals import Drawn, drawn
from operations.terminal import counted, money

_VERDICTS = {
    "better": "Better", "not_worse": "Not worse", "worse": "Worse", "inconclusive": "Inconclusive",
}  # fmt: skip


def page(result: Mapping[str, Any]) -> str:
    """The whole page, in one file."""
    title = (
        f"{result['agent_id'].replace('#', ' / ')}: version {result['candidate']} against version {result['baseline']}"
    )
    parts = [
        _verdict(result, title),
        section("How far apart they are", _drawings(result)),
        section("Figures", table(_columns(result), [figure.row() for figure in figures(result)])),
        _findings(result),
        _groups(result),
        _losses(result),
        _measured(result),
    ]
    return document(title, "".join(parts))


def _verdict(result: Mapping[str, Any], title: str) -> str:
    verdict = result["approval"]["verdict"]
    return (
        f'<header><p class="over">Evaluation {escape(result["evaluation"])} · {escape(result["at"])}</p>'
        f'<h1>{escape(title)}</h1><p class="verdict {escape(verdict)}"><strong>{_VERDICTS[verdict]}.</strong> '
        f"{escape(result['sentence'])}</p></header>"
    )


def _drawings(result: Mapping[str, Any]) -> str:
    approval, *others = figures(result)
    scores = [figure for figure in others if figure.unit is others[0].unit]
    margin = result["approval"]["margin"]
    first = drawn([_line(approval, strong=True)], title="Difference in approval", margin=margin)
    return (
        f'<h3>Approval</h3>{first}<p class="note">Left of the dashed line the candidate would be worse by more than '
        f"{100 * margin:g} points.</p>"
        f"<h3>Scores, 1 to 5</h3>{drawn([_line(each) for each in scores], title='Difference in scores')}"
        '<p class="note">Candidate less baseline; the vertical line is no difference.</p>'
    )


def _line(figure: Figure, *, strong: bool = False) -> Drawn:
    low, high = figure.values["interval"]
    middle = figure.values["difference"]
    words = f"{figure.unit.signed(middle)} ({figure.interval})"
    return Drawn(figure.name, low, middle, high, words, strong)


def _columns(result: Mapping[str, Any]) -> tuple[str, ...]:
    arms = (f"version {result[arm]}" for arm in ("baseline", "candidate"))
    return "", *arms, "difference", "95 % interval", "wins / ties / losses"


def _findings(result: Mapping[str, Any]) -> str:
    if not result["findings"]:
        return section("What stopped drafts", "<p>No draft of either version says anything that no fact supports.</p>")
    rows = [
        (kind, *(str(found[arm]) for arm in ("baseline", "candidate"))) for kind, found in result["findings"].items()
    ]
    return section("What stopped drafts, in drafts", table(_columns(result)[:3], rows))


def _groups(result: Mapping[str, Any]) -> str:
    found = list(slices(result))
    if not found:
        return ""
    note = f'<p class="note">Intervals are corrected for {counted(len(found), "group")}: all of them hold together.</p>'
    lines = [_line(figure) for figure in found]
    drawing = drawn(lines, title="Difference in approval by group", margin=result["approval"]["margin"])
    return section("Approval by group", note + drawing + table(_columns(result), [each.row() for each in found]))


def _losses(result: Mapping[str, Any]) -> str:
    if not result["losses"]:
        return section("Largest losses", "<p>On no request did the candidate do worse.</p>")
    cards = "".join(_loss(loss, result) for loss in result["losses"])
    return section("Largest losses", cards)


def _loss(loss: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    groups = " · ".join(f"{name} {group}" for name, group in loss["slices"].items())
    sides = "".join(_side(loss[arm], f"version {result[arm]}") for arm in ("baseline", "candidate"))
    return (
        f"<article><h3>Request {escape(loss['recording'][:12])} <small>{escape(loss['tenant'])} · {escape(groups)}"
        f'</small></h3><div class="sides">{sides}</div></article>'
    )


def _side(written: Mapping[str, Any], name: str) -> str:
    outcome = "approved" if written["approved"] else "not approved"
    texts = "".join(
        f"<dt>{escape(part.replace('_', ' '))}</dt><dd>{escape(text)}</dd>" for part, text in written["texts"].items()
    )
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in written["reasons"])
    return (
        f'<section class="side {"good" if written["approved"] else "bad"}"><h4>{escape(name)} <span>{outcome}, '
        f"{written['score']:.2f}</span></h4><dl>{texts}</dl><ul>{reasons}</ul></section>"
    )


def _measured(result: Mapping[str, Any]) -> str:
    approval, failed = result["approval"], result["failed"]
    score = result["scores"]["score"]
    facts = [
        f"{counted(result['pairs'], 'past request')}, each written to by both versions with the material of its time.",
        "Approval is the first draft's; in production a draft that is refused is written again.",
        f"One judge for both, {result['judge']}, which isn't told whose draft it sees; the order was drawn with seed "
        f"{result['seed']}.",
        f"Approval: {approval['method']}. Scores, length, cost and time: {score['method']}.",
        f"About {approval['needed']:,} requests would show a difference of {100 * approval['margin']:g} points.",
        f"Spent: {money(result['spent_micros'])}, the judge included.",
        *(f"Not written: {counted(number, 'request')} ({name})." for name, number in failed.items()),
    ]
    if result["missing"]:
        facts.append(f"Nothing was kept of {counted(result['missing'], 'request')}.")
    return section("How it was measured", "<ul>" + "".join(f"<li>{escape(fact)}</li>" for fact in facts) + "</ul>")
