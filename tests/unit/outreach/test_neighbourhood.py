"""What customers like this one buy, and how that ranks services."""

from datetime import UTC, datetime

import pytest
from agent_platform.features.values import packed
from agent_platform.retrieval.neighbours import Neighbour
from hypothesis import given
from hypothesis import strategies as st
from outreach.likeness import FEWEST_NEIGHBOURS, bought_nearby
from outreach.neighbourhood import NEIGHBOURHOOD, TOO_FEW, ranked

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


def neighbour(number, similarity, *has):
    return Neighbour(f"c-{number}", similarity, has, ())


def shares(*neighbours):
    return bought_nearby(neighbours, now=NOW).value


def test_the_likest_count_most():
    others = [neighbour(number, 0.25, "snow removal") for number in range(4)]
    assert shares(neighbour(9, 1.0, "aeration", "snow removal"), *others) == {"aeration": 0.5, "snow removal": 1.0}


def test_fewer_than_five_say_nothing():
    alike = [neighbour(number, 0.9, "aeration") for number in range(FEWEST_NEIGHBOURS)]
    assert shares(*alike) == {"aeration": 1.0}

    value = bought_nearby(alike[1:], now=NOW)
    assert (value.value, value.reason) == (None, TOO_FEW)


@pytest.mark.parametrize("similarity", [0.0, -0.4])
def test_who_is_not_alike_is_no_neighbour(similarity):
    alike = [neighbour(number, 0.9, "aeration") for number in range(FEWEST_NEIGHBOURS - 1)]
    assert shares(*alike, neighbour(9, similarity, "snow removal")) is None


def test_services_are_ranked_by_what_the_alike_buy_and_stay_in_their_order_otherwise():
    never_bought = ["Weekly mow", "Leaf removal", "Aeration", "Snow removal"]
    nearby = {"aeration": 0.6, "snow removal": 0.9}

    assert ranked(never_bought, nearby) == ["Snow removal", "Aeration", "Weekly mow", "Leaf removal"]
    assert ranked(never_bought, None) == never_bought
    assert ranked(never_bought, {}) == never_bought


@given(st.lists(st.tuples(st.floats(-1, 1), st.lists(st.sampled_from(["a", "b", "c"]), unique=True)), max_size=30))
def test_what_is_written_is_what_the_view_declares_and_a_share(drawn):
    value = bought_nearby([neighbour(at, near, *has) for at, (near, has) in enumerate(drawn)], now=NOW)

    assert packed(NEIGHBOURHOOD.view, {"bought_nearby": value})
    assert all(0 <= share <= 1 for share in (value.value or {}).values())
