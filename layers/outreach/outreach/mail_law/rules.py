"""What a rule set is made of: the grounds on which one may write, and the duties of each mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from outreach.contracts import Purpose

# express: asked and agreed. soft_opt_in: a customer who could refuse when the address was taken, and didn't.
# existing_customer: bought, and was never asked. inquiry: asked for an offer, and bought nothing yet.
Basis = Literal["express", "soft_opt_in", "existing_customer", "inquiry"]
DutyName = Literal["identity", "honest_subject", "postal_address", "contact", "unsubscribe", "advertisement"]


@dataclass(frozen=True)
class Ground:
    """A basis that suffices: for which purposes, and for how many days from when (None: until it is withdrawn)."""

    basis: Basis
    purposes: frozenset[Purpose]
    source: str
    days: int | None = None
    counted_from: Literal["consent", "last_service"] = "consent"


@dataclass(frozen=True)
class Duty:
    """What each mail must have, unless it rests on one of these bases."""

    name: DutyName
    source: str
    unless: frozenset[Basis] = frozenset()


@dataclass(frozen=True)
class RuleSet:
    """The law of some countries (ISO 3166); `proof` is the source by which the sender has to prove the consent."""

    name: str
    title: str
    countries: frozenset[str]
    grounds: tuple[Ground, ...]
    duties: tuple[Duty, ...]
    proof: str | None

    def ground(self, basis: str) -> Ground | None:
        """The ground of this basis; None if it doesn't suffice here."""
        return next((ground for ground in self.grounds if ground.basis == basis), None)

    def duties_on(self, basis: str) -> list[Duty]:
        """What a mail on this basis must have."""
        return [duty for duty in self.duties if basis not in duty.unless]


def strictest_of(sets: Sequence[RuleSet], *, name: str, title: str) -> RuleSet:
    """The rule set that keeps all of these: only what suffices everywhere, and every duty that there is anywhere."""
    bases = [ground.basis for ground in sets[0].grounds if all(each.ground(ground.basis) for each in sets)]
    duties = sorted((duty for each in sets for duty in each.duties), key=lambda duty: duty.name)
    return RuleSet(
        name=name,
        title=title,
        countries=frozenset(),
        grounds=tuple(_narrowest([g for each in sets for g in each.grounds if g.basis == basis]) for basis in bases),
        duties=tuple(_widest(list(same)) for _, same in groupby(duties, key=lambda duty: duty.name)),
        proof=_joined([each.proof for each in sets if each.proof]) or None,
    )


def _narrowest(grounds: Sequence[Ground]) -> Ground:
    shortest = min(grounds, key=lambda ground: (ground.days is None, ground.days))
    return Ground(
        basis=shortest.basis,
        purposes=frozenset.intersection(*(ground.purposes for ground in grounds)),
        source=_joined([ground.source for ground in grounds]),
        days=shortest.days,
        counted_from=shortest.counted_from,
    )


def _widest(duties: Sequence[Duty]) -> Duty:
    unless = frozenset.intersection(*(duty.unless for duty in duties))
    return Duty(duties[0].name, _joined([duty.source for duty in duties]), unless)


def _joined(sources: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(sources))
