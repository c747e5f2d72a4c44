"""A message's text in stretches, each with the claim that stands there, as the terminal and the page mark it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PARTS = ("subject", "body", "call_to_action")
RESULTS = {
    "slot": "a fact, filled in",
    "verified": "equals a fact",
    "opinion": "opinion",
    "not_checked": "not checked",
    "contradicted": "contradicted",
    "unsupported": "unsupported",
}
SUPPORTED = frozenset(("slot", "verified"))
_SLOT = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_PLACES = {
    "/brand/links/": "a link of the brand",
    "/offer/conditions": "the offer's conditions",
    "/comment": "the customer's comment",
}


@dataclass(frozen=True)
class Claim:
    """One claim: its number in the message, what it says, what became of it, and what it was held against."""

    number: int
    kind: str
    result: str
    where: str
    text: str
    source: str
    value: str
    comparison: str

    @property
    def label(self) -> str:
        """What stands beside it in the text: its number, what became of it unless it is supported, its source."""
        told = [] if self.result in SUPPORTED and self.source else [RESULTS.get(self.result, self.result)]
        return f"{self.number} {': '.join([*told, *([self.source] if self.source else [])])}"

    @property
    def row(self) -> tuple[str, ...]:
        """It as the line of a table whose columns are COLUMNS."""
        result = RESULTS.get(self.result, self.result)
        where = self.where.replace("_", " ")
        return (str(self.number), where, self.kind, self.text, result, self.source, self.value, self.comparison)


COLUMNS = ("", "where", "kind", "says", "result", "source", "its value", "compared")


@dataclass(frozen=True)
class Stretch:
    """Some of the text as its reader sees it, and the claim that it makes, if it is one."""

    text: str
    claim: Claim | None = None


def claims_of(message: Mapping[str, Any]) -> list[Claim]:
    """Every claim of a message in the order of its ledger; none if it was stored without one."""
    return [_claim(number, entry, message) for number, entry in enumerate(message.get("ledger", []), start=1)]


def stretches_of(message: Mapping[str, Any]) -> dict[str, list[Stretch]]:
    """The text of each part in stretches; a claim about a part as a whole has none."""
    texts, claims, entries = _texts(message), claims_of(message), message.get("ledger", [])
    marks = [(entry["start"], entry["end"], claim) for entry, claim in zip(entries, claims, strict=True)]
    return {
        part: list(_cut(text, [mark for mark in marks if mark[2].where == part], message["sources"]))
        for part, text in texts.items()
    }


def below(message: Mapping[str, Any]) -> str | None:
    """What stands below the text that the model wrote; None if the text isn't the draft's any more."""
    body = _filled(message["slots"]["body"], message["sources"])
    text: str = message["text"]
    return text.removeprefix(body).lstrip("\n") if text.startswith(body) else None


def _claim(number: int, entry: Mapping[str, Any], message: Mapping[str, Any]) -> Claim:
    pointer, sources = entry["source"] or "", message["sources"]
    return Claim(
        number=number,
        kind=entry["kind"],
        result=entry["result"],
        where=entry["where"],
        text=_filled(entry["text"], sources),
        source=next((name for start, name in _PLACES.items() if pointer.startswith(start)), pointer.rpartition("/")[2]),
        value=sources.get(pointer, ""),
        comparison=entry["comparison"] or "",
    )


def _texts(message: Mapping[str, Any]) -> dict[str, str]:
    slots = message["slots"]
    call = slots["call_to_action"]
    return {"subject": slots["subject"], "body": slots["body"].removesuffix(f"\n\n{call}"), "call_to_action": call}


def _cut(text: str, marks: Sequence[tuple[int, int, Claim]], sources: Mapping[str, str]) -> Iterator[Stretch]:
    position = 0
    for start, end, claim in sorted(marks, key=lambda mark: mark[:2]):
        if start < position or end <= start:
            continue
        if start > position:
            yield Stretch(_filled(text[position:start], sources))
        yield Stretch(_filled(text[start:end], sources), claim)
        position = end
    if position < len(text):
        yield Stretch(_filled(text[position:], sources))


def _filled(text: str, sources: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: sources.get(f"/facts/{slot[1]}", slot[0]), text)
