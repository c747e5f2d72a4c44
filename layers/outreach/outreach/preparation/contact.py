"""How the customer is reached, and with whose consent: e-mail, phone, consent."""

import re
from typing import Any

from agent_platform.patterns import lazy_pattern

from outreach.preparation.conventions import Conventions
from outreach.preparation.dates import read_moment
from outreach.preparation.parts import Part

_LOCAL_PART = lazy_pattern(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = lazy_pattern(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})")
_PHONE = lazy_pattern(
    r"(?:tel:)?\s*(\+?)([0-9\s().\-/]+?)(?:\s*(?:,|;|x|ext\.?|extension)[^0-9]*[0-9]{1,6})?", re.IGNORECASE
)
# As CRMs call the bases of a consent. What is none of these is UNKNOWN, and enough nowhere: the words stay behind, as
# the basis travels in the document.
_BASES = {
    "express": "express", "explicit": "express", "opt-in": "express", "opt in": "express", "double opt-in": "express",
    "soft opt-in": "soft_opt_in", "soft opt in": "soft_opt_in", "existing customer": "existing_customer",
    "existing business relationship": "existing_customer", "implied": "existing_customer",
    "inquiry": "inquiry", "enquiry": "inquiry",
}  # fmt: skip
UNKNOWN = "unknown"
_CHANNELS = {"e-mail": "email", "e mail": "email", "mail": "email", "text": "sms", "call": "phone"}


def read_email(part: Part) -> str | None:
    """An address that any mail server takes: one @, a plain local part, a domain in ASCII; else None, and a note."""
    given = part.given("email")
    if given is None:
        return None
    local, at, domain = given.strip().partition("@")
    name = _ascii_domain(domain)
    if not at or len(local) > 64 or not _LOCAL_PART.fullmatch(local) or not _DOMAIN.fullmatch(name):
        part.note("email", "no e-mail address", "text")
        return None
    if f"{local}@{name}" != given:
        part.note("email", "stray blanks, or a domain not in lower-case ASCII", "e-mail", "tidy e-mail")
    return f"{local}@{name}"


def _ascii_domain(domain: str) -> str:
    try:
        return domain.lower() if domain.isascii() else domain.encode("idna").decode().lower()
    except UnicodeError:
        return ""


def read_phone(part: Part) -> str | None:
    """The digits of a phone number, with its leading plus; no country is assumed."""
    given = part.text("phone")
    if given is None:
        return None
    found = _PHONE.fullmatch(given)
    digits = re.sub(r"[^0-9]", "", found[2]) if found else ""
    if not found or not 7 <= len(digits) <= 15:
        part.note("phone", "no phone number", "text")
        return None
    if found[1] + digits != given:
        part.note("phone", "phone number with separators or an extension", "phone", "digits")
    return found[1] + digits


def read_consent(part: Part, conventions: Conventions) -> dict[str, Any] | None:
    """The consent, if it names a channel and isn't dated in the future."""
    consent = part.within("consent")
    written = consent.text("channel")
    if written is None:
        return None
    channel = _CHANNELS.get(written.lower(), written.lower())
    if channel != written:
        consent.note("channel", "channel in another spelling", "text", "channel")
    given_at = read_moment(consent, "given_at", conventions)
    if given_at is None and consent.values.get("given_at"):
        consent.note("", "consent with an impossible date", "consent")
        return None
    return {"channel": channel, "given_at": given_at, "source": consent.text("source"), "basis": _basis(consent)}


def _basis(consent: Part) -> str | None:
    written = consent.text("basis")
    if written is None:
        return None
    basis = _BASES.get(written.lower().replace("_", " "), UNKNOWN)
    if basis != written:
        consent.note("basis", "basis in another spelling", "text", "basis")
    return basis
