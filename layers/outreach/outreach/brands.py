"""A tenant's brand: who writes, how, and which offers may be made; parsed once and then trusted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agent_platform.errors import ConfigurationError

from outreach.brand_contradictions import problems_of
from outreach.contracts import Money, Purpose
from outreach.mail_law.rules import Basis
from outreach.mail_law.standing import UNLESS_STATED


@dataclass(frozen=True)
class Company:
    """Who the message is from, as the law and the reader want to know it."""

    name: str
    phone: str
    website: str
    postal_address: str


@dataclass(frozen=True)
class Sender:
    """The person who signs."""

    name: str
    title: str
    email: str


@dataclass(frozen=True)
class Voice:
    """How the brand sounds, in a sentence and by example."""

    tone: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """What may be offered: `amount` is what the customer gets (referral) or pays (upsell), `percent` is 15 for 15 %."""

    id: str
    purpose: Purpose
    name: str
    amount: Money | None
    friend_amount: Money | None
    percent: float | None
    link: str
    valid_from: date | None
    valid_until: date | None
    service: str | None
    conditions: str | None

    def valid_on(self, day: date) -> bool:
        """Whether it may be made on a day; its first and its last day count."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)


@dataclass(frozen=True)
class Limits:
    """How long a message may be: characters of the subject, least and most words of the body."""

    subject_characters: int
    body_words: tuple[int, int]


@dataclass(frozen=True)
class Footer:
    """What stands below every message; `one_click`: a POST to the link unsubscribes, as RFC 8058 wants it."""

    text: str
    unsubscribe_link: str
    one_click: bool
    # What stands there instead of the text for a basis of consent and a locale; None: for any.
    variants: Mapping[tuple[str | None, str | None], str]

    def text_for(self, *, basis: str, locale: str) -> str:
        """The text for whoever is written to on this basis in this locale, the most special one that there is."""
        cases = ((basis, locale), (None, locale), (basis, None))
        return next((self.variants[case] for case in cases if case in self.variants), self.text)


@dataclass(frozen=True)
class Brand:
    """All that a tenant decides about its messages; the fields are those of `brands/brand.schema.json`."""

    company: Company
    sender: Sender
    voice: Voice
    never_say: tuple[str, ...]
    services: tuple[str, ...]
    offers: tuple[Offer, ...]
    links: tuple[str, ...]
    interval_days: int
    default_locale: str
    locales: tuple[str, ...]
    limits: Limits
    footer: Footer
    # The months (1-12) in which a service is in season; a service without an entry has none.
    seasons: Mapping[str, tuple[int, ...]]
    # What a consent is that states no basis.
    consent_unless_stated: Basis
    # The slots that each message of a purpose must have, where the customer's fact is known.
    required: Mapping[str, tuple[str, ...]]

    def offer(self, offer_id: str) -> Offer | None:
        """The offer with this id, valid or not."""
        return next((offer for offer in self.offers if offer.id == offer_id), None)

    def offers_for(self, purpose: Purpose, *, on: date) -> tuple[Offer, ...]:
        """The offers of a purpose that may be made on a day, in the brand's order."""
        return tuple(offer for offer in self.offers if offer.purpose == purpose and offer.valid_on(on))


def parse_brand(document: bytes) -> Brand:
    """The brand in a brand file; ConfigurationError lists every problem by its JSON pointer."""
    try:
        content = json.loads(document)
    except ValueError as error:
        raise ConfigurationError("brand file: not JSON") from error
    if problems := problems_of(content):
        listed = "; ".join(f"{pointer or '/'}: {problem}" for pointer, problem in problems)
        raise ConfigurationError(f"brand file: {listed}")
    return _brand(content)


def _brand(content: Mapping[str, Any]) -> Brand:
    least_words, most_words = content["limits"]["body_words"]
    return Brand(
        company=Company(**content["company"]),
        sender=Sender(**content["sender"]),
        voice=Voice(content["voice"]["tone"], tuple(content["voice"]["examples"])),
        never_say=tuple(content["never_say"]),
        services=tuple(content["services"]),
        offers=tuple(map(_offer, content["offers"])),
        links=tuple(content["links"]),
        interval_days=content["interval_days"],
        default_locale=content["default_locale"],
        locales=tuple(content["locales"]),
        limits=Limits(content["limits"]["subject_characters"], (least_words, most_words)),
        footer=_footer(content["footer"]),
        seasons={service: tuple(months) for service, months in (content.get("seasons") or {}).items()},
        consent_unless_stated=(content.get("consent") or {}).get("unless_stated", UNLESS_STATED),
        required={purpose: tuple(slots or ()) for purpose, slots in (content.get("required") or {}).items()},
    )


def _footer(content: Mapping[str, Any]) -> Footer:
    return Footer(
        text=content["text"],
        unsubscribe_link=content["unsubscribe_link"],
        one_click=content.get("one_click") or False,
        variants={(each.get("basis"), each.get("locale")): each["text"] for each in content.get("variants") or []},
    )


def _offer(content: Mapping[str, Any]) -> Offer:
    return Offer(
        id=content["id"],
        purpose=content["purpose"],
        name=content["name"],
        amount=content.get("amount"),
        friend_amount=content.get("friend_amount"),
        percent=content.get("percent"),
        link=content["link"],
        valid_from=_day(content.get("valid_from")),
        valid_until=_day(content.get("valid_until")),
        service=content.get("service"),
        conditions=content.get("conditions"),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
