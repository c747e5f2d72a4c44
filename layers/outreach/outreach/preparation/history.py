"""The service history: each line mended, those that are one service merged, whatever order they came in."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from outreach.contracts import HistoryLine, Money
from outreach.preparation.conventions import Conventions
from outreach.preparation.dates import is_future, read_moment
from outreach.preparation.money import read_price
from outreach.preparation.names import read_name
from outreach.preparation.parts import Part
from outreach.preparation.satisfaction import read_satisfaction

type Line = dict[str, Any]
FIELDS = ("id", "date", "type", "price", "crew", "satisfaction", "comment")


class Service(NamedTuple):
    """A line before its id is certain (the fields are HistoryLine's), and whether the event is about it."""

    line: Line
    is_trigger: bool = False


def read_line(part: Part, conventions: Conventions) -> Line | None:
    """One service; None, and a note, if nothing is known of it."""
    price: Money | None = read_price(part, conventions)
    line = {
        "id": part.text("id"),
        "date": read_moment(part, "date", conventions),
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

    Lines are one service if they have the same id, or the same date, type and price, or say the same in all.
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
        known = sum(value is not None for value in service.line.values())
        return not service.is_trigger, -known, _canonical(service.line)

    lines = [service.line for service in sorted(group, key=by_belief)]
    line = {field: next((each[field] for each in lines if each[field] is not None), None) for field in FIELDS}
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
    """An id that the same line has in every run."""
    return "line-" + hashlib.sha256(_canonical({**line, "id": None}).encode()).hexdigest()[:12]


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
