"""What past cases add, as a page."""

from datetime import UTC, datetime
from typing import Any

import pytest

from operations.pages.retrieval import page
from operations.retrieval_report import NOTHING_YET
from tests.unit.operations.dashboards.traffic import HOSTILE
from tests.unit.operations.pages.documents import Page

NOW = datetime(2026, 11, 21, tzinfo=UTC)
UPLIFT = {"difference": 0.2, "low": 0.1, "high": 0.3, "needed": 0}


def purpose(**changes: Any) -> dict[str, Any]:
    arms = {"retrieved": {"uses": 60, "good": 30, "harmed": 1}, "held_out": {"uses": 0, "good": 0, "harmed": 0}}
    case = {"case": HOSTILE, "uses": 60, "good": 30, "harmed": 1, "credit": 1.2, "standing": "lifted", "why": None}
    return {"tenant": "greenedge", "purpose": "upsell", "arms": arms, "uplift": UPLIFT, "cases": [case],
            "made": {"published": 2}, "withheld": [], "refused": {}} | changes  # fmt: skip


def test_the_answer_its_interval_the_arms_and_the_cases_are_on_it() -> None:
    document = page([purpose()], "the-stack", now=NOW)
    text = Page(document).text

    for said in ("greenedge · upsell", "Past cases help: +20.0 points", "30 (50.0%)", "×1.20", "lifted", "2 published"):
        assert said in text
    assert '<p class="verdict better">' in document
    assert HOSTILE in text
    assert "<script" not in document


@pytest.mark.parametrize(
    ("uplift", "verdict"),
    [
        (UPLIFT | {"low": -0.3, "high": -0.1}, "worse"),
        (UPLIFT | {"low": -0.1}, "inconclusive"),
        ({"difference": None, "low": None, "high": None, "needed": 900}, "inconclusive"),
    ],
)
def test_the_color_of_the_answer_is_the_answer_s(uplift: dict[str, Any], verdict: str) -> None:
    assert f'<p class="verdict {verdict}">' in page([purpose(uplift=uplift)], "the-stack", now=NOW)


def test_before_anything_is_settled_it_says_so() -> None:
    assert NOTHING_YET in Page(page([], "the-stack", now=NOW)).text
