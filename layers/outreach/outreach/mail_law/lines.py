"""The lines below every mail, which no model writes: what it is, whose it is, how to end it."""

from urllib.parse import quote, urlsplit, urlunsplit

from outreach.brands import Brand
from outreach.mail_law.rules import RuleSet

_ADVERTISEMENT = {
    "de": "Dies ist Werbung von {company}.",
    "en": "This is an advertisement from {company}.",
    "es": "Este mensaje es publicidad de {company}.",
    "fr": "Ce message est une publicité de {company}.",
}
_UNSUBSCRIBE = {
    "de": "Keine E-Mails mehr erhalten: {link}",
    "en": "Unsubscribe at any time: {link}",
    "es": "Darse de baja en cualquier momento: {link}",
    "fr": "Se désabonner à tout moment : {link}",
}


def advertisement_line(brand: Brand, *, locale: str) -> str:
    """What says that the mail is an advertisement, in the reader's language."""
    return _ADVERTISEMENT[_language(locale)].format(company=brand.company.name)


def unsubscribe_line(link: str, *, locale: str) -> str:
    """What says how to end it, in the reader's language."""
    return _UNSUBSCRIBE[_language(locale)].format(link=link)


def unsubscribe_link(brand: Brand, message_id: str) -> str:
    """The brand's link with the message's id, so that one click suffices and nobody has to log in."""
    parts = urlsplit(brand.footer.unsubscribe_link)
    query = "&".join(filter(None, (parts.query, f"message={quote(message_id, safe='')}")))
    return urlunsplit(parts._replace(path=parts.path or "/", query=query))


def legal_lines(brand: Brand, rules: RuleSet, *, basis: str, locale: str, link: str) -> list[str]:
    """The lines that the law of the reader's country wants below a mail on this basis."""
    company, wanted = brand.company, {duty.name for duty in rules.duties_on(basis)}
    return [
        *([advertisement_line(brand, locale=locale)] if "advertisement" in wanted else []),
        brand.footer.text_for(basis=basis, locale=locale),
        f"{company.name}, {company.postal_address}",
        f"{company.phone} · {company.website}",
        unsubscribe_line(link, locale=locale),
    ]


def _language(locale: str) -> str:
    return locale.partition("-")[0]
