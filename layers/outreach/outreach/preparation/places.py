"""Where the customer lives, and what follows from it: address, country, locale, time zone."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent_platform.patterns import lazy_pattern

from outreach.preparation.countries import country_code
from outreach.preparation.parts import Part, tidy

_ADDRESS_FIELDS = ("line1", "line2", "city", "region", "postal_code", "country")
_LOCALE = lazy_pattern(r"([A-Za-z]{2,3})(?:[-_][A-Za-z]{4})?(?:[-_]([A-Za-z]{2}))?(?:[.@].*)?")


def read_address(part: Part) -> dict[str, str] | None:
    """The lines of the postal address that are there, its country by ISO 3166 code where that is known."""
    written = part.values.get("address")
    if isinstance(written, str):
        line = part.text("address")
        return {"line1": line} if line else None
    place = part.within("address")
    lines = {field: place.text(field) for field in _ADDRESS_FIELDS}
    if lines["country"]:
        lines["country"] = country_code(lines["country"]) or lines["country"]
    return {field: line for field, line in lines.items() if line} or None


def read_country(part: Part) -> str | None:
    """The ISO 3166 code of the address's country; None, and a note, if it isn't known."""
    place = part.within("address")
    written = place.values.get("country")
    code = country_code(written) if isinstance(written, str) else None
    if isinstance(written, str) and tidy(written) and code is None:
        place.note("country", "unknown country", "text")
    elif code and code != written:
        place.note("country", "country in another spelling", "text", "ISO 3166 code")
    return code


def read_language_and_region(part: Part) -> tuple[str | None, str | None]:
    """What the customer's locale says, whether or not the brand writes in it."""
    found = _LOCALE.fullmatch(tidy(part.values.get("locale") or ""))
    return (found[1].lower(), found[2].upper() if found[2] else None) if found else (None, None)


def read_locale(part: Part, *, supported: tuple[str, ...], default: str) -> str:
    """The brand's locale nearest to the customer's: itself, else the same language, else the brand's default."""
    if part.given("locale") is None:
        return default
    language, region = read_language_and_region(part)
    wanted = "-".join(filter(None, (language, region)))
    same_language = [locale for locale in (default, *supported) if locale.partition("-")[0] == language]
    locale = wanted if wanted in supported else next(iter(same_language), default)
    if locale != part.values["locale"]:
        what = "locale in another spelling" if locale == wanted else "locale that the brand doesn't write in"
        part.note("locale", what, "text", "locale of the brand")
    return locale


def read_time_zone(part: Part) -> str:
    """The IANA time zone; UTC, and a note, if it is unknown."""
    written = part.text("time_zone")
    if written is None:
        return "UTC"
    if is_time_zone(written):
        return written
    part.note("time_zone", "unknown time zone", "text", "UTC")
    return "UTC"


def is_time_zone(name: str) -> bool:
    """Whether the time zone database has it."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*", name):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # The database is a folder of files: some names in it are folders or no zones.
        return False
    return True
