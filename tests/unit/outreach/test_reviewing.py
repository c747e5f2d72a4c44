"""Who decides about a message: nobody but the judge, or people, and why."""

import pytest
from agent_platform.tenants import SYNTHETIC
from outreach.reviewing import counted, drawn, segment_of, unless_seen_first

SLOT = {"kind": "amount", "result": "slot", "where": "body", "text": "{{offer.amount}}", "slot": "offer.amount"}
UNREAD = {"kind": "number", "result": "not_checked", "where": "body", "text": "", "slot": None}
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


def judged(policy=None):
    request = {
        "purpose": "referral",
        "locale": "en-US",
        "agents": {"writer": {"agent_id": "platform#outreach-writer", "version": 3}},
    }
    return {"request": request | ({"review": policy} if policy else {})}


def stored(*entries, policy=None, seen=0, **changes):
    """What is stored of a message with these entries in its ledger."""
    message = {
        "tenant": "greenedge",
        "messageId": "m-1",
        "status": "approved",
        "score": 4.5,
        "ledger": [SLOT, *entries],
        "findings": [entry for entry in entries if entry["result"] == "contradicted"],
        "law": {"breaches": []},
    }
    return unless_seen_first(message | changes, judged(policy), Counts(seen))


def reasons(*entries, **given):
    review = stored(*entries, **given).get("review")
    return review and review["reasons"]


def test_without_a_policy_nobody_must_see_what_was_approved_or_not():
    assert reasons() is None
    assert reasons(INVENTED, status="rejected") is None


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
    assert reasons(INVENTED, policy={"findings": True}, status="rejected") == ["findings"]
    assert reasons(INVENTED, policy={"all": True, "share": 1}, status="rejected") is None
    assert reasons(policy={"findings": True}, status="rejected") is None


def test_what_breaks_the_law_is_for_nobody_to_approve():
    breaches = {"law": {"breaches": ["honest_subject: it begins with Fwd:"]}}
    assert reasons(INVENTED, policy={"all": True, "findings": True}, status="rejected", **breaches) is None


def test_a_claim_that_code_could_not_check_is_never_passed_over():
    assert reasons(UNREAD, UNREAD) == ["not_checked"]
    assert reasons(UNREAD, status="rejected") is None


def test_a_guard_that_failed_sends_the_draft_to_people_whatever_the_policy():
    assert reasons(FAILED_GUARD) == ["guard_error"]
    assert reasons(FAILED_GUARD, UNREAD, policy={"all": True}) == ["all", "guard_error", "not_checked"]


@pytest.mark.parametrize(("seen", "expected"), [(0, ["new_segment"]), (19, ["new_segment"]), (20, None)])
def test_the_first_messages_of_a_segment_are_seen(seen, expected):
    assert reasons(policy={"new_segments": 20}, seen=seen) == expected


def test_a_segment_is_of_one_version():
    one, other = judged(), judged()
    other["request"]["agents"]["writer"]["version"] = 4
    assert segment_of(one) != segment_of(other)


def test_only_what_is_seen_as_new_is_counted():
    state = judged({"new_segments": 20})
    assert counted({"tenant": "greenedge", "review": {"reasons": ["all", "new_segment"]}}, state, Counts()) == {
        "segment": {"Update": ("greenedge", segment_of(state))}
    }
    assert counted({"tenant": "greenedge", "review": {"reasons": ["all"]}}, state, Counts()) == {}
    assert counted({"tenant": "greenedge"}, state, Counts()) == {}


def test_a_share_is_about_as_large_as_it_says_and_the_same_at_every_try():
    drawn = [reasons(policy={"share": 0.2}, messageId=f"m-{each}") for each in range(1_000)]
    # 1,000 draws of 0.2: four standard deviations are 51.
    assert 149 <= drawn.count(["share"]) <= 251
    assert drawn == [reasons(policy={"share": 0.2}, messageId=f"m-{each}") for each in range(1_000)]


def test_who_sees_it_second_is_drawn_for_itself():
    policy = {"share": 0.5, "second_share": 0.5}
    messages = [stored(policy=policy, messageId=f"m-{each}") for each in range(1_000)]
    needed = [message["review"]["needed"] for message in messages if "review" in message]
    assert 180 <= needed.count(2) <= 320
    assert 180 <= needed.count(1) <= 320


def test_the_lease_is_the_policy_s_or_a_quarter_of_an_hour():
    assert stored(policy={"all": True})["review"]["lease_minutes"] == 15
    assert stored(policy={"all": True, "lease_minutes": 5})["review"]["lease_minutes"] == 5


def test_what_must_be_seen_is_pending_and_else_as_it_was():
    assert stored(policy={"all": True})["status"] == "pending_review"
    assert stored()["status"] == "approved"
    assert stored(INVENTED, status="rejected")["status"] == "rejected"


def test_a_skip_and_a_synthetic_run_are_nothing_to_see():
    skipped = {"tenant": "greenedge", "status": "skipped"}
    assert unless_seen_first(skipped, judged({"all": True}), Counts()) == skipped
    assert stored(UNREAD, policy={"all": True}, tenant=SYNTHETIC)["status"] == "approved"


@pytest.mark.parametrize(
    ("policy", "breaches", "expected"),
    [({"all": True}, [], True), ({"share": 1}, [], True), ({"share": 0}, [], False), ({}, [], False),
     ({"all": True}, ["no postal address"], False)],
)  # fmt: skip
def test_what_is_drawn_doesn_t_depend_on_what_the_judge_says_and_never_breaks_the_law(policy, breaches, expected):
    assert drawn(policy, {"messageId": "m1", "law": {"breaches": breaches}}) is expected
