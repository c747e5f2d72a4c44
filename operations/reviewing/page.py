"""One message on a reviewer's screen: the text, every claim with its source, the facts and what to ask of it."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from operations.terminal import plain

KEYS = "a approve · e edit · r reject · s leave it to others · q stop"
# A result as a mark and a word, so that nobody needs the colour.
_MARKS = {
    "slot": ("✓ fact", "green"),
    "verified": ("✓ verified", "green"),
    "equals": ("✓ verified", "green"),
    "opinion": ("· opinion", "dim"),
    "not_checked": ("? not checked", "yellow"),
    "contradicted": ("✗ contradicted", "bold red"),
    "unsupported": ("✗ no source", "bold red"),
}


def drawn(seen: Mapping[str, Any]) -> RenderableType:
    """The whole page of one item."""
    why = ", ".join(each.replace("_", " ") for each in seen["reasons"])
    return Group(
        Text(
            f"\n{seen['purpose']} · {seen['locale']} · here because: {why} · yours until {seen['until'][11:16]} UTC\n"
        ),
        Panel(Group(plain(seen["subject"], style="bold"), Text(), plain(seen["text"])), title="as it would be sent"),
        _claims(seen),
        _facts(seen),
        _questions(seen),
        Text(KEYS, style="bold"),
    )


def _claims(seen: Mapping[str, Any]) -> Table:
    claims = Table("", "claim", "in the", "says", "source", title="claims", title_justify="left", box=None)
    for each in seen["claims"]:
        mark, style = _MARKS[each["result"]]
        source = each["source"] or "-"
        if each["comparison"] not in (None, "equal"):
            source += f" ({each['comparison']})"
        claims.add_row(
            f"{each['number']}", Text(f"{mark} {each['kind']}", style=style), each["where"].replace("_", " "),
            plain(each["text"]), plain(source),
        )  # fmt: skip
    return claims


def _facts(seen: Mapping[str, Any]) -> Table:
    facts = Table("slot", "value", title="facts", title_justify="left", box=None)
    for slot, value in seen["facts"].items():
        facts.add_row(slot, plain(str(value)))
    for name in ("conditions", "comment"):
        if seen[name]:
            facts.add_row(name, plain(seen[name]))
    return facts


def _questions(seen: Mapping[str, Any]) -> Text:
    return Text("\n".join(f"{each['criterion']}: {each['question']}" for each in seen["rubric"]) + "\n", style="dim")
