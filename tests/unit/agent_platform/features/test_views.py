from dataclasses import replace
from datetime import timedelta

import pytest
from agent_platform.features.views import Feature, FeatureView

VISITS = Feature("visits", "whole number", "", timedelta(days=1), "tests", "never told", "How often.", "fold")
DAYS = replace(VISITS, name="days_since", decided_by="on demand")


def test_a_view_is_named_with_its_version():
    assert FeatureView("customer", 2, "customer", "tests", (VISITS,)).key == "customer@2"


def test_what_is_computed_on_demand_is_not_stored():
    view = FeatureView("customer", 1, "customer", "tests", (VISITS, DAYS))
    assert (view.stored, view.on_demand) == ({"visits": VISITS}, {"days_since": DAYS})


def test_a_declaration_that_is_wrong_says_everything_that_is():
    with pytest.raises(ValueError) as raised:
        FeatureView("history#entry", 0, "customer", "tests", (VISITS, VISITS, replace(VISITS, name="A b")))
    assert str(raised.value).split("; ") == [
        "'history#entry' is no name: lower case, digits and _",
        "'A b' is no name: lower case, digits and _",
        "'visits' is declared twice",
        "version 0 is below 1",
    ]
