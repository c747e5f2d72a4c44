"""Who decides about a message: nobody but the judge, or people, and why."""

from dataclasses import replace

import pytest
from agent_platform.references import EventReference
from agent_platform.tenants import SYNTHETIC
from outreach.reviewing import counted, review_of, segment_of

REFERENCE = EventReference("greenedge", "greenedge-crm", "msg_1", "service.completed")
FAILED_GUARD = {"kind": "guard", "result": "not_checked", "where": "body", "text": "ThrottlingException", "slot": None}
INVENTED = {"kind": "amount", "result": "contradicted", "where": "body", "text": "$999", "slot": "offer.amount"}


class Counts:
    """Segments of which so many messages were seen."""

    def __init__(self, seen=0):
        self._seen = seen

    def seen(self, tenant, segment):
        return self._seen

    def counted(self, tenant, segment):
        return {"Update": (tenant, segment)}


def judged(*findings, policy=None, approved=True, score=4.5):
    request = {
        "skip": None,
        "purpose": "referral",
        "locale": "en-US",
        "agents": {"writer": {"agent_id": "platform#outreach-writer", "version": 3}},
    }
    attempts = [{"attempt": 1, "findings": []}, {"attempt": 2, "findings": list(findings)}]
    verdict = {"approved": approved, "score": score, "best": {"attempt": 2}, "attempts": attempts}
    return {"request": request | ({"review": policy} if policy else {}), "verdict": verdict}


def reasons(*findings, seen=0, reference=REFERENCE, **given):
    review = review_of(judged(*findings, **given), reference, Counts(seen))
    return review and review["reasons"]


def runs(number):
    return [replace(REFERENCE, event_id=f"msg_{each}") for each in range(number)]


def test_without_a_policy_nobody_must_see_what_was_approved_or_not():
    assert reasons() is None
    assert reasons(INVENTED, approved=False) is None


@pytest.mark.parametrize(
    ("policy", "score", "expected"),
    [
        ({"all": True}, 5, ["all"]),
        ({"all": False}, 1, None),
        ({"share": 1}, 5, ["share"]),
        ({"share": 0}, 5, None),
        ({"uncertain": {"below": 4.2}}, 4.19, ["uncertain"]),
        ({"uncertain": {"below": 4.2}}, 4.2, None),
        ({"all": True, "uncertain": {"below": 4.2}}, 4, ["all", "uncertain"]),
        ({"findings": True}, 5, None),
        ({"second_share": 1}, 5, None),
    ],
)
def test_what_was_approved_is_seen_as_the_policy_wants(policy, score, expected):
    assert reasons(policy=policy, score=score) == expected


def test_what_was_not_approved_is_seen_for_its_findings_only_and_only_if_wanted():
    assert reasons(INVENTED, policy={"findings": True}, approved=False) == ["findings"]
    assert reasons(INVENTED, policy={"all": True, "share": 1}, approved=False) is None
    assert reasons(policy={"findings": True}, approved=False) is None


def test_a_guard_that_failed_sends_the_draft_to_people_whatever_the_policy():
    assert reasons(FAILED_GUARD) == ["guard_error"]
    assert reasons(FAILED_GUARD, policy={"all": True}) == ["all", "guard_error"]


@pytest.mark.parametrize(("seen", "expected"), [(0, ["new_segment"]), (19, ["new_segment"]), (20, None)])
def test_the_first_messages_of_a_segment_are_seen(seen, expected):
    assert reasons(policy={"new_segments": 20}, seen=seen) == expected


def test_a_segment_is_of_one_version():
    one, other = judged(), judged()
    other["request"]["agents"]["writer"]["version"] = 4
    assert segment_of(one) != segment_of(other)


def test_only_what_is_seen_as_new_is_counted():
    state = judged(policy={"new_segments": 20})
    assert counted({"tenant": "greenedge", "review": {"reasons": ["all", "new_segment"]}}, state, Counts()) == {
        "segment": {"Update": ("greenedge", segment_of(state))}
    }
    assert counted({"tenant": "greenedge", "review": {"reasons": ["all"]}}, state, Counts()) == {}
    assert counted({"tenant": "greenedge"}, state, Counts()) == {}


def test_a_share_is_about_as_large_as_it_says_and_the_same_at_every_try():
    drawn = [reasons(policy={"share": 0.2}, reference=each) for each in runs(1_000)]
    # 1,000 draws of 0.2: four standard deviations are 51.
    assert 149 <= drawn.count(["share"]) <= 251
    assert drawn == [reasons(policy={"share": 0.2}, reference=each) for each in runs(1_000)]


def test_who_sees_it_second_is_drawn_for_itself():
    state = judged(policy={"share": 0.5, "second_share": 0.5})
    reviews = [review_of(state, each, Counts()) for each in runs(1_000)]
    needed = [review["needed"] for review in reviews if review]
    assert 180 <= needed.count(2) <= 320
    assert 180 <= needed.count(1) <= 320


def test_the_lease_is_the_policy_s_or_a_quarter_of_an_hour():
    assert review_of(judged(policy={"all": True}), REFERENCE, Counts())["lease_minutes"] == 15
    assert review_of(judged(policy={"all": True, "lease_minutes": 5}), REFERENCE, Counts())["lease_minutes"] == 5


def test_a_skip_and_a_synthetic_run_are_nothing_to_see():
    skipped = judged(policy={"all": True})
    skipped["request"]["skip"] = {"reason": "no_consent", "detail": "They didn't agree."}
    assert review_of(skipped, REFERENCE, Counts()) is None
    assert reasons(policy={"all": True}, reference=replace(REFERENCE, tenant=SYNTHETIC)) is None
