"""From what events say to what is the case: in any order, as often as they come, and with what was taken back."""

from typing import Any

import pytest
from agent_platform.features.entries import Entry
from hypothesis import given
from hypothesis import strategies as st
from outreach.features.folding import State, state_of

USD = "USD"


def said(**known: Any) -> dict[str, Any]:
    return {"date": None, "type": None, "price": None, "satisfaction": None} | known


def mow(day: int = 1, **known: Any) -> dict[str, Any]:
    price = {"minor": 4500, "currency": USD}
    return said(date=f"2026-05-{day:02}T14:00:00Z", type="weekly mow", price=price) | known


def entry(hour: int, *, event: str = "", direct: tuple[str, ...] = (), **content: Any) -> Entry:
    at = f"2026-06-01T{hour:02}:00:00Z"
    return Entry(event or f"e{hour}", at, at, content | {"direct": list(direct)})


def services(*entries: Entry) -> dict[str, dict[str, Any]]:
    return {service["id"]: {**service} for service in state_of(entries).services}


def test_nothing_said_is_nothing_known() -> None:
    assert state_of([]) == State([], None, {}, {}, {}, {}, None)


def test_services_are_in_the_order_of_their_days() -> None:
    history = {"b": mow(2), "c": mow(1), "a": said(type="weekly mow")}
    assert [service["id"] for service in state_of([entry(1, services=history)]).services] == ["a", "c", "b"]


def test_a_later_event_is_believed_about_what_histories_repeat() -> None:
    first, second = entry(1, services={"a": mow(satisfaction=2)}), entry(2, services={"a": mow(satisfaction=4)})
    assert services(first, second)["a"]["satisfaction"] == 4


def test_of_two_events_of_one_time_the_larger_digest_is_believed() -> None:
    one, other = (entry(1, event=name, services={"a": mow(satisfaction=each)}) for name, each in (("x", 1), ("y", 5)))
    assert services(one, other) == services(other, one)
    assert services(one, other)["a"]["satisfaction"] == 5


def test_an_event_about_a_service_outranks_what_later_ones_repeat_of_it() -> None:
    own = entry(1, services={"a": mow(satisfaction=5)}, direct=("a",))
    repeated = entry(9, services={"a": mow(2, satisfaction=1)})
    assert services(own, repeated) == services(own)


def test_a_rating_that_comes_later_fills_what_the_service_left_open() -> None:
    own = entry(1, services={"a": mow()}, direct=("a",))
    assert services(own, entry(2, services={"a": mow(satisfaction=4)}))["a"]["satisfaction"] == 4


def test_what_a_correction_leaves_open_is_not_filled_by_what_was_said_before() -> None:
    completed = entry(1, services={"a": mow(satisfaction=5)}, direct=("a",))
    corrected = entry(2, services={"a": mow()}, direct=("a",))
    assert services(completed, corrected)["a"]["satisfaction"] is None


def test_a_correction_moves_a_service_and_leaves_the_others() -> None:
    before = entry(1, services={"a": mow(1), "b": mow(2)}, direct=("b",))
    corrected = entry(2, services={"b": mow(8, type="fall aeration")}, direct=("b",))
    after = services(before, corrected)
    assert after["a"]["date"] == "2026-05-01T14:00:00Z"
    assert (after["b"]["date"], after["b"]["type"]) == ("2026-05-08T14:00:00Z", "fall aeration")


def test_a_voided_service_stays_away_whoever_repeats_it_and_whenever_it_was_told() -> None:
    voided = entry(2, services={"a": None}, direct=("a",))
    told = [entry(1, services={"a": mow()}, direct=("a",)), entry(3, services={"a": mow(), "b": mow(2)})]
    assert list(services(*told, voided)) == ["b"]
    assert services(voided) == {}


def test_a_service_that_is_told_of_by_its_own_event_after_it_was_voided_is_back() -> None:
    voided = entry(1, services={"a": None}, direct=("a",))
    assert list(services(voided, entry(2, services={"a": mow()}, direct=("a",)))) == ["a"]


def test_services_of_one_time_type_and_price_are_one_with_the_rating_of_either() -> None:
    once = services(entry(1, services={"line-1": mow()}), entry(2, services={"job-1": mow(satisfaction=4)}))
    assert list(once) == ["job-1"]
    assert once["job-1"]["satisfaction"] == 4


TWIN = "line-abc"


@pytest.mark.parametrize("price", [{"minor": 4500, "currency": USD}, None])
@pytest.mark.parametrize("hour", [1, 9])
def test_a_service_takes_its_twin_without_an_id_along(hour: int, price: Any) -> None:
    own = entry(2, services={"a": mow(price=price)}, direct=("a",))
    twin = entry(hour, services={TWIN: mow(price=price, satisfaction=4), "b": mow(2)})
    corrected = entry(3, services={"a": mow(3)}, direct=("a",), corrects=True)
    voided = entry(4, services={"a": None}, direct=("a",))

    assert set(services(own, twin)) == {"a", "b"}
    assert services(own, twin, corrected)["a"]["date"] == "2026-05-03T14:00:00Z"
    assert set(services(own, twin, corrected)) == {"a", "b"}
    assert set(services(own, twin, corrected, voided)) == {"b"}


@pytest.mark.parametrize(("twin", "told", "there"), [
    ("line-day-abc", "09:00:01", {"a"}),
    ("line-day-abc", "12:00:01", {"a", "line-day-abc"}),
    ("line-abc", "09:00:01", {"a", "line-abc"}),
])  # fmt: skip
def test_a_day_is_also_the_moment_at_which_it_was_told_before_its_noon(twin: str, told: str, there: set[str]) -> None:
    own = entry(1, services={"a": mow(date=f"2026-05-01T{told}Z")}, direct=("a",))
    assert set(services(own, entry(2, services={twin: mow(date="2026-05-01T12:00:00Z")}))) == there


def test_of_a_service_that_was_entered_twice_the_other_stays_when_one_is_voided() -> None:
    twice = [entry(1, services={"a": mow()}, direct=("a",)), entry(2, services={"b": mow()}, direct=("b",))]
    twin, voided = entry(3, services={TWIN: mow()}), entry(4, services={"b": None}, direct=("b",))

    assert set(services(*twice, twin)) == {"a"}
    assert set(services(*twice, twin, voided)) == {"a"}


def test_a_line_without_an_id_is_rather_of_what_is_like_it_now_than_of_what_was() -> None:
    moved = [entry(1, services={"a": mow(1)}), entry(2, services={"a": mow(2)})]
    here = entry(3, services={"b": mow(1)})

    assert services(*moved, here, entry(4, services={TWIN: mow(1)})) == services(*moved, here)


@pytest.mark.parametrize("events", ["xyz", "zyx", "yzx"])
def test_within_a_second_voided_outranks_corrected_and_that_completed(events: str) -> None:
    told = (
        {"services": {"a": mow(1)}},
        {"services": {"a": mow(2)}, "corrects": True},
        {"services": {"a": None}},
    )
    completed, corrected, voided = (
        entry(1, event=event, direct=("a",), **each) for event, each in zip(events, told, strict=True)
    )

    assert services(completed, corrected)["a"]["date"] == "2026-05-02T14:00:00Z"
    assert services(completed, corrected, voided) == services(completed, voided) == {}


@pytest.mark.parametrize("different", [mow(2), mow(type="leaf removal"), mow(price={"minor": 4500, "currency": "CAD"})])
def test_services_that_differ_in_any_of_them_are_two(different: dict[str, Any]) -> None:
    assert len(services(entry(1, services={"a": mow(), "b": different}))) == 2


def test_services_of_which_that_is_not_known_are_two() -> None:
    assert len(services(entry(1, services={"a": said(), "b": said()}))) == 2


def test_the_home_is_as_last_stated_field_by_field() -> None:
    first = entry(1, home={"type": "house", "lot_size": 2, "lot_size_unit": "acre"})
    state = state_of([entry(2, home={"features": ["pool"], "lot_size": 900}), first])
    assert state.home == {"type": "house", "lot_size": 900, "features": ["pool"]}
    assert state.home_at["type"] < state.home_at["lot_size"]


def test_what_of_the_home_became_empty_holds_no_more_until_it_is_stated_again() -> None:
    first = entry(1, home={"type": "house", "features": ["pool"], "lot_size": 2, "lot_size_unit": "acre"})
    emptied = entry(2, emptied=["features", "lot_size"])

    assert state_of([emptied, first]).home == {"type": "house"}
    assert set(state_of([emptied, first]).home_at) == {"type"}
    assert state_of([entry(3, home={"features": ["pond"]}), emptied, first]).home["features"] == ["pond"]


def test_a_response_counts_once_from_its_earliest_time() -> None:
    late = entry(2, responses={"m": {"opened": "2026-06-01T08:00:00Z"}})
    early = entry(3, responses={"m": {"opened": "2026-06-01T07:00:00Z", "clicked": "2026-06-01T09:00:00Z"}})
    state = state_of([late, early])
    assert state.responses == {"m": {"opened": "2026-06-01T07:00:00Z", "clicked": "2026-06-01T09:00:00Z"}}
    assert (state.services_at, state.responses_at) == (None, "2026-06-01T03:00:00Z")


ids = st.sampled_from(["a", "b", "c"])
tellings = st.builds(
    mow,
    st.integers(1, 4),
    type=st.sampled_from(["weekly mow", "Weekly  Mow", "leaf removal", None]),
    satisfaction=st.none() | st.integers(1, 5),
)
contents = st.fixed_dictionaries(
    {"services": st.dictionaries(ids, st.none() | tellings, max_size=3)},
    optional={
        "home": st.dictionaries(st.sampled_from(["type", "lot_size", "lot_size_unit"]), st.integers(1, 3)),
        "responses": st.dictionaries(ids, st.dictionaries(st.sampled_from(["sent", "opened"]), st.sampled_from("12"))),
    },
)
said_by_events = st.lists(
    st.builds(
        lambda hour, event, direct, content: entry(hour, event=event, direct=tuple(direct), **content),
        st.integers(1, 5),
        st.uuids().map(str),
        st.sets(ids),
        contents,
    ),
    max_size=8,
)


@given(said_by_events, st.randoms())
def test_the_order_and_the_number_of_tellings_do_not_matter(entries: list[Entry], random: Any) -> None:
    again = [*entries, *random.sample(entries, len(entries) // 2)]
    assert state_of(random.sample(again, len(again))) == state_of(entries)


def turn(each: Entry) -> tuple[str, bool, str]:
    """An event that voids its service comes last within its second."""
    told = each.content["services"]
    return each.event_time, any(one in told and told[one] is None for one in each.content["direct"]), each.event


@given(said_by_events)
def test_a_service_is_there_only_if_what_is_believed_of_it_says_so(entries: list[Entry]) -> None:
    ranked = [
        (service_id in each.content["direct"], turn(each), service_id, telling)
        for each in entries
        for service_id, telling in each.content["services"].items()
    ]
    believed = {service_id: max((*each[:2], each[3] is not None) for each in ranked if each[2] == service_id)[2]
                for service_id in {each[2] for each in ranked}}  # fmt: skip
    found = {service["id"] for service in state_of(entries).services}
    # One may stand for another that is the same service; it is never one that isn't there.
    assert found <= {service_id for service_id, there in believed.items() if there}
    assert bool(found) == any(believed.values())
