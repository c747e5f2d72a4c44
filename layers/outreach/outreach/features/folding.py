"""From what many events say of a customer to what is the case: a function of the set of entries, in no order.

The later event is believed, in believing.py's sense where services are concerned; of one second one that voids a
service, then one that corrects one, then the larger digest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent_platform.features.entries import Entry

from outreach.features.believing import Statement, joined, rated_at, services_of
from outreach.features.responses import Responses
from outreach.prepared import PastService


@dataclass(frozen=True)
class State:
    """A customer's services, oldest first; their home by field; what they did with each message; each with its time.

    The time is that of the latest event that says anything of it; `rated_at` that of the first that told the rating of
    a service without a date, by its id.
    """

    services: Sequence[PastService]
    services_at: str | None
    rated_at: Mapping[str, str]
    home: Mapping[str, Any]
    home_at: Mapping[str, str]
    responses: Responses
    responses_at: str | None


def state_of(entries: Iterable[Entry]) -> State:
    """What is the case after these entries."""
    ordered = sorted(entries, key=_order)
    home, home_at = _home(ordered)
    by_service = joined(_statements(ordered))
    services = services_of(by_service)
    return State(
        services=services,
        services_at=_latest(ordered, "services"),
        rated_at=rated_at(services, by_service),
        home=home,
        home_at=home_at,
        responses=_responses(ordered),
        responses_at=_latest(ordered, "responses"),
    )


def _order(entry: Entry) -> tuple[str, int, str]:
    services = entry.content.get("services", {})
    voids = any(service in services and services[service] is None for service in entry.content.get("direct", ()))
    return entry.event_time, 2 if voids else int(entry.content.get("corrects", False)), entry.event


def _latest(ordered: Sequence[Entry], part: str) -> str | None:
    return next((entry.event_time for entry in reversed(ordered) if entry.content.get(part)), None)


def _statements(ordered: Sequence[Entry]) -> dict[str, list[Statement]]:
    statements: dict[str, list[Statement]] = defaultdict(list)
    for entry in ordered:
        direct = set(entry.content.get("direct", ()))
        for service, said in entry.content.get("services", {}).items():
            statements[service].append(Statement(service in direct, _order(entry), said))
    return statements


def _home(ordered: Sequence[Entry]) -> tuple[dict[str, Any], dict[str, str]]:
    home: dict[str, Any] = {}
    at: dict[str, str] = {}
    for entry in ordered:
        stated, gone = entry.content.get("home", {}), set(entry.content.get("emptied", ()))
        if "lot_size" in stated or "lot_size" in gone:
            # A size without its unit is not in the unit of an earlier one.
            gone.add("lot_size_unit")
        home = {field: value for field, value in home.items() if field not in gone} | stated
        at |= dict.fromkeys(stated, entry.event_time)
    return home, {field: at[field] for field in home}


def _responses(ordered: Sequence[Entry]) -> dict[str, dict[str, str]]:
    earliest: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in ordered:
        for message, kinds in entry.content.get("responses", {}).items():
            for kind, at in kinds.items():
                earliest[message][kind] = min(at, earliest[message].get(kind, at))
    return dict(earliest)
