"""Whether to write to a customer now, about what, and with which offer; if not, why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from outreach.brands import Brand, Offer
from outreach.contracts import LawReference, Purpose, Skip, SkipReason
from outreach.mail_law.standing import lack_of, law_of
from outreach.preparation import Preparation, PreparedCustomer
from outreach.prepared import HistoryLine
from outreach.services import past_services, service_key

if TYPE_CHECKING:
    from outreach.contacts import Contact

LEAST_SATISFACTION = 4


@dataclass(frozen=True)
class Decision:
    """What to write about: either an offer, or the reason why nothing is written."""

    purpose: Purpose
    offer: Offer | None
    skip: Skip | None


def decide(
    event_type: str, preparation: Preparation, *, brand: Brand, contact: "Contact | None", as_of: datetime
) -> Decision:
    """Go on with an offer or skip; of several reasons to skip the first counts, in the order in which they stand here.

    May we write at all (consent, address, suppression, interval), is the customer satisfied, is there an offer.
    A completed service is an occasion for a referral unless the event wants another purpose.
    """
    wanted = preparation.offer_wanted or {}
    purpose: Purpose = wanted.get("purpose") or "referral"
    past = past_services(preparation.history, as_of=as_of)
    skip = (
        _unconsented(preparation.customer, brand, purpose, past, as_of=as_of)
        or _unreachable(preparation.customer)
        or unwelcome(contact, brand=brand, as_of=as_of)
    )
    if not skip and purpose == "referral":
        skip = _dissatisfied(_judged_by(event_type, preparation, past))
    if skip:
        return Decision(purpose, None, skip)
    today = as_of.astimezone(ZoneInfo(preparation.customer.time_zone)).date()
    if offer_id := wanted.get("offer_id"):
        return _with_wanted_offer(purpose, brand.offer(offer_id), today=today)
    return _with_any_offer(purpose, brand, past, today=today)


def law_for(customer: PreparedCustomer, brand: Brand) -> LawReference:
    """The law that this customer is written to by."""
    return law_of(customer.consent or {}, country=customer.country, unless_stated=brand.consent_unless_stated)


def _unconsented(
    customer: PreparedCustomer, brand: Brand, purpose: Purpose, past: Sequence[HistoryLine], *, as_of: datetime
) -> Skip | None:
    consent = customer.consent or {}
    if consent.get("channel") != "email":
        return _skip("no_consent", "No consent to e-mail is on record.")
    if not consent.get("given_at") or datetime.fromisoformat(consent["given_at"]) > as_of:
        return _skip("no_consent", "The consent to e-mail has no date, or one in the future.")
    lack = lack_of(consent, law_for(customer, brand), purpose=purpose, past=past, as_of=as_of)
    return _skip("consent_not_enough", lack) if lack else None


def _unreachable(customer: PreparedCustomer) -> Skip | None:
    return None if customer.email else _skip("no_email", "No usable e-mail address is on record.")


def unwelcome(contact: "Contact | None", *, brand: Brand, as_of: datetime) -> Skip | None:
    """Why this customer is not to be written to now, whatever the occasion."""
    if contact is None:
        return None
    if contact.suppressed:
        return _skip("suppressed", "The customer is not to be written to.")
    if contact.last_written_at:
        since = as_of - datetime.fromisoformat(contact.last_written_at)
        if since < timedelta(days=brand.interval_days):
            waits = f"this brand waits {brand.interval_days} days between two"
            return _skip("contacted_recently", f"The last message is {max(since.days, 0)} days old; {waits}.")
    return None


def _judged_by(event_type: str, preparation: Preparation, past: Sequence[HistoryLine]) -> float | None:
    """The satisfaction that counts: the completed service's own, or else the latest that is known."""
    if event_type == "service.completed":
        return preparation.trigger["satisfaction"] if preparation.trigger else None
    return next((line["satisfaction"] for line in reversed(past) if line["satisfaction"] is not None), None)


def _dissatisfied(satisfaction: float | None) -> Skip | None:
    if satisfaction is None:
        return _skip("satisfaction_unknown", "A referral is asked for only when the satisfaction is known.")
    if satisfaction < LEAST_SATISFACTION:
        return _skip("satisfaction_too_low", f"A referral is asked for only at {LEAST_SATISFACTION} of 5 or more.")
    return None


def _with_wanted_offer(purpose: Purpose, offer: Offer | None, *, today: date) -> Decision:
    if offer is None or offer.purpose != purpose:
        return Decision(purpose, None, _skip("no_such_offer", f"The brand has no {purpose} offer with the wanted id."))
    if not offer.valid_on(today):
        return Decision(purpose, None, _skip("offer_not_valid", f"The offer {offer.id} is not valid on {today}."))
    return Decision(purpose, offer, None)


def _with_any_offer(purpose: Purpose, brand: Brand, past: Sequence[HistoryLine], *, today: date) -> Decision:
    """The brand's first valid offer; for an upsell rather one whose service the customer never had."""
    valid = brand.offers_for(purpose, on=today)
    if valid:
        bought = {service_key(line["type"]) for line in past if line["type"]}
        new = (offer for offer in valid if offer.service and service_key(offer.service) not in bought)
        return Decision(purpose, next(new, valid[0]), None)
    if any(offer.purpose == purpose for offer in brand.offers):
        return Decision(purpose, None, _skip("offer_not_valid", f"No {purpose} offer is valid on {today}."))
    return Decision(purpose, None, _skip("no_such_offer", f"The brand has no {purpose} offer."))


def _skip(reason: SkipReason, detail: str) -> Skip:
    return {"reason": reason, "detail": detail}
