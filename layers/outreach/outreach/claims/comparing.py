"""Whether a claim is a fact."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from outreach.claims.claim import Amount, Claim, PartialDate, Settled
from outreach.claims.currencies import minor_units
from outreach.claims.dates import date_of, same_date, says_less
from outreach.claims.folding import fold
from outreach.claims.links import normal_link
from outreach.claims.phones import dialled, same_phone
from outreach.claims.sheet import Sheet
from outreach.contracts import Fact

# Whoever signs as "Priya" or "GreenEdge" is Priya Shah of GreenEdge Lawn Care.
_SHORTENED = frozenset(("sender.name", "company.name"))


def settle(claim: Claim, sheet: Sheet) -> Settled:
    """What became of a claim; of several facts with the very same value the first one counts (`Sheet.of_kind`)."""
    known = sheet.of_kind(claim.kind, claim.slots)
    equal = [fact for fact in known if agrees(claim, fact)]
    if equal:
        if any(fact["value"] != equal[0]["value"] for fact in equal):
            return Settled(claim, "unsupported")
        return Settled(claim, "equals", equal[0]["slot"], replaced=_replaceable(claim, equal[0]))
    if claim.kind == "link" and claim.reading in [normal_link(link) for link in sheet.links]:
        return Settled(claim, "equals")
    if known and claim.reading is not None:
        return Settled(claim, "contradicted", known[0]["slot"])
    return Settled(claim, "unsupported")


def agrees(claim: Claim, fact: Fact) -> bool:
    """Whether the claim says what the fact says; they are of one kind."""
    match claim.reading:
        case None:
            return False
        case Amount(value, currencies):
            money = fact["value"]
            return money["currency"] in currencies and minor_units(value, money["currency"]) == money["minor"]
        case PartialDate() as written:
            known = date_of(fact["value"])
            return known is not None and same_date(written, known)
        case Decimal() as value:
            return value == _decimal(fact["value"])
        case str() as text:
            return _same_text(text, claim, fact)


def folded_words(value: object) -> list[str]:
    """The words of a name as they are compared."""
    return fold(str(value)).text.casefold().split()


def _same_text(text: str, claim: Claim, fact: Fact) -> bool:
    value = str(fact["value"])
    if claim.kind == "link":
        return text == normal_link(fold(value).text)
    if claim.kind == "phone":
        return same_phone(text, dialled(value))
    words, known = folded_words(text), folded_words(value)
    return words == known or (claim.slots is not None and fact["slot"] in _SHORTENED and _begins(known, words))


def _begins(known: Sequence[str], words: Sequence[str]) -> bool:
    return bool(words) and list(known[: len(words)]) == list(words)


def _replaceable(claim: Claim, fact: Fact) -> bool:
    if not isinstance(claim.reading, PartialDate):
        return True
    known = date_of(fact["value"])
    return known is not None and not says_less(claim.reading, known)


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
