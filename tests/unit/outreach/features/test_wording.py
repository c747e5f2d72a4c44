"""What a prompt says of a customer's features."""

from typing import Any

from outreach.features.views import CUSTOMER_VIEW
from outreach.features.wording import worded


def said(locale: str = "en-US", **values: Any) -> dict[str, Any]:
    return worded({name: {"value": value, "reason": None} for name, value in values.items()}, locale=locale)


def test_what_has_a_name_and_a_figure_reads_as_words() -> None:
    assert said(
        service_shares={"weekly mow": 0.75, "fall aeration": 0.25},
        months_to_season={"fall aeration": 0, "leaf removal": 1, "snow removal": 3},
        responses={"sent": 3, "opened": 2},
        lifetime_value={"USD": 23350, "GBP": 4000},
    ) == {
        "service_shares": "weekly mow 75%, fall aeration 25%",
        "months_to_season": "fall aeration now, leaf removal in 1 month, snow removal in 3 months",
        "responses": "3 sent, 2 opened",
        "lifetime_value": "$233.50, £40",
    }


def test_amounts_are_as_the_customer_writes_them() -> None:
    assert said("de-DE", lifetime_value={"EUR": 123450})["lifetime_value"] == "1.234,50\u00a0€"
    assert said(lifetime_value={"JPY": 5000})["lifetime_value"] == "¥5,000"


def test_figures_lists_and_what_is_not_known_stay_as_they_are() -> None:
    values = {"service_count": 3, "services_never_bought": ["leaf removal"], "overdue_factor": None}
    assert said(**values) == values


def test_a_recording_of_a_feature_that_no_view_has_any_more_still_reads() -> None:
    assert said(gone={"a": 1}) == {"gone": {"a": 1}}


def test_no_value_of_the_view_reaches_a_prompt_as_an_object() -> None:
    objects = {each.name for each in CUSTOMER_VIEW.features if each.type == "numbers by name"}
    values = {name: {"USD": 1} for name in objects}
    assert all(isinstance(each, str) for each in said(**values).values())
