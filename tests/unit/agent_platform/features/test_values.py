from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.features.values import check_derived, packed, read_at, unpacked
from agent_platform.features.views import Definition, Feature, FeatureView, Value
from hypothesis import given
from hypothesis import strategies as st

AT = "2026-05-12T08:00:00Z"
TEN_DAYS = timedelta(days=10)
KINDS = {
    "whole number": [0, -3],
    "number": [0, 1.5],
    "yes or no": [True, False],
    "text": ["", "é"],
    "texts": [[], ["a"]],
    "numbers by name": [{}, {"USD": 1, "EUR": 2.5}],
}


def view(kind="whole number", time_to_live=TEN_DAYS, **more):
    features = (
        Feature("visits", kind, "", time_to_live, "tests", "never told", "", "fold"),
        Feature("later", kind, "", time_to_live, "tests", "nothing to derive", "", "on demand"),
    )
    return FeatureView("customer", 1, "customer", "tests", features)


def problems(kind, value):
    with pytest.raises(ValueError) as raised:
        packed(view(kind), value if isinstance(value, dict) else {"visits": value})
    return str(raised.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_of_the_declared_type_comes_back_as_it_was(kind):
    for value in KINDS[kind]:
        values = {"visits": Value(value, None, AT)}
        assert unpacked(packed(view(kind), values)) == values


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_of_another_type_is_refused_without_being_told(kind):
    others = [value for other in KINDS if other != kind for value in KINDS[other]]
    fitting = KINDS[kind] + ([0, -3] if kind == "number" else [])
    foreign = [value for value in [*others, float("nan"), float("inf"), "secret"] if not _among(value, fitting)]
    for value in foreign if kind != "text" else [value for value in foreign if value != "secret"]:
        message = problems(kind, Value(value, None, AT))
        assert f"isn't '{kind}'" in message
        assert "secret" not in message


def _among(value, fitting):
    return any(type(value) is type(each) and value == each for each in fitting)


def test_everything_that_is_wrong_is_said_at_once():
    values = {"visits": Value(None, None, AT), "later": Value(1, None, AT), "strange": Value(1, None, AT)}
    message = problems("whole number", values)
    assert message == (
        "customer@1: later isn't declared here; strange isn't declared here; visits: unknown without a reason"
    )


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (Value(1, "because", AT), "known, and yet with a reason"),
        (Value(1, None, None), "may become stale, and has no event time"),
    ],
)
def test_a_value_says_why_it_is_unknown_and_when_it_is_from(value, problem):
    assert problem in problems("whole number", value)


def read(values, *, days=0.0, derive=lambda values, as_of: {}, time_to_live=TEN_DAYS):
    as_of = datetime(2026, 5, 12, 8, tzinfo=UTC) + timedelta(days=days)
    found = read_at(Definition(view(time_to_live=time_to_live), derive=derive), values, as_of)
    return {name: {"value": each.value, "reason": each.reason} for name, each in found.items()}


@given(days=st.floats(-5, 30))
def test_no_value_is_ever_read_that_is_older_than_its_time_to_live(days):
    found = read({"visits": Value(7, None, AT)}, days=days)["visits"]
    assert found == ({"value": 7, "reason": None} if days <= 10 else {"value": None, "reason": "stale"})


def test_a_value_without_a_time_to_live_stays_what_it_is():
    assert read({"visits": Value(7, None, AT)}, days=10_000, time_to_live=None)["visits"]["value"] == 7


def test_what_was_unknown_stays_unknown_for_its_own_reason():
    assert read({"visits": Value(None, "never asked", AT)}, days=99)["visits"]["reason"] == "never asked"


def test_what_is_missing_reads_as_declared():
    assert read({}) == {
        "visits": {"value": None, "reason": "never told"},
        "later": {"value": None, "reason": "nothing to derive"},
    }


def test_what_is_derived_never_sees_a_stale_value_and_may_be_stale_itself():
    seen = []

    def derive(values, as_of):
        seen.append(values["visits"])
        return {"later": Value(8, None, AT)}

    assert read({"visits": Value(7, None, AT)}, days=11, derive=derive)["later"]["reason"] == "stale"
    assert seen == [Value(None, "stale", AT)]


@pytest.mark.parametrize(
    ("derived", "problem"),
    [
        ({"visits": Value(7, None, AT)}, "visits isn't declared here"),
        ({"later": Value("eight", None, AT)}, "later: str isn't 'whole number'"),
    ],
)
def test_a_derivation_gives_only_what_is_declared_on_demand(derived, problem):
    definition = Definition(view(), derive=lambda values, as_of: derived)
    with pytest.raises(ValueError, match=problem):
        check_derived(definition, {}, datetime(2026, 5, 12, 8, tzinfo=UTC))


def test_a_row_of_before_a_feature_was_declared_reads_it_as_missing_and_one_that_went_is_not_read():
    assert read(unpacked('{"gone": [1, null, null]}')) == read({})
