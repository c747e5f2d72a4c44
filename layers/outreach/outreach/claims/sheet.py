"""The facts that one draft is held against, ready for comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NotRequired, TypedDict, Unpack

from outreach.claims.conventions import Convention, convention
from outreach.contracts import Fact, FeatureValue

_KINDS = {"money": "amount", "text": "name"}


class Evidence(TypedDict):
    """What a draft is held against: the facts, and what else is known.

    `links` may stand in a draft as they are, each as a whole: a prefix vouches for nothing that follows it.
    `conditions` are the offer's in the brand's words, `services` the brand's catalogue, `as_of` the customer's day;
    `comment` is what the customer wrote, None if nothing, and absent where nobody knows.
    """

    facts: Sequence[Fact]
    locale: str
    links: NotRequired[Sequence[str]]
    features: NotRequired[Mapping[str, FeatureValue]]
    conditions: NotRequired[str | None]
    services: NotRequired[Sequence[str]]
    as_of: NotRequired[date | None]
    comment: NotRequired[str | None]


@dataclass(frozen=True)
class Sheet:
    """The evidence, with the locale's convention in the place of its name."""

    facts: tuple[Fact, ...]
    links: tuple[str, ...]
    convention: Convention
    features: Mapping[str, FeatureValue] = field(default_factory=dict)
    conditions: str | None = None
    services: tuple[str, ...] = ()
    as_of: date | None = None
    # Empty where the customer wrote nothing, None where nobody knows.
    comment: str | None = None

    @cached_property
    def by_slot(self) -> dict[str, Fact]:
        """The facts by their slot."""
        return {fact["slot"]: fact for fact in self.facts}

    @cached_property
    def _by_kind(self) -> dict[str, list[Fact]]:
        ordered: dict[str, list[Fact]] = {}
        for fact in sorted(self.facts, key=_precedence):
            ordered.setdefault(kind_of(fact), []).append(fact)
        return ordered

    def feature(self, name: str) -> Any:
        """The value of one of the customer's features, None where it isn't known."""
        known = self.features.get(name)
        return known["value"] if known else None

    def of_kind(self, kind: str, slots: frozenset[str] | None = None) -> list[Fact]:
        """The facts that a claim of this kind may mean, the offer's first, then the sender's, then by name of slot."""
        known = self._by_kind.get(kind, [])
        return known if slots is None else [fact for fact in known if fact["slot"] in slots]


def sheet_of(**evidence: Unpack[Evidence]) -> Sheet:
    """The sheet of what is known; a fact without a value is not known, and its slot no slot."""
    known = tuple(fact for fact in evidence["facts"] if fact["value"] not in (None, ""))
    return Sheet(
        facts=known,
        links=tuple(evidence.get("links", ())),
        convention=convention(evidence["locale"]),
        features=evidence.get("features", {}),
        conditions=evidence.get("conditions"),
        services=tuple(evidence.get("services", ())),
        as_of=evidence.get("as_of"),
        comment=(evidence["comment"] or "") if "comment" in evidence else None,
    )


def _precedence(fact: Fact) -> tuple[int, str]:
    owner = fact["slot"].partition(".")[0]
    return {"offer": 0, "sender": 1}.get(owner, 2), fact["slot"]


def kind_of(fact: Fact) -> str:
    """The kind of claim that this fact settles."""
    return _KINDS.get(fact["kind"], fact["kind"])
