"""Dates in the many ways in which CRMs write them, to ISO 8601 in UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from agent_platform.moments import iso
from agent_platform.patterns import lazy_pattern

from outreach.preparation.conventions import Conventions
from outreach.preparation.parts import Part

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
# Clocks differ: as far as a signed webhook may be from ours, and as much again.
SKEW = timedelta(minutes=10)
_MILLISECONDS_FROM = 100_000_000_000

_UNIX = lazy_pattern(r"[0-9]{9,13}(?:\.[0-9]{1,9})?")
_DAY = lazy_pattern(r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{2})([0-9]{2}))")
_NUMBERS = lazy_pattern(
    r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})(?:,? ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?: ?([AP])\.?M\.?)?)?"
)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MAIL = lazy_pattern(
    rf"(?:[A-Z]{{3}},? )?([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}})"
    r"(?: ([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?: ([+-][0-9]{4}|[A-Z]{1,3}))?)?"
)
# RFC 2822, 4.3: the names of zones that may still be met.
_ZONES = {
    "UT": "+0000", "GMT": "+0000", "UTC": "+0000", "Z": "+0000", "EST": "-0500", "EDT": "-0400", "CST": "-0600",
    "CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
}  # fmt: skip


class Reading(NamedTuple):
    """How a date was written, and what it says: a moment, or a whole day."""

    kind: str
    value: datetime | date


def read_moment(part: Part, name: str, conventions: Conventions) -> str | None:
    """The date of this name in UTC; None, and a note, if it is no date, ambiguous, in the future or before 1980."""
    given = part.given(name)
    if given is None:
        return None
    reading = _reading(given, conventions)
    if reading is None:
        part.note(name, "no date, or one that can be read in two ways", "number" if _is_number(given) else "text")
        return None
    moment = _in_utc(reading.value, conventions)
    if moment is None or moment > conventions.as_of or moment < EARLIEST:
        part.note(name, "date in the future or before 1980", reading.kind)
        return None
    if iso(moment) != given:
        part.note(name, "date in another form", reading.kind, "date and time in UTC")
    return iso(moment)


def is_future(part: Part, name: str, conventions: Conventions) -> bool:
    """Whether a date is certainly still to come."""
    given = part.values.get(name)
    reading = _reading(given, conventions) if given is not None else None
    moment = _in_utc(reading.value, conventions) if reading else None
    return moment is not None and moment > conventions.as_of


def _reading(given: Any, conventions: Conventions) -> Reading | None:
    try:
        return _from_unix(float(given), "Unix time") if _is_number(given) else _from_text(given, conventions)
    except (ValueError, OverflowError):
        # A thirteenth month, a thirtieth of February, a year that doesn't exist.
        return None


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float)


def _from_unix(seconds: float, kind: str) -> Reading:
    if seconds >= _MILLISECONDS_FROM:
        seconds /= 1000
    return Reading(kind, datetime.fromtimestamp(seconds, UTC))


def _from_text(given: str, conventions: Conventions) -> Reading | None:
    text = " ".join(given.upper().split())
    if _UNIX.fullmatch(text):
        return _from_unix(float(text), "Unix time as text")
    if day := _DAY.fullmatch(text):
        return Reading("day", date(int(day[1]), int(day[3] or day[5]), int(day[4] or day[6])))
    if numbers := _NUMBERS.fullmatch(text):
        return _from_numbers(numbers, conventions)
    if mail := _MAIL.fullmatch(text):
        return _from_mail(mail)
    with_zone = re.sub(r" ?(?:UTC|GMT)$", "+00:00", text)
    return Reading("ISO 8601", datetime.fromisoformat(re.sub(r" (?=[+-][0-9:]{2,6}$)", "", with_zone)))


def _from_numbers(numbers: re.Match[str], conventions: Conventions) -> Reading | None:
    first, second, year = int(numbers[1]), int(numbers[3]), int(numbers[4])
    # A point separates day and month only where the day comes first.
    month_first = False if numbers[2] == "." else conventions.month_first
    if first > 12 or second > 12 or first == second:
        month_first = second > 12
    if month_first is None:
        return None
    day = date(year, first, second) if month_first else date(year, second, first)
    if numbers[5] is None:
        return Reading("day in numbers", day)
    hour = int(numbers[5])
    if numbers[8]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if numbers[8] == "P" else 0)
    at = time(hour, int(numbers[6]), int(numbers[7] or 0))
    return Reading("day in numbers", datetime.combine(day, at))


def _from_mail(mail: re.Match[str]) -> Reading:
    day = date(int(mail[3]), _MONTHS.index(mail[2]) + 1, int(mail[1]))
    if mail[4] is None:
        return Reading("RFC 2822", day)
    zone = _ZONES.get(mail[5], mail[5]) if mail[5] else ""
    return Reading("RFC 2822", datetime.fromisoformat(f"{day.isoformat()}T{mail[4]}{zone}"))


def _in_utc(value: datetime | date, conventions: Conventions) -> datetime | None:
    """A moment in UTC: without a zone it is the customer's, and a day is its noon, the same day almost anywhere."""
    as_of = conventions.as_of.astimezone(UTC)
    whole_day = not isinstance(value, datetime)
    local = value if isinstance(value, datetime) else datetime.combine(value, time(12))
    try:
        moment = (local if local.tzinfo else local.replace(tzinfo=conventions.zone)).astimezone(UTC)
    except OverflowError:
        # The first or the last year there is, moved out of it by its zone.
        return None
    today = whole_day and value == as_of.astimezone(conventions.zone).date()
    return min(moment, as_of) if today or (moment <= as_of + SKEW and not whole_day) else moment
