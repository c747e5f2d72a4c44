"""Dates, in the forms that people write them, compared on the parts that they give."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from outreach.claims.claim import Claim, PartialDate
from outreach.claims.conventions import Convention, convention
from outreach.claims.sheet import Sheet

_LEAP_YEAR = 2000
_YEAR_ALONE = (
    r"(?:since|in|from|until|till|by|of|during|year|spring|summer|fall|autumn|winter|seit|desde|depuis|dal|sinds)"
)


def read_dates(page: str, sheet: Sheet) -> Iterator[Claim]:
    """Every date of which at least two parts are written, and the year after a word of time ("since 2023")."""
    locale = sheet.convention
    for match in _pattern(locale.language).finditer(page):
        start = match.start("since") if match["since"] else match.start()
        yield Claim("date", start, match.end(), _reading(match, locale))


def date_of(fact_value: Any) -> PartialDate | None:
    """The date of a fact, ISO 8601 in at least its year."""
    match = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", str(fact_value))
    return PartialDate(*(int(part) if part else None for part in match.groups())) if match else None


def same_date(written: PartialDate, known: PartialDate) -> bool:
    """Whether the written parts, the weekday too, are those of the known date."""
    pairs = ((written.year, known.year), (written.month, known.month), (written.day, known.day))
    if any(one is not None and other is not None and one != other for one, other in pairs):
        return False
    if written.day is not None and known.day is None:
        return False
    return written.weekday is None or written.weekday == weekday_of(known)


def weekday_of(known: PartialDate) -> int | None:
    """The weekday of a whole date."""
    if known.year is None or known.month is None or known.day is None:
        return None
    return date(known.year, known.month, known.day).weekday()


def says_less(written: PartialDate, known: PartialDate) -> bool:
    """Whether the slot would name a day where the sentence names a month or year ("in October 28, 2026")."""
    return written.day is None and (known.day is not None or (written.month is None and known.month is not None))


@lru_cache(maxsize=16)
def _pattern(language: str) -> re.Pattern[str]:
    words = convention(language)
    month = "|".join(sorted(words.months, key=len, reverse=True))
    weekday = "|".join(sorted(words.weekdays, key=len, reverse=True))
    of, end, st = r"(?:,? (?:of |de |del |den )?)", r"(?!\w|[.,:/]\d)", "(?:st|nd|rd|th)?"
    forms = (
        rf"(?P<iso_year>\d{{4}})(?P<iso>[-/.])(?P<iso_month>\d{{1,2}})(?P=iso)(?P<iso_day>\d{{1,2}})"
        rf"(?:T[\d:.]{{4,15}}Z?)?{end}",
        rf"(?P<first>\d{{1,2}})(?P<by>[/.-])(?P<second>\d{{1,2}})(?P=by)(?P<year>\d{{4}}|\d\d){end}",
        rf"(?P<short_first>\d{{1,2}})(?:/(?P<short_second>\d{{1,2}})|\.(?P<dotted>\d{{1,2}})\.){end}",
        rf"(?P<month>{month})\b\.? (?:the )?(?P<day>\d{{1,2}}){st}(?:{of}(?P<day_year>\d{{4}}))?{end}",
        rf"(?P<before>\d{{1,2}})(?:{st}|er|\.)[ -]?(?:of |de )?(?P<after>{month})\b"
        rf"(?:\.?{of}(?P<after_year>\d{{4}})(?!\d))?",
        rf"(?P<whole>{month})\b\.?{of}(?P<whole_year>\d{{4}}){end}",
        rf"(?P<dashed_year>(?:19|20)\d\d)-(?P<dashed>0[1-9]|1[0-2]){end}",
        rf"{_YEAR_ALONE} (?P<since>(?:19|20)\d\d)(?!-){end}",
    )
    with_weekday = rf"(?:(?P<weekday>{weekday})\b\.?,? (?:the |den )?)?"
    return re.compile(rf"(?<![\w/.,-])(?=\w){with_weekday}(?:{'|'.join(forms)})", re.IGNORECASE)


def _reading(match: re.Match[str], locale: Convention) -> PartialDate | None:
    parts = match.groupdict()
    weekday = locale.weekdays[parts["weekday"].lower()] if parts["weekday"] else None
    name = parts["month"] or parts["after"] or parts["whole"]
    year = _first(parts, "iso_year", "year", "day_year", "after_year", "whole_year", "dashed_year", "since")
    month = locale.months[name.lower()] + 1 if name else _first(parts, "iso_month", "dashed")
    day = _first(parts, "iso_day", "day", "before")
    first, second = _first(parts, "first", "short_first"), _first(parts, "second", "short_second", "dotted")
    if first is not None and second is not None:
        month, day = (first, second) if locale.month_first else (second, first)
        if month > 12:
            month, day = day, month
    if year is not None and year < 100:
        year += 2000
    return _valid(PartialDate(year, month, day, weekday))


def _first(parts: dict[str, str | None], *names: str) -> int | None:
    return next((int(value) for name in names if (value := parts[name])), None)


def _valid(written: PartialDate) -> PartialDate | None:
    try:
        date(written.year or _LEAP_YEAR, written.month or 1, written.day or 1)
    except ValueError:
        return None
    return written
