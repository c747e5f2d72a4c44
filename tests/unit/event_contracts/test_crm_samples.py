"""The sample events that `scripts/send-event --sample` posts."""

import json
from pathlib import Path

import pytest
from event_contracts import validate

SAMPLES = sorted((Path(__file__).parents[3] / "events/crm").glob("*.json"))


def test_there_is_a_sample_of_every_kind() -> None:
    assert {sample.stem for sample in SAMPLES} >= {
        "good-referral", "good-upsell", "messy-data", "no-consent", "injected-comment", "unhappy-customer",
        "long-history", "contract-violation", "minimal", "spanish", "british-pounds",
    }  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_every_sample_but_one_keeps_its_contract(sample: Path) -> None:
    problems = validate(json.loads(sample.read_text()))

    assert (len(problems) >= 10) if sample.stem == "contract-violation" else problems == []
    assert sample.stat().st_size < 128 * 1024
