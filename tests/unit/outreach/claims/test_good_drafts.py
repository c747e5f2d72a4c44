import pytest
from outreach.claims import trace
from outreach.findings import approvable

from tests.unit.outreach.claims.good_drafts import GOOD_DRAFTS
from tests.unit.outreach.claims.greenedge_facts import facts

KNOWN = [*facts(), {"slot": "offer.service", "kind": "text", "value": "Fall Aeration"}]


def test_there_are_enough_good_drafts_to_trust_a_pass():
    assert len(GOOD_DRAFTS) >= 30


@pytest.mark.parametrize(("subject", "body", "call_to_action"), GOOD_DRAFTS, ids=[draft[0] for draft in GOOD_DRAFTS])
def test_a_draft_that_says_nothing_but_facts_is_approvable_and_unchanged(subject, body, call_to_action):
    traced = trace({"subject": subject, "body": body, "call_to_action": call_to_action}, facts=KNOWN, locale="en-US")

    assert [finding for finding in traced.findings if finding["result"] != "slot"] == []
    assert approvable(traced.findings)
    assert (traced.subject, traced.body, traced.call_to_action) == (subject, body, call_to_action)


@pytest.mark.parametrize(("subject", "body", "call_to_action"), GOOD_DRAFTS, ids=[draft[0] for draft in GOOD_DRAFTS])
@pytest.mark.parametrize("locale", ["de-DE", "es-MX", "fr-FR"])
def test_it_is_so_in_every_locale(subject, body, call_to_action, locale):
    traced = trace({"subject": subject, "body": body, "call_to_action": call_to_action}, facts=KNOWN, locale=locale)

    assert approvable(traced.findings)
