"""The recorded run in events/outreach: each step is the one before and one key more, and keeps its contract."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from outreach import contracts
from typeguard import TypeCheckError, check_type

EVENTS = Path(__file__).parents[3] / "events" / "outreach"
STEPS = {
    "validate": contracts.Started,
    "enrich": contracts.Validated,
    "retrieve": contracts.Enriched,
    "generate": contracts.Retrieved,
    "judge": contracts.Drafted,
    "store": contracts.Judged,
}


def _recorded(step: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((EVENTS / f"{step}.json").read_text())
    return document


@pytest.mark.parametrize(("step", "contract"), STEPS.items())
def test_a_recorded_step_keeps_its_contract(step: str, contract: type) -> None:
    check_type(_recorded(step), contract)


def test_the_check_sees_a_wrong_value_deep_inside() -> None:
    document = _recorded("store")
    document["verdict"]["attempts"][0]["scores"][0]["score"] = "5"
    with pytest.raises(TypeCheckError):
        check_type(document, contracts.Judged)


@pytest.mark.parametrize(("before", "after"), list(pairwise(STEPS)))
def test_a_step_adds_one_key_and_edits_no_other(before: str, after: str) -> None:
    earlier, later = _recorded(before), _recorded(after)
    [added] = later.keys() - earlier.keys()
    del later[added]
    assert later == earlier


def test_the_largest_document_stays_far_below_the_limit() -> None:
    assert max(len(json.dumps(_recorded(step))) for step in STEPS) <= 16 * 1024
