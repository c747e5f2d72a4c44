"""The judge's probes as they ship: enough of them, and each is what its label says."""

import json
from collections import Counter

import pytest
from jsonschema import Draft202012Validator
from outreach.brands import parse_brand
from outreach.claims import trace
from outreach.contracts import Fact
from outreach.facts import DOCUMENT_SLOTS, IDENTITY_SLOTS
from outreach.findings import approvable

from operations.agents.probe_files import read
from operations.stack import ROOT
from operations.terminal import Problem

FOLDER = ROOT / "agents/outreach-judge"
FILES = sorted((FOLDER / "probes").glob("*.json"))
PROBES = read(FOLDER, ROOT / "brands")
GOOD = [probe for probe in PROBES if probe["fault"] is None]
BAD = [probe for probe in PROBES if probe["fault"] is not None]
SCHEMA = json.loads((FOLDER / "probes/probes.schema.json").read_text())
EVERY_GOOD = pytest.mark.parametrize("probe", GOOD, ids=lambda probe: probe["id"])


def facts_of(material):
    request = material["request"]
    identity = [Fact(slot=slot, kind=IDENTITY_SLOTS[slot], value="Marisol") for slot in request["identity_slots"]]
    return [*request["facts"], *identity]


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.name != "probes.schema.json"], ids=lambda path: path.stem
)
def test_each_file_keeps_to_the_schema(path):
    assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(path.read_text()))) == []


def test_there_are_at_least_two_hundred_and_enough_of_each_label():
    kinds = Counter(probe["fault"] for probe in BAD)

    assert len(PROBES) >= 200
    assert len(GOOD) >= 80
    assert kinds.keys() == set(SCHEMA["$defs"]["fault"]["properties"]["kind"]["enum"])
    assert min(kinds.values()) >= 8
    assert {probe["material"]["request"]["purpose"] for probe in PROBES} == {"referral", "upsell"}


def test_no_two_probes_are_alike_or_have_one_name():
    assert len({probe["id"] for probe in PROBES}) == len(PROBES)
    assert len({json.dumps(probe["draft"], sort_keys=True) for probe in PROBES}) == len(PROBES)


def test_reading_again_composes_the_same_probes():
    assert read(FOLDER, ROOT / "brands") == PROBES


@EVERY_GOOD
def test_code_finds_nothing_against_a_good_probe(probe):
    material = probe["material"]
    traced = trace(probe["draft"], facts=facts_of(material), locale=material["request"]["locale"])

    assert [each for each in traced.findings if not approvable([each])] == []


@EVERY_GOOD
def test_a_good_probe_is_as_long_as_its_brand_wants_it(probe):
    limits = parse_brand(json.dumps(probe["material"]["brand"]).encode()).limits
    least, most = limits.body_words

    assert len(probe["draft"]["subject"]) <= limits.subject_characters
    assert least <= len(probe["draft"]["body"].split()) <= most


@pytest.mark.parametrize("probe", BAD, ids=lambda probe: probe["id"])
def test_a_bad_probe_is_a_good_one_but_for_its_fault(probe):
    """Its fault stands in the file, word for word; the rest is what a good draft of its situation may say."""
    situation = probe["id"].rpartition(f"-{probe['fault']}-")[0]
    own, shared = (json.loads((FOLDER / f"probes/{name}.json").read_text()) for name in (situation, "faults"))
    faults = [each["parts"] for each in (*own["faults"], *shared["faults"]) if each["kind"] == probe["fault"]]
    draft = probe["draft"]
    texts = [draft["subject"], *draft["body"].split("\n\n"), draft["call_to_action"]]
    said = {text for each in own["parts"].values() for text in each}
    strange = [text for text in texts if text not in said]

    assert strange in [[parts[name] for name in own["parts"] if name in parts] for parts in faults]


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe["id"])
def test_a_probe_knows_slots_of_its_own_facts_only(probe):
    request = probe["material"]["request"]
    known = {fact["slot"] for fact in request["facts"]} | set(request["identity_slots"])
    text = json.dumps(probe["draft"])

    assert known <= {*DOCUMENT_SLOTS, *IDENTITY_SLOTS}
    assert {each.partition("}}")[0] for each in text.split("{{")[1:]} <= known


@pytest.mark.parametrize("fault", [{"brand": "nobody"}, {"parts": {}}, {"faults": [{"kind": "rude"}]}], ids=str)
def test_a_file_that_can_t_be_read_is_named(tmp_path, fault):
    (tmp_path / "probes").mkdir()
    whole = json.loads((FOLDER / "probes/oven-upsell.json").read_text())
    (tmp_path / "probes/one.json").write_text(json.dumps(whole | fault))

    with pytest.raises(Problem, match=f"{tmp_path}/probes can't be read"):
        read(tmp_path, ROOT / "brands")


def test_a_folder_without_probes_is_named(tmp_path):
    with pytest.raises(Problem, match="has no probes"):
        read(tmp_path, ROOT / "brands")
