"""The sample events that `scripts/send-event --sample` posts."""

import json
from pathlib import Path

import pytest
from event_contracts import known_types, validate

SAMPLES = sorted((Path(__file__).parents[3] / "events/crm").glob("*.json"))


def test_there_is_a_sample_of_every_kind() -> None:
    assert {sample.stem for sample in SAMPLES} >= {
        "good-referral", "good-upsell", "messy-data", "no-consent", "injected-comment", "unhappy-customer",
        "long-history", "contract-violation", "minimal", "spanish", "british-pounds", "soft-opt-in",
        "service-corrected", "service-voided", "customer-updated", "outcome-booked",
    }  # fmt: skip


def test_every_type_of_event_has_a_sample() -> None:
    assert {json.loads(sample.read_text())["type"] for sample in SAMPLES} == set(known_types())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_every_sample_but_one_keeps_its_contract(sample: Path) -> None:
    problems = validate(json.loads(sample.read_text()))

    assert (len(problems) >= 10) if sample.stem == "contract-violation" else problems == []
    assert sample.stat().st_size < 128 * 1024
