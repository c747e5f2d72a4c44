"""Whatever an event repeats of a customer's history, with ids and without: it is counted once, and not brought back."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from agent_platform.features.entries import Entry
from agent_platform.moments import iso
from agent_platform.references import EventReference
from hypothesis import given
from hypothesis import strategies as st
from outreach.features.customer import compute
from outreach.features.entries import told_by

from tests.builders import Event, customer, customer_updated, service, service_completed, service_voided
from tests.unit.outreach.preparing import BRAND

# In the morning of a day of which some services are: where the customer lives it isn't noon yet.
BEGIN = datetime(2026, 5, 12, 13, tzinfo=UTC)
DAY = timedelta(days=1)
SAID_LATER = ("satisfaction", "comment", "crew")

type Service = dict[str, Any]

# Days, days of today, and moments; a service is told apart by day and type, as a CRM without ids does.
days = st.sampled_from(["2026-04-01", "2026-04-01T09:00:00Z", "2026-05-12", "2026-05-11T12:30:00Z", "4/28/2026 08:00"])
services = st.builds(
    lambda date, kind, price, rating: service(date=date, type=kind, price=price, satisfaction=rating),
    days, st.sampled_from(["weekly mow", "leaf removal"]), st.sampled_from([45, 80.5, None]),
    st.sampled_from([None, 1, 5]),
)  # fmt: skip
histories = st.lists(services, max_size=5, unique_by=lambda each: (each["date"], each["type"])).map(
    lambda each: [line | {"id": f"job-{number}"} for number, line in enumerate(each)]
)


def entries(*events: Event, begin: datetime = BEGIN) -> list[Entry]:
    """What these events say, one hour after the other."""
    told = []
    for number, event in enumerate(events):
        at = begin + timedelta(hours=number)
        reference = EventReference("greenedge", "crm", f"msg-{iso(at)}", event["type"])
        told.append(told_by(reference, event | {"timestamp": iso(at)}, brand=BRAND, received_at=at)[1])
    return told


def known(told: Sequence[Entry]) -> dict[str, tuple[Any, str | None]]:
    """The values, whenever they are from."""
    return {name: (each.value, each.reason) for name, each in compute(told).items()}


def without_ids(history: Sequence[Service]) -> list[Service]:
    return [line | {"id": None} for line in history]


def completed(history: Sequence[Service]) -> list[Entry]:
    told = (service_completed(service=line, customer=customer(property=None)) for line in history)
    return entries(*told)


def update(history: Sequence[Service]) -> Event:
    return customer_updated(customer=customer(*history, property=None))


@given(histories, st.booleans(), st.data())
def test_repeating_a_history_changes_nothing_but_how_fresh_it_is(
    history: list[Service], by_id: bool, data: st.DataObject
) -> None:
    first = entries(update(history if by_id else without_ids(history)))
    ways = [history, without_ids(history)] if by_id else [without_ids(history)]
    repeated = data.draw(st.lists(st.sampled_from(ways).flatmap(st.permutations), max_size=3))
    again = entries(*map(update, repeated), begin=BEGIN + timedelta(days=40))

    assert known([*first, *again]) == known(first)


@given(histories.filter(bool), st.booleans())
def test_repeating_the_services_of_events_changes_nothing_but_how_fresh_they_are(
    history: list[Service], by_id: bool
) -> None:
    own = completed(history)
    again = entries(update(history if by_id else without_ids(history)), begin=BEGIN + 2 * DAY)

    assert known([*own, *again]) == known(own)


@given(histories.filter(bool), st.lists(st.booleans(), max_size=3), st.randoms())
def test_what_its_own_event_voided_is_never_brought_back_by_a_history(
    history: list[Service], by_id: list[bool], random: Any
) -> None:
    gone, *others = history
    own = completed(history)
    voided = entries(service_voided(service={"id": gone["id"]}), begin=BEGIN + 2 * DAY)
    repeated = entries(*(update(history if each else without_ids(history)) for each in by_id), begin=BEGIN + 3 * DAY)
    told = [*own, *voided, *repeated]

    assert known(random.sample(told, len(told))) == known([*entries_of(others, own), *voided])


def entries_of(services: Sequence[Service], own: Sequence[Entry]) -> list[Entry]:
    kept = {line["id"] for line in services}
    return [each for each in own if set(each.content["direct"]) <= kept]


@given(histories, st.data())
def test_a_rating_that_comes_later_makes_no_second_service(history: list[Service], data: st.DataObject) -> None:
    unrated = without_ids([line | dict.fromkeys(SAID_LATER) for line in history])
    told = entries(update(unrated), update(data.draw(st.permutations(without_ids(history)))))

    assert known(told) == known(told[1:])
