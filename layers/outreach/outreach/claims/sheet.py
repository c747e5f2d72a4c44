"""The facts that one draft is held against, ready for comparison."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from outreach.claims.conventions import Convention, convention
from outreach.contracts import Fact

_KINDS = {"money": "amount", "text": "name"}


@dataclass(frozen=True)
class Sheet:
    """The known facts, the links that may be written out, and the locale's convention."""

    facts: tuple[Fact, ...]
    links: tuple[str, ...]
    convention: Convention

    @cached_property
    def by_slot(self) -> dict[str, Fact]:
        """The facts by their slot."""
        return {fact["slot"]: fact for fact in self.facts}

    def of_kind(self, kind: str, slots: Iterable[str] | None = None) -> list[Fact]:
        """The facts that a claim of this kind may mean, what the offer says first, then by name of slot."""
        wanted = [fact for fact in self.facts if kind_of(fact) == kind and (slots is None or fact["slot"] in slots)]
        return sorted(wanted, key=lambda fact: (not fact["slot"].startswith("offer."), fact["slot"]))


def sheet_of(facts: Iterable[Fact], links: Sequence[str], locale: str) -> Sheet:
    """The sheet of these facts; one without a value is not known, and its slot no slot."""
    known = tuple(fact for fact in facts if fact["value"] not in (None, ""))
    return Sheet(known, tuple(links), convention(locale))


def kind_of(fact: Fact) -> str:
    """The kind of claim that this fact settles."""
    return _KINDS.get(fact["kind"], fact["kind"])
