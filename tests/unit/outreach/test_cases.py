"""The past cases that ship: each with its metadata, as a Knowledge Base reads them, and about nobody."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from agent_platform.guardrails.redaction import redact
from outreach.brands import parse_brand
from outreach.facts import DOCUMENT_SLOTS, IDENTITY_SLOTS
from outreach.seasons import SEASONS

ROOT = Path(__file__).parents[3]
CASES = sorted((ROOT / "cases").glob("*/*.md"))


def metadata_of(case: Path) -> dict[str, str]:
    content = json.loads(case.with_name(case.name + ".metadata.json").read_text())
    assert content.keys() == {"metadataAttributes"}
    return content["metadataAttributes"]


@pytest.mark.parametrize("tenant", ["greenedge", "brightnest"])
def test_both_purposes_have_cases_that_went_well_and_one_that_did_not(tenant: str) -> None:
    met = {(each["purpose"], each["outcome"]) for case in CASES if (each := metadata_of(case))["tenant"] == tenant}

    assert {("referral", "referred"), ("upsell", "bought")} < met
    assert met & {("referral", "no_response"), ("upsell", "no_response"), ("upsell", "declined")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_metadata_say_whose_case_it_is_and_about_which_service(case: Path) -> None:
    metadata = metadata_of(case)
    brand = parse_brand((ROOT / "brands" / metadata["tenant"] / "brand.json").read_bytes())

    assert list(metadata) == ["tenant", "purpose", "segment", "service", "outcome", "date", "season"]
    assert metadata["tenant"] == case.parent.name
    assert metadata["purpose"] in case.stem
    assert metadata["service"] in brand.services
    assert metadata["season"] in {*SEASONS, "any"}
    assert date.fromisoformat(metadata["date"]) < date(2026, 1, 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_a_case_speaks_in_slots_and_bands_and_fits_into_one_passage(case: Path) -> None:
    text = case.read_text()

    assert set(re.findall(r"\{\{(.*?)\}\}", text)) <= {*DOCUMENT_SLOTS, *IDENTITY_SLOTS}
    assert not re.search(r"[0-9@$£€%]|https?:|\[", text)
    assert redact(text) == text
    assert len(text) <= 1500


def test_no_metadata_are_left_without_their_case() -> None:
    described = {file.name.removesuffix(".metadata.json") for file in (ROOT / "cases").glob("*/*.metadata.json")}

    assert described == {case.name for case in CASES}
