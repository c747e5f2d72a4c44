"""A rendered mail held against the duties of its rule set: what it lacks, and the headers that it is sent with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from outreach.brands import Brand
from outreach.contracts import LawReference
from outreach.mail_law.lines import advertisement_line, unsubscribe_line
from outreach.mail_law.rule_sets import rules_for
from outreach.mail_law.rules import DutyName
from outreach.mail_law.subjects import dishonesty_of


@dataclass(frozen=True)
class Mail:
    """A mail as it would be sent, with the link that ends it."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    locale: str
    unsubscribe_link: str


def headers(link: str, *, one_click: bool) -> dict[str, str]:
    """The headers by which a mail program shows “unsubscribe”: RFC 2369, and RFC 8058 where the site answers a POST."""
    found = {"List-Unsubscribe": f"<{link}>"}
    return found | {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if one_click else found


def breaches(mail: Mail, brand: Brand, law: LawReference) -> list[str]:
    """What the mail lacks by the law of its reader's country, each with the duty's name and its source."""
    duties = rules_for(law["country"]).duties_on(law["basis"])
    found = ((duty, _CHECKS[duty.name](mail, brand)) for duty in duties)
    return [f"{duty.name}: {lack} ({duty.source})" for duty, lack in found if lack]


def _identity(mail: Mail, brand: Brand) -> str | None:
    return None if _shown(mail, brand.company.name) else "the company's name isn't in the mail"


def _honest_subject(mail: Mail, _: Brand) -> str | None:
    return dishonesty_of(mail.subject) if mail.subject.strip() else "there is no subject"


def _postal_address(mail: Mail, brand: Brand) -> str | None:
    return None if _shown(mail, brand.company.postal_address) else "the company's postal address isn't in the mail"


def _contact(mail: Mail, brand: Brand) -> str | None:
    ways = (brand.company.phone, brand.company.website, brand.sender.email)
    return None if any(_shown(mail, way) for way in ways) else "no way to reach the company is in the mail"


def _unsubscribe(mail: Mail, _: Brand) -> str | None:
    link = mail.unsubscribe_link
    if not link.startswith("https://"):
        return "the link to unsubscribe is no https link"
    if not _shown(mail, unsubscribe_line(link, locale=mail.locale), anchored=link):
        return "the mail doesn't say how to unsubscribe"
    return None if f"<{link}>" in mail.headers.get("List-Unsubscribe", "") else "the header List-Unsubscribe is missing"


def _advertisement(mail: Mail, brand: Brand) -> str | None:
    line = advertisement_line(brand, locale=mail.locale)
    return None if _shown(mail, line) else "nothing says that the mail is an advertisement"


def _shown(mail: Mail, words: str, *, anchored: str | None = None) -> bool:
    """Whether both forms of the mail say it, a link in it as one that can be followed."""
    html = escape(words)
    if anchored:
        address = escape(anchored)
        html = html.replace(address, f'<a href="{address}">{address}</a>')
    return words in mail.text and html in mail.html


_CHECKS: dict[DutyName, Callable[[Mail, Brand], str | None]] = {
    "identity": _identity,
    "honest_subject": _honest_subject,
    "postal_address": _postal_address,
    "contact": _contact,
    "unsubscribe": _unsubscribe,
    "advertisement": _advertisement,
}
