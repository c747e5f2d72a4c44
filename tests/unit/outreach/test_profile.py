"""A customer's profile: bands and no more, the same whatever order the features come in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outreach.profile import profile_of


def features(**values):
    return {name: {"value": value, "reason": None} for name, value in values.items()}


def traits(**values):
    made = profile_of(features(**values))
    return list(made.traits) if made else []


def test_a_customer_in_bands():
    made = profile_of(
        features(
            service_count=4,
            cadence_days=14.5,
            satisfaction_average=4.6,
            satisfaction_trend=-0.7,
            service_shares={"Weekly mow": 0.75, "leaf removal": 0.25},
            lifetime_value={"USD": 48_150},
            property_type="Single-family",
            lot_size=0.5,
            lot_size_unit="acre",
            property_features=["Pool", "hedge"],
            response_rate=0.5,
        )
    )
    assert made.traits == (
        "visits: 3 to 5",
        "comes: every two weeks",
        "satisfaction: high",
        "satisfaction is: falling",
        "mostly: weekly mow",
        "spent: 100 to 500 USD",
        "home: single-family",
        "lot: 1,500 to 5,000 m2",
        "home has: hedge",
        "home has: pool",
        "answers to messages: many",
    )
    assert made.has == ("leaf removal", "weekly mow")


@pytest.mark.parametrize(
    ("feature", "value", "trait"),
    [
        ("service_count", 1, "visits: 1"),
        ("service_count", 2, "visits: 2"),
        ("service_count", 3, "visits: 3 to 5"),
        ("service_count", 6, "visits: 6 to 10"),
        ("service_count", 500, "visits: more than 10"),
        ("satisfaction_average", 1.0, "satisfaction: low"),
        ("satisfaction_average", 2.5, "satisfaction: mixed"),
        ("satisfaction_average", 5, "satisfaction: high"),
        ("satisfaction_trend", 0.0, "satisfaction is: steady"),
        ("cadence_days", 7, "comes: weekly"),
        ("cadence_days", 365, "comes: yearly or rarer"),
        ("lifetime_value", {"EUR": 9_999}, "spent: under 100 EUR"),
        ("lifetime_value", {"EUR": 10_000}, "spent: 100 to 500 EUR"),
        ("response_rate", 0.0, "answers to messages: none"),
        ("response_rate", 0.1, "answers to messages: some"),
    ],
)
def test_where_a_band_begins(feature, value, trait):
    assert traits(**{feature: value}) == [trait]


def test_a_lot_is_measured_the_same_in_every_unit():
    same = {("m2", 1000), ("sqft", 10_764), ("acre", 0.2471), ("ha", 0.1)}
    assert {tuple(traits(lot_size=size, lot_size_unit=unit)) for unit, size in same} == {("lot: 500 to 1,500 m2",)}
    assert traits(lot_size=10) == traits(lot_size=10, lot_size_unit="tsubo") == []


def test_an_amount_whose_minor_unit_isn_t_certain_is_left_out():
    assert traits(lifetime_value={"JPY": 48_150}) == []


def test_what_is_not_known_is_not_told():
    unknown = {"service_count": {"value": None, "reason": "no_history"}}
    assert profile_of(unknown) is None
    assert profile_of({}) is None


@pytest.mark.parametrize(
    "stated",
    ["the pink house opposite the old church", "maria@example.com", "+1 614 555 0142", ""],
)
def test_what_a_crm_states_at_length_or_of_a_person_is_left_out(stated):
    assert traits(property_type=stated, property_features=[stated, "pool"]) == ["home has: pool"]


def test_a_service_in_two_spellings_is_one_text():
    one, other = (profile_of(features(service_shares={name: 1.0})) for name in ("Weekly  Mow", "weekly mow"))
    assert one.text == other.text


amounts = st.integers(0, 10_000_000)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "service_count": st.integers(1, 1000),
            "cadence_days": st.floats(1, 2000),
            "satisfaction_average": st.floats(1, 5),
            "lifetime_value": st.dictionaries(st.sampled_from(["USD", "EUR", "JPY"]), amounts, max_size=3),
            "service_shares": st.dictionaries(st.sampled_from(["Mow", "Leaf removal", "Snow"]), st.floats(0, 1)),
            "lot_size": st.floats(0.01, 1e6),
            "lot_size_unit": st.sampled_from(["m2", "sqft", "acre", "ha"]),
        },
    )
)
def test_a_profile_has_the_numbers_of_its_bands_only_whatever_the_order(values):
    made = profile_of(features(**values))
    backwards = profile_of(features(**dict(reversed(values.items()))))

    assert made == backwards
    numbers = re.findall(r"\d[\d,]*", made.text.replace("m2", "")) if made else []
    assert set(numbers) <= {"1", "2", "3", "5", "6", "10", "100", "500", "1,500", "2,000", "5,000", "10,000"}


def test_what_is_told_as_others_is_no_service_that_customers_share():
    made = profile_of(features(service_shares={"others": 0.6, "weekly mow": 0.4}))

    assert made.has == ("weekly mow",)
    assert "mostly: others" not in made.traits
