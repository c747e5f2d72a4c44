"""What a workflow tells the platform about itself, as data in SSM."""

import json
import re
from typing import get_args

import pytest
from outreach.brands import parse_brand
from outreach.briefing import prompt_variables
from outreach.contracts import Purpose
from outreach.facts import DOCUMENT_SLOTS, IDENTITY_SLOTS
from outreach.requests import JUDGE, WRITER

from tests.infrastructure.definitions import workflows
from tests.infrastructure.template import ROOT, function, resources, text

SLOTS = {"outreach": [*IDENTITY_SLOTS, *DOCUMENT_SLOTS]}
# A Standard parameter holds no more.
MOST_CHARACTERS = 4096
LONGEST_ARN = "arn:aws:lambda:ap-southeast-2:123456789012:function:" + "f" * 64


def manifests():
    """Parameters by the workflow's word in their name."""
    found = {}
    for parameter in resources("AWS::SSM::Parameter").values():
        if word := re.search(r"/workflows/([a-z_]+)$", text(parameter["Properties"]["Name"])):
            found[word[1]] = parameter["Properties"]
    return found


def test_every_workflow_has_a_manifest():
    assert set(manifests()) == {definition.word for definition in workflows()}


def test_a_manifest_s_name_is_where_the_platform_looks():
    for word, parameter in manifests().items():
        assert text(parameter["Name"]) == f"/referral-system/${{Environment}}/workflows/{word}"


@pytest.mark.parametrize(("word", "parameter"), manifests().items())
def test_a_manifest_is_json_and_names_its_functions_and_slots(word, parameter):
    pattern = text(parameter["Value"])
    manifest = json.loads(pattern)
    filled = re.sub(r"\$\{[\w.]+\}", LONGEST_ARN, pattern)

    assert set(manifest) == {
        "workflow", "state_machine", "functions", "slots", "prompt_variables", "required_variables", "agents",
        "purposes", "synthetic",
    }  # fmt: skip
    assert manifest["workflow"] == word
    for name, arn in manifest["functions"].items():
        logical_id = re.fullmatch(r"\$\{(\w+)\.Arn\}", arn)[1]
        assert function(logical_id).folder.parts[-2:] == (word, name)
    assert manifest["state_machine"].strip("${}") in resources("AWS::Serverless::StateMachine")
    assert json.loads(filled)
    assert len(filled) <= MOST_CHARACTERS


@pytest.mark.parametrize(("word", "parameter"), manifests().items())
def test_the_slots_are_those_that_facts_can_fill(word, parameter):
    assert sorted(json.loads(text(parameter["Value"]))["slots"]) == sorted(SLOTS[word])


def test_the_prompt_variables_are_those_that_a_run_gives():
    brand = parse_brand((ROOT / "brands" / "greenedge" / "brand.json").read_bytes())
    given = sorted(prompt_variables({"purpose": "referral", "locale": "en-US"}, brand))
    said = json.loads(text(manifests()["outreach"]["Value"]))["prompt_variables"]
    assert sorted(said["writer"]) == given
    assert sorted(said["judge"]) == sorted([*given, "rubric"])


@pytest.mark.parametrize(("word", "parameter"), manifests().items())
def test_what_a_prompt_must_use_is_what_it_may_use(word, parameter):
    manifest = json.loads(text(parameter["Value"]))

    for role, needed in manifest["required_variables"].items():
        assert set(needed) <= set(manifest["prompt_variables"][role])


def test_the_agents_and_purposes_are_those_that_a_run_has():
    said = json.loads(text(manifests()["outreach"]["Value"]))

    assert said["agents"] == {"writer": WRITER, "judge": JUDGE}
    assert said["purposes"] == list(get_args(Purpose))
