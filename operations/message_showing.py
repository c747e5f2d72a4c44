"""A message in the terminal: as it would be sent, each claim marked, and what settled each of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text

from operations.message_marks import COLUMNS, SUPPORTED, Stretch, below, claims_of, stretches_of
from operations.message_words import became, held_against, reason, written_from
from operations.terminal import counted, money, out, plain, table

_STYLES = {
    "slot": "underline",
    "verified": "underline",
    "opinion": "italic",
    "not_checked": "bold yellow",
    "contradicted": "bold red",
    "unsupported": "bold red",
}


def show(of: dict[str, Any]) -> None:
    """One message as it would be sent, with what is known of it."""
    out.print(Text(of["status"], style="bold") + plain(
        f" {of['purpose']} to customer {of['customerId']} of {of['tenant']}, {of['asOf']}"
    ))  # fmt: skip
    if reason(of):
        out.print(plain(reason(of), style="yellow"))
    if became(of):
        out.print(plain(became(of), style="cyan"))
    if "text" not in of:
        return
    out.print(Text("\nTo:      ", style="dim") + plain(of["recipient"] or "-"))
    out.print(Text("Subject: ", style="dim") + _subject(of) + "\n")
    out.print(_text(of))
    _print_claims(of)
    agents = " · ".join(f"{role} {agent['agent_id']} v{agent['version']}" for role, agent in of["agents"].items())
    scores = ", ".join(f"{each['criterion']} {each['score']}" for each in of["scores"])
    took = f"{of['inputTokens']} + {of['outputTokens']} tokens, {money(of['costMicros'])}"
    tries = counted(len(of["attempts"]), "attempt")
    out.print(plain(f"\nscore {of['score']:.2f} ({scores}) · {tries} · {agents} · {took}", style="dim"))
    out.print(plain(written_from(of), style="dim"))
    if law := of.get("law"):
        out.print(plain(held_against(law), style="dim"))


def _subject(of: Mapping[str, Any]) -> Text:
    return marked(stretches_of(of)["subject"]) if "ledger" in of else plain(of["subject"], style="bold")


def _text(of: Mapping[str, Any]) -> Text:
    """The text with its claims marked, and what stands below it; as it is where no ledger tells of it."""
    footer = below(of) if "ledger" in of else None
    if footer is None:
        return plain(of["text"])
    parts = stretches_of(of)
    return Text("\n\n").join([marked(parts["body"]), marked(parts["call_to_action"]), plain(footer, style="dim")])


def marked(stretches: Iterable[Stretch]) -> Text:
    """Stretches as one text, each claim with what settled it; a supported one is underlined, the others stand out."""
    text = Text()
    for stretch in stretches:
        claim = stretch.claim
        text.append_text(plain(stretch.text, style=_STYLES.get(claim.result, "bold red") if claim else ""))
        if claim:
            text.append_text(plain(f" [{claim.label}]", style="dim"))
    return text


def _print_claims(of: Mapping[str, Any]) -> None:
    claims = claims_of(of)
    if not claims:
        return
    out.print()
    rows = [
        [plain(cell, style="" if claim.result in SUPPORTED else _STYLES.get(claim.result, "")) for cell in claim.row]
        for claim in claims
    ]
    supported = sum(claim.result in SUPPORTED for claim in claims)
    cut = f"; {of['ledgerCut']} more aren't kept" if of.get("ledgerCut") else ""
    table(f"{counted(len(claims), 'claim')}, {supported} settled by facts{cut}", COLUMNS, rows)
