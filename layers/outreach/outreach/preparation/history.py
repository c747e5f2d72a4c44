"""The service history: each line mended, those that are one service merged, whatever order they came in."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from outreach.contracts import Money
from outreach.preparation.conventions import Conventions
from outreach.preparation.dates import is_future, read_moment
from outreach.preparation.money import read_price
from outreach.preparation.names import read_name
from outreach.preparation.parts import Part
from outreach.preparation.satisfaction import read_satisfaction
from outreach.prepared import HistoryLine

type Line = dict[str, Any]
FIELDS = ("id", "date", "type", "price", "crew", "satisfaction", "comment")
# How the id of a line begins that the CRM gave none, and of one with a day, or noon, for a date.
MADE_ID, MADE_OF_DAY = "line-", "line-day-"
# No run of digits, which redaction might take for somebody's number.
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
# Longer than any place is ahead of another.
_ANY_ZONE = timedelta(days=2)


class Service(NamedTuple):
    """A line before its id is certain, and whether the event is about it.

    The fields are HistoryLine's, and `stated`: the date as it is written, whenever and in whatever zone it is read.
    """

    line: Line
    is_trigger: bool = False


def read_line(part: Part, conventions: Conventions) -> Line | None:
    """One service; None, and a note, if nothing is known of it."""
    price: Money | None = read_price(part, conventions)
    date = read_moment(part, "date", conventions)
    line = {
        "id": part.text("id"),
        "date": date,
        "stated": date and _stated(part, conventions),
        "type": part.text("type"),
        "price": price,
        "crew": read_name(part, "crew", digits=True),
        "satisfaction": read_satisfaction(part),
        "comment": part.text("comment"),
    }
    if all(line[field] is None for field in FIELDS[1:]):
        part.note("", "service of which nothing is known", "service")
        return None
    return line


def _stated(part: Part, conventions: Conventions) -> str | None:
    # On the day itself a day without a time reads as no later than now, and later as noon.
    later = replace(conventions, zone=ZoneInfo("UTC"), as_of=conventions.as_of + _ANY_ZONE)
    return read_moment(Part(part.values, part.pointer, []), "date", later)


def read_history(part: Part, conventions: Conventions) -> list[Service]:
    """The lines of the history; what is still to come isn't history."""
    services = []
    for each in part.lines("service_history"):
        if is_future(each, "date", conventions):
            each.note("", "service in the future", "service")
        elif line := read_line(each, conventions):
            services.append(Service(line))
    return services


def merge(services: Sequence[Service]) -> tuple[list[HistoryLine], HistoryLine | None]:
    """Each service once, oldest first, those without a date before all others; and the one that the event is about.

    Lines are one service if they have the same id, or the same date, type and price, or say the same in all. Without an
    id they are as well if the date and the type are known and the same, and neither has a price.
    """
    while len(fewer := [_one(group) for group in _groups(services)]) < len(services):
        # What was merged knows more than its parts did, so it may turn out to be the same as another.
        services = fewer
    history = [(_history_line(service.line), service.is_trigger) for service in services]
    history.sort(key=lambda each: (each[0]["date"] or "", each[0]["id"]))
    return [line for line, _ in history], next((line for line, is_trigger in history if is_trigger), None)


def _groups(services: Sequence[Service]) -> list[list[Service]]:
    groups: dict[int, list[Service]] = {}
    group_of: dict[str, int] = {}
    for number, service in enumerate(services):
        groups[number] = [service]
        for other in {group_of[key] for key in _keys(service.line) if key in group_of}:
            groups[number] += groups.pop(other)
        for member in groups[number]:
            group_of.update(dict.fromkeys(_keys(member.line), number))
    return list(groups.values())


def _keys(line: Line) -> Iterator[str]:
    """What a line is recognised by."""
    yield "id " + (line["id"] or _made_id(line))
    if line["date"] and line["type"] and line["price"]:
        yield _canonical([line["date"], line["type"].casefold(), line["price"]])


def _one(group: list[Service]) -> Service:
    """What a group knows together; where it differs, the event's own line is believed, then the one that knows most."""

    def by_belief(service: Service) -> tuple[bool, int, str]:
        known = sum(service.line[field] is not None for field in FIELDS)
        return not service.is_trigger, -known, _canonical(service.line)

    lines = [service.line for service in sorted(group, key=by_belief)]
    line = {
        field: next((each[field] for each in lines if each[field] is not None), None) for field in (*FIELDS, "stated")
    }
    return Service(line, any(service.is_trigger for service in group))


def _history_line(line: Line) -> HistoryLine:
    return {
        "id": line["id"] or _made_id(line),
        "date": line["date"],
        "type": line["type"],
        "price": line["price"],
        "crew": line["crew"],
        "satisfaction": line["satisfaction"],
        "comment": line["comment"],
    }


def _made_id(line: Line) -> str:
    """An id that the same line has in every run and event, also where its rating or comment came later."""
    if line["stated"] and line["type"]:
        beginning = MADE_OF_DAY if line["stated"].endswith("T12:00:00Z") else MADE_ID
        known: Any = [line["stated"], line["type"].casefold(), line["price"]]
    else:
        beginning, known = MADE_ID, {field: line[field] for field in FIELDS[1:]}
    return beginning + hashlib.sha256(_canonical(known).encode()).hexdigest()[:12].translate(_LETTERS)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
