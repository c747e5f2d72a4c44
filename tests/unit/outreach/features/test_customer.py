"""Features: numbers where the history knows them, and reasons where it doesn't."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outreach.contracts import HistoryLine
from outreach.features.customer import derive, stored_values
from outreach.features.folding import State
from outreach.features.home import impersonal_home
from outreach.services import past_services

AS_OF = datetime(2026, 6, 1, 15, 30, tzinfo=UTC)
CATALOGUE = ("weekly mow", "fall aeration", "leaf removal")


def line(**known: Any) -> HistoryLine:
    blank: HistoryLine = {
        "id": "s1",
        "date": None,
        "type": None,
        "price": None,
        "crew": None,
        "satisfaction": None,
        "comment": None,
    }
    return blank | known  # type: ignore[return-value]


def features(
    *history: HistoryLine, home: dict[str, Any] | None = None, names: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    """Every feature of a customer with this past, this home, and these responses to messages."""
    stated = impersonal_home(home or {}, names=names)
    state = State(
        services=past_services(history, as_of=AS_OF),
        services_at="2026-06-01T00:00:00Z",
        home=stated,
        home_at=dict.fromkeys(stated, "2026-06-01T00:00:00Z"),
        responses=more.pop("responses", {}),
        responses_at="2026-06-01T00:00:00Z",
    )
    stored = stored_values(state)
    values = stored | derive(stored, AS_OF, **({"services": CATALOGUE} | more))
    return {name: {"value": each.value, "reason": each.reason} for name, each in values.items()}


def value(name: str, *history: HistoryLine) -> Any:
    return features(*history)[name]["value"]


def reason(name: str, *history: HistoryLine) -> Any:
    return features(*history)[name]["reason"]


def rated(day: str, satisfaction: float | None) -> HistoryLine:
    return line(id=day, date=f"{day}T09:00:00Z", satisfaction=satisfaction)


def test_without_history_everything_about_it_is_unknown_for_that_reason() -> None:
    computed = features()

    others = dict.fromkeys(("property_type", "lot_size", "lot_size_unit", "property_features"), "not_stated")
    others |= dict.fromkeys(("responses", "response_rate"), "never_written_to") | {
        "months_to_season": "no_season_stated"
    }
    assert {name: each["reason"] for name, each in computed.items()} == {
        name: others.get(name, "no_history") for name in computed
    }
    assert all(each["value"] is None for each in computed.values())


def test_satisfaction_is_the_mean_of_the_ratings_alone() -> None:
    assert value("satisfaction_average", rated("2026-01-01", 4), rated("2026-02-01", 5), line(id="unrated")) == 4.5
    assert reason("satisfaction_average", line()) == "no_rated_service"


def test_the_trend_compares_the_last_rating_with_those_before() -> None:
    falling = [rated("2026-01-01", 5), rated("2026-02-01", 4), rated("2026-03-01", 2), rated("2026-04-01", None)]

    assert value("satisfaction_trend", *falling) == -2.5
    assert reason("satisfaction_trend", rated("2026-01-01", 5)) == "one_rated_service"
    assert reason("satisfaction_trend", rated("2026-01-01", None)) == "no_rated_service"


def test_a_rating_without_a_date_counts_for_the_mean_and_not_for_the_trend() -> None:
    history = [rated("2026-01-01", 5), line(id="undated", satisfaction=1)]

    assert value("satisfaction_average", *history) == 3
    assert reason("satisfaction_trend", *history) == "one_rated_service"


def test_days_since_the_last_service_and_cadence_are_in_whole_days() -> None:
    history = [rated("2026-05-01", None), rated("2026-05-08", None), rated("2026-05-18", None)]

    assert value("days_since_last_service", *history) == 14
    assert value("cadence_days", *history) == 8.5
    assert value("overdue_factor", *history) == 1.65


def test_two_services_of_one_day_are_one_visit() -> None:
    same_day = [rated("2026-05-01", 4), line(id="second", date="2026-05-01T15:00:00Z")]

    assert reason("cadence_days", *same_day) == "one_service_day_only"
    assert reason("overdue_factor", *same_day) == "one_service_day_only"
    assert reason("cadence_days", line()) == reason("days_since_last_service", line()) == "no_dated_service"


def test_a_service_of_today_was_zero_days_ago() -> None:
    assert features(line(date="2026-06-01T15:30:00Z"))["days_since_last_service"] == {"value": 0, "reason": None}


def test_a_booking_in_the_future_is_no_history() -> None:
    booked = line(date="2026-06-01T15:30:01Z", type="weekly mow", satisfaction=5)

    assert features(booked) == features()


def test_lifetime_value_adds_minor_units_of_each_currency_apart() -> None:
    paid = [
        line(id="1", price={"minor": 4999, "currency": "USD"}),
        line(id="2", price={"minor": 1, "currency": "USD"}),
        line(id="3", price={"minor": 700, "currency": "CAD"}),
        line(id="4"),
    ]

    assert value("lifetime_value", *paid) == {"CAD": 700, "USD": 5000}
    assert reason("lifetime_value", line()) == "no_priced_service"


def test_services_never_bought_keep_the_order_of_the_catalogue() -> None:
    assert value("services_never_bought", line(type=" Fall  AERATION ")) == ["weekly mow", "leaf removal"]
    assert value("services_never_bought", *(line(id=name, type=name) for name in CATALOGUE)) == []
    assert reason("services_never_bought", line()) == "no_service_with_type"


def test_the_home_is_told_as_it_was_stated() -> None:
    home = {"type": "detached house", "lot_size": 0.25, "lot_size_unit": "acre", "features": []}

    computed = features(home=home)

    assert computed["property_type"] == {"value": "detached house", "reason": None}
    assert computed["lot_size"]["value"] == 0.25
    assert computed["property_features"] == {"value": None, "reason": "not_stated"}


def test_what_names_a_place_or_a_person_is_left_out_of_the_home() -> None:
    computed = features(home={"type": "call 555-010-0199", "features": ["pool", "key with jo@example.com"]})

    assert computed["property_type"] == {"value": None, "reason": "personal_data"}
    assert computed["property_features"] == {"value": ["pool"], "reason": None}
    assert features(home={"features": ["jo@example.com"]})["property_features"]["reason"] == "personal_data"


def test_no_name_and_no_code_becomes_a_feature():
    home = {"features": ["Karen Whitlock's rose garden", "gate code 4821", "pool"]}
    computed = features(home=home, names=("Karen Whitlock",))
    assert computed["property_features"] == {"value": ["pool"], "reason": None}


days = st.dates(date(2020, 1, 1), date(2026, 6, 1))
lines = st.builds(
    line,
    date=st.none() | days.map(lambda day: f"{day}T12:00:00Z"),
    type=st.none() | st.sampled_from([*CATALOGUE, "roofing"]),
    price=st.none()
    | st.fixed_dictionaries({"minor": st.integers(0, 10**6), "currency": st.sampled_from(["USD", "EUR"])}),
    satisfaction=st.none() | st.sampled_from([1, 2.5, 3, 4.2, 5]),
)
histories = st.lists(lines, max_size=12).map(
    lambda each: [made | {"id": str(number)} for number, made in enumerate(each)]
)


@given(histories, st.randoms())
def test_the_order_of_the_history_does_not_matter(history: list[HistoryLine], random: Any) -> None:
    shuffled = random.sample(history, len(history))

    assert features(*shuffled) == features(*history)


@given(histories)
def test_a_feature_is_known_or_has_a_reason_and_never_both(history: list[HistoryLine]) -> None:
    for feature in features(*history).values():
        assert (feature["value"] is None) is isinstance(feature["reason"], str)


@given(histories.filter(bool))
def test_figures_stay_within_what_they_measure(history: list[HistoryLine]) -> None:
    computed = {name: feature["value"] for name, feature in features(*history).items()}

    assert computed["service_count"] == len(history)
    assert computed["satisfaction_average"] is None or 1 <= computed["satisfaction_average"] <= 5
    assert computed["satisfaction_trend"] is None or -4 <= computed["satisfaction_trend"] <= 4
    assert computed["cadence_days"] is None or computed["cadence_days"] >= 1
    assert computed["days_since_last_service"] is None or computed["days_since_last_service"] >= 0


@given(days, st.integers(1, 400), st.integers(2, 10))
def test_a_regular_customer_has_the_cadence_of_their_visits(first: date, every: int, visits: int) -> None:
    dates = [first - timedelta(days=every * number) for number in range(visits)]
    history = [line(id=str(day), date=f"{day}T08:00:00Z") for day in dates]

    assert value("cadence_days", *history) == every


@pytest.mark.parametrize("moment", ["2026-05-31", "2026-05-31T00:00:00Z", "2026-05-31T23:59:59Z"])
def test_every_form_of_a_date_is_read(moment: str) -> None:
    assert value("days_since_last_service", line(date=moment)) == 1
