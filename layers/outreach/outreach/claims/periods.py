"""Periods that are named from today: yesterday, last week, last spring, this year."""

import re
from datetime import date, timedelta

from agent_platform.patterns import lazy_pattern

_SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMES = f"week|weekend|month|year|{'|'.join(_SEASONS)}|{'|'.join(_WEEKDAYS)}"
NAMED_PERIOD = lazy_pattern(
    rf"\b(?:(?P<past>yesterday|last (?P<last>{_NAMES}))|(?P<today>today|this morning|this afternoon)"
    rf"|(?:earlier )?this (?P<this>week|month|year|{'|'.join(_SEASONS)}))\b(?!')"
)


def period(match: re.Match[str], as_of: date) -> tuple[date, date]:
    """The first and the last day of a named period; "last spring" is the one before today."""
    said = match["last"] or match["this"] or ""
    if match["today"]:
        return as_of, as_of
    if not said:
        yesterday = as_of - timedelta(days=1)
        return yesterday, yesterday
    if said in _SEASONS:
        return _season(said, as_of, last=bool(match["last"]))
    if said in _WEEKDAYS:
        day = as_of - timedelta(days=as_of.weekday() + 7 - _WEEKDAYS.index(said))
        return day, day
    return _before(said, as_of) if match["last"] else (_first_of(said, as_of), as_of)


def _season(name: str, as_of: date, *, last: bool) -> tuple[date, date]:
    """Whole months, as they are in the north of the earth."""
    begins = date(as_of.year, _SEASONS[name], 1)
    if begins > as_of:
        begins = begins.replace(year=as_of.year - 1)
    ends = _months_on(begins, 3) - timedelta(days=1)
    # In November "last fall" may be the one before.
    return (begins.replace(year=begins.year - 1) if last and as_of <= ends else begins), min(ends, as_of)


def _before(unit: str, as_of: date) -> tuple[date, date]:
    if unit == "weekend":
        sunday = as_of - timedelta(days=as_of.weekday() + 1)
        return sunday - timedelta(days=1), sunday
    ends = _first_of(unit, as_of) - timedelta(days=1)
    return _first_of(unit, ends), ends


def _first_of(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
