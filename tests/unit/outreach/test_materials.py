import json
from datetime import UTC, datetime

from agent_platform.recordings import Recording
from outreach.claims import trace
from outreach.facts import IDENTITY_SLOTS
from outreach.findings import approvable
from outreach.materials import material_of, probed_draft, replayed

from operations.stack import ROOT
from tests.unit.outreach import writing_cases as case

AGENTS = {"writer": {"agent_id": "platform#outreach-writer", "version": 2}}


def recording(**changes):
    material = {
        "request": case.request(identity_slots=list(IDENTITY_SLOTS)),
        "features": case.features(),
        "passages": case.passages(),
        "comment": "The edges look great.",
    }
    return Recording("greenedge", "outreach", "referral", "2026-11-20T09:00:00Z", "ab", material | changes)


def findings(body):
    material = replayed(recording(), AGENTS)
    facts = [*material.request["facts"], *material.prepared["identity"]["facts"]]
    draft = case.GOOD_EMAIL | {"body": body}
    return trace(draft, facts=facts, links=case.greenedge().links, locale="en-US").findings


def test_identity_slots_are_slots_though_nobody_knows_their_values():
    body = case.GOOD_EMAIL["body"].replace("your lawn", "your lawn in {{customer.city}}, as {{service.crew}} know")

    assert approvable(findings(body))


def test_a_name_in_a_slot_s_place_is_an_invention():
    assert not approvable(findings(case.GOOD_EMAIL["body"].replace("{{customer.first_name}}", "Gertrude")))


def test_what_was_recorded_is_what_is_before_the_version_and_nothing_of_a_person():
    material = replayed(recording(), AGENTS)

    assert material.prepared["comment"] == "The edges look great."
    assert material.agents == AGENTS
    assert material.prepared["identity"]["email"] is None
    assert {fact["slot"] for fact in material.prepared["identity"]["facts"]} == set(IDENTITY_SLOTS)


def probe():
    material = {
        "request": case.request(), "features": case.features(), "passages": case.passages(), "comment": "Nice edges.",
        "brand": json.loads((ROOT / "brands/greenedge/brand.json").read_text()),
    }  # fmt: skip
    agents = {"judge": {"agent_id": "platform#outreach-judge", "version": 2}}
    return {"tenant": "platform", "probe": "one", "material": material, "agents": agents, "text": case.GOOD_EMAIL}


def test_a_probe_brings_all_that_its_judge_has_before_it():
    def nothing():
        raise AssertionError("a probe is of no event and of no recording")

    material = material_of(probe(), records=nothing, recordings=nothing, now=datetime(2026, 11, 22, tzinfo=UTC))

    assert material.brand == case.greenedge()
    assert material.prepared["comment"] == "Nice edges."
    assert material.agents == {"judge": {"agent_id": "platform#outreach-judge", "version": 2}}


def test_a_probe_s_draft_is_judged_without_findings():
    draft = probed_draft(probe())

    assert case.GOOD_EMAIL.items() <= draft.items()
    assert (draft["attempt"], draft["findings"], draft["usage"]["calls"]) == (1, [], 0)
