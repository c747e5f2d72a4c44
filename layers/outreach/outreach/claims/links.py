"""Links, with or without their scheme, and e-mail addresses."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Claim
from outreach.claims.sheet import Sheet
from outreach.claims.vocabulary import words

_REST = rf"[^\s<>\"{MASK}]"
_EMAIL = lazy_pattern(r"(?<![\w.+-])[\w.+-]++@(?:[\w-]{1,63}\.){0,8}[\w-]{1,63}")
_LINK = lazy_pattern(
    rf"(?<!\w)(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{{1,15}}:)?[/\\]{{2}}{_REST}+"
    rf"|(?<!\w)(?i:javascript|data|vbscript|mailto|tel|sms|file):{_REST}+"
    rf"|(?<![\w@.-])(?:[\w-]{{1,63}}\.)+(?P<domain>[^\W\d_]{{2,24}})(?!\w"
    rf"|[\w.+-]{{0,64}}@)(?::\d{{1,5}})?(?P<path>[/?#\\]{_REST}*)?"
)
# A capital after the full stop is a forgotten space ("done.Thanks"), unless mail programs would make a link of it.
_DOMAINS = words(
    """
    com net org info biz example io co us uk de es fr it nl eu ca au ch at me ly app dev shop store site online link
    page
    """
)
_CLOSING = ".,;:!?)]}'*_"


def read_emails(page: str, _sheet: Sheet) -> Iterator[Claim]:
    """Every e-mail address."""
    for match in _EMAIL.finditer(page):
        yield Claim("email", match.start(), match.end(), match[0].casefold())


def read_links(page: str, _sheet: Sheet) -> Iterator[Claim]:
    """Every link, the sentence's punctuation left outside."""
    for match in _LINK.finditer(page):
        domain = match["domain"]
        if domain and not match["path"] and not domain.islower() and domain.casefold() not in _DOMAINS:
            continue
        literal = match[0].rstrip(_CLOSING)
        yield Claim("link", match.start(), match.start() + len(literal), normal_link(literal))


def normal_link(link: str) -> str | None:
    """The link in the one form that is compared, or None if it is none: `www.` is another host, http is https."""
    absolute = link if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", link) and "://" in link else f"https://{link.lstrip('/')}"
    try:
        parts = urlsplit(absolute)
    except ValueError:
        return None
    scheme = "https" if parts.scheme == "http" else parts.scheme
    host = parts.netloc.casefold().removesuffix(":443").removesuffix(":80")
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{scheme}://{host}{unquote(parts.path).rstrip('/')}{query}{fragment}"
