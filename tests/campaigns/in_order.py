"""A customer's features as a clerk would keep them, who is told everything once and in the order in which it happened.

Written apart from the fold that it is compared with: it goes from one event to the next and never looks back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import count, pairwise
from typing import Any

from agent_platform.features.entries import Entry

from tests.campaigns.slips import Slip, Told, services_in

# In days; what isn't named holds for ever.
HOLDS = {
    "satisfaction_average": 730, "satisfaction_trend": 365, "cadence_days": 730, "property_type": 1095,
    "lot_size": 1095, "lot_size_unit": 1095, "property_features": 1095, "responses": 730, "response_rate": 730,
}  # fmt: skip
KINDS = ("sent", "opened", "clicked", "booked", "referred", "unsubscribed", "complained")

type Read = dict[str, dict[str, Any]]


class Clerk:
    """The book of one customer."""

    def __init__(self) -> None:
        self._slips: dict[str, list[Slip]] = defaultdict(list)
        self._home: dict[str, Any] = {}
        self._messages: dict[str, dict[str, str]] = defaultdict(dict)
        self._at: dict[str, str] = {}
        self._position = count()

    def hear(self, entry: Entry) -> None:
        """Write down what an event says."""
        content = entry.content
        # Of two lines of one event about one service, the one with the CRM's number is believed, as the later one.
        for number, told in sorted(
            content.get("services", {}).items(), key=lambda each: not each[0].startswith("line-")
        ):
            own = number in content.get("direct", ())
            self._slips[number].append(Slip(next(self._position), own, told, entry.event_time))
        if content.get("services"):
            self._at["services"] = entry.event_time
        for field in content.get("emptied", ()):
            for gone in ("lot_size", "lot_size_unit") if field == "lot_size" else (field,):
                self._home.pop(gone, None)
        for field, stated in content.get("home", {}).items():
            if field == "lot_size" and "lot_size_unit" not in content["home"]:
                self._home.pop("lot_size_unit", None)
            self._home[field], self._at[field] = stated, entry.event_time
        for message, kinds in content.get("responses", {}).items():
            for kind, at in kinds.items():
                self._messages[message][kind] = min(at, self._messages[message].get(kind, at))
            self._at["responses"] = entry.event_time

    def tells(self, *, as_of: datetime, catalogue: Iterable[str], seasons: Mapping[str, Iterable[int]]) -> Read:
        """All features at a moment, none of them older than it holds."""
        found: dict[str, tuple[Any, str | None]] = {}
        made_of = self._made_of()
        for name, (value, reason, part) in self._stored().items():
            at = made_of.get(name, self._at.get(part))
            old = name in HOLDS and at and as_of - datetime.fromisoformat(at) > timedelta(days=HOLDS[name])
            found[name] = (None, "stale") if value is not None and old else (value, reason)
        found |= _at_a_moment(found, as_of, catalogue, seasons)
        return {name: {"value": value, "reason": reason} for name, (value, reason) in found.items()}

    def _stored(self) -> dict[str, tuple[Any, str | None, str]]:
        visits = services_in(self._slips)
        home = {"property_type": "type", "property_features": "features"}
        of_services = {**_of_visits(visits), **_of_ratings(visits), **_of_prices(visits), **_of_types(visits)}
        of_home = {name: home.get(name, name) for name in ("property_type", "lot_size", "lot_size_unit",
                                                           "property_features")}  # fmt: skip
        return {
            **{name: (*each, "services") for name, each in of_services.items()},
            **{name: (*self._stated(field), field) for name, field in of_home.items()},
            **{name: (*each, "responses") for name, each in self._of_messages().items()},
        }

    def _made_of(self) -> dict[str, str]:
        """When that was what is made of services and grows old, but no later than the clerk was last told of any."""
        visits = services_in(self._slips)
        rated = [told for told in visits if told["satisfaction"] is not None]
        days = {
            "cadence_days": [told["date"] for told in visits if told["date"]],
            "satisfaction_trend": [told["date"] for told in rated if told["date"]],
            "satisfaction_average": [told["date"] or told["first"] for told in rated],
        }
        return {name: min(max(of), self._at["services"]) for name, of in days.items() if of}

    def _stated(self, field: str) -> tuple[Any, str | None]:
        if field not in self._home:
            return None, "not_stated"
        return (self._home[field], None) if self._home[field] is not None else (None, "personal_data")

    def _of_messages(self) -> dict[str, tuple[Any, str | None]]:
        if not self._messages:
            return {"responses": (None, "never_written_to"), "response_rate": (None, "never_written_to")}
        times = {kind: sum(kind in done for done in self._messages.values()) for kind in KINDS[1:]}
        answered = [done for done in self._messages.values() if {"clicked", "booked", "referred"} & set(done)]
        return {
            "responses": ({"sent": len(self._messages)} | {kind: n for kind, n in times.items() if n}, None),
            "response_rate": (round(len(answered) / len(self._messages), 3), None),
        }


def _of_visits(visits: list[Told]) -> dict[str, tuple[Any, str | None]]:
    days = sorted({date.fromisoformat(told["date"][:10]) for told in visits if told["date"]})
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    middle = len(gaps) // 2
    return {
        "service_count": (len(visits), None) if visits else (None, "no_history"),
        "last_service_day": (str(days[-1]), None) if days else _unknown(visits, "no_dated_service"),
        "cadence_days": (gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) / 2, None)
        if gaps else _unknown(visits, "one_service_day_only" if days else "no_dated_service"),
    }  # fmt: skip


def _of_ratings(visits: list[Told]) -> dict[str, tuple[Any, str | None]]:
    ratings = [told["satisfaction"] for told in visits if told["satisfaction"] is not None]
    dated = [told["satisfaction"] for told in visits if told["satisfaction"] is not None and told["date"]]
    mean = (_mean(ratings), None) if ratings else _unknown(visits, "no_rated_service")
    if len(dated) > 1:
        return {"satisfaction_average": mean, "satisfaction_trend": (round(dated[-1] - _mean(dated[:-1], 12), 2), None)}
    reason = "one_rated_service" if dated else "no_rated_service"
    return {"satisfaction_average": mean, "satisfaction_trend": _unknown(visits, reason)}


def _mean(numbers: list[float], digits: int = 2) -> float:
    return round(float(sum(map(Fraction, numbers)) / len(numbers)), digits)


def _of_prices(visits: list[Told]) -> dict[str, tuple[Any, str | None]]:
    paid: Counter[str] = Counter()
    for told in visits:
        if told["price"]:
            paid[told["price"]["currency"]] += told["price"]["minor"]
    return {"lifetime_value": (dict(paid), None) if paid else _unknown(visits, "no_priced_service")}


def _of_types(visits: list[Told]) -> dict[str, tuple[Any, str | None]]:
    named = [told["type"] for told in visits if told["type"]]
    if not named:
        return {"service_shares": _unknown(visits, "no_service_with_type")}
    shares = {}
    for spelled in {name.lower() for name in named}:
        alike = [name for name in named if name.lower() == spelled]
        shares[min(alike)] = round(len(alike) / len(named), 3)
    return {"service_shares": (shares, None)}


def _unknown(visits: list[Told], reason: str) -> tuple[None, str]:
    return None, reason if visits else "no_history"


def _at_a_moment(
    found: dict[str, tuple[Any, str | None]],
    as_of: datetime,
    catalogue: Iterable[str],
    seasons: Mapping[str, Iterable[int]],
) -> dict[str, tuple[Any, str | None]]:
    today = as_of.astimezone(UTC).date()
    (last, no_day), (usual, no_usual), (shares, no_shares) = (
        found[name] for name in ("last_service_day", "cadence_days", "service_shares")
    )
    since = None if last is None else (today - date.fromisoformat(last)).days
    had = {name.lower() for name in shares or ()}
    overdue = (None, no_usual or no_day) if usual is None or since is None else (round(since / usual, 2), None)
    return {
        "days_since_last_service": (since, no_day),
        "overdue_factor": overdue,
        "services_never_bought": (None, no_shares) if shares is None
        else ([each for each in catalogue if each.lower() not in had], None),
        "months_to_season": ({each: min((month - today.month) % 12 for month in months)
                              for each, months in seasons.items()}, None),
    }  # fmt: skip


def _turn(entry: Entry) -> tuple[str, bool, bool, str]:
    content = entry.content
    takes_back = any(content["services"][number] is None for number in content.get("direct", ()))
    return entry.event_time, takes_back, "corrects" in content, entry.event


def told_in_order(entries: Iterable[Entry]) -> Clerk:
    """The clerk who was told these events, each once, in order.

    By their time; within a second what takes a service back comes last, a correction before it; then by digest.
    """
    clerk, heard = Clerk(), set()
    for entry in sorted(entries, key=_turn):
        if entry.event not in heard:
            heard.add(entry.event)
            clerk.hear(entry)
    return clerk
