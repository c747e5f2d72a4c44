"""A message as a page: its text with every claim marked and its source beside it, and a table of what settled each."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from operations.message_marks import COLUMNS, SUPPORTED, Claim, Stretch, below, claims_of, stretches_of
from operations.message_words import became, held_against, reason, written_from
from operations.pages.document import document, section
from operations.terminal import counted, money

_CLASSES = {"approved": "better", "declined": "worse", "rejected": "worse"}
_WITHOUT_LEDGER = "This message was stored without a ledger of its claims."


def page(of: Mapping[str, Any]) -> str:
    """The whole page, in one file."""
    parts = [_header(of), _mail(of), _claims(of), _made(of)] if "text" in of else [_header(of)]
    return document(f"Message {of['messageId'][:8]}: {of['status'].replace('_', ' ')}", "".join(parts), "message")


def _header(of: Mapping[str, Any]) -> str:
    status = of["status"]
    heading = escape(status.replace("_", " ").capitalize())
    # A skip's reason is a word for machines.
    said = reason(dict(of)).replace("_", " ")
    word, rest = said[:1].upper(), said[1:].removesuffix(".")
    told = f" {escape(word + rest)}." if said else ""
    after = became(dict(of))
    return (
        f'<header><p class="over">{escape(of["tenant"])} · {escape(of["asOf"])} · {escape(of["receipt"])}</p>'
        f"<h1>{escape(of['purpose'].capitalize())} to customer {escape(of['customerId'])}</h1>"
        f'<p class="verdict {_CLASSES.get(status, "")}"><strong>{heading}.</strong>'
        f"{told}</p>{f'<p class="note">{escape(after)}</p>' if after else ''}</header>"
    )


def _mail(of: Mapping[str, Any]) -> str:
    footer = below(of) if "ledger" in of else None
    if footer is None:
        subject, text = escape(of["subject"]), escape(of["text"])
    else:
        parts = {part: _marked(stretches) for part, stretches in stretches_of(of).items()}
        subject = parts["subject"]
        text = f"{parts['body']}\n\n{parts['call_to_action']}\n\n<small>{escape(footer)}</small>"
    return (
        f'<article class="mail"><dl><dt>To</dt><dd>{escape(of["recipient"] or "–")}</dd>'
        f'<dt>Subject</dt><dd class="subject">{subject}</dd></dl><div class="text">{text}</div></article>'
    )


def _marked(stretches: Iterable[Stretch]) -> str:
    return "".join(_stretch(each) for each in stretches)


def _stretch(each: Stretch) -> str:
    if each.claim is None:
        return escape(each.text)
    return (
        f'<mark class="{_class(each.claim)}">{escape(each.text)}</mark>'
        f'<a class="source" href="#claim-{each.claim.number}">{escape(each.claim.label)}</a>'
    )


def _class(claim: Claim) -> str:
    if claim.result in SUPPORTED:
        return "supported"
    return claim.result if claim.result in {"opinion", "not_checked"} else "wrong"


def _claims(of: Mapping[str, Any]) -> str:
    claims = claims_of(of)
    if "ledger" not in of:
        return section("Claims", f'<p class="note">{_WITHOUT_LEDGER}</p>')
    supported = sum(claim.result in SUPPORTED for claim in claims)
    note = f"{counted(len(claims), 'claim')}, {supported} of them settled by facts."
    if cut := of.get("ledgerCut"):
        note += f" Of {len(claims) + cut} those are kept that would stop a draft."
    return section("Claims", f'<p class="note">{note}</p>{_table(claims)}')


def _table(claims: Iterable[Claim]) -> str:
    head = "".join(f'<th scope="col">{escape(column) or "no."}</th>' for column in COLUMNS)
    rows = "".join(
        f'<tr id="claim-{claim.number}" class="{_class(claim)}">'
        + "".join(
            f'<td data-label="{escape(column) or "no."}">{escape(cell)}</td>'
            for column, cell in zip(COLUMNS, claim.row, strict=True)
        )
        + "</tr>"
        for claim in claims
    )
    table = f'<table class="claims"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="wide">{table}</div>'


def _made(of: Mapping[str, Any]) -> str:
    agents = [f"{role}: {agent['agent_id']} v{agent['version']}" for role, agent in of["agents"].items()]
    scores = ", ".join(f"{each['criterion'].replace('_', ' ')} {each['score']}" for each in of["scores"])
    facts = [
        f"Score {of['score']:.2f}: {scores}.",
        f"{counted(len(of['attempts']), 'attempt')}; {of['inputTokens']} + {of['outputTokens']} tokens, "
        f"{money(of['costMicros'])}.",
        *agents,
        f"Written {written_from(dict(of))}.",
        *([f"It was {held_against(of['law'])}."] if of.get("law") else []),
    ]
    return section("How it was made", "<ul>" + "".join(f"<li>{escape(fact)}</li>" for fact in facts) + "</ul>")
