"""Messages that people must see before they may be sent: stored, told of and counted as what they are."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from agent_platform.experiments.outcomes import Outcomes
from outreach.outcomes.measures import measure_review
from outreach.outcomes.runs import outcomes_of, record_review

from operations import messages as messages_door
from operations.terminal import Problem
from tests.builders import customer, service, service_completed
from tests.integration.outreach.answers import EMAIL, draft, scores
from tests.integration.outreach.traces import measured, message, published

WRITER = "platform#outreach-writer"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
JUDGE = "platform#outreach-judge"
PAINTED = "our van is painted green"
INVENTED = draft(body=EMAIL["body"].replace("{{offer.amount}}", "$999"))


@pytest.fixture
def policy(ready, registry):
    """Release a version of the writer with this policy."""

    def release(**review):
        first = registry.version(WRITER, 1)
        return ready.release({**first.config, "review": review}, first.prompt, owner="platform", now=NOW)

    return release


@pytest.fixture
def rollout(ready, registry, policy):
    """All customers are given a version whose every message is seen."""
    first = registry.version(WRITER, 1)
    registry.register(
        {**first.config, "review": {"all": True}}, first.prompt, owner="platform",
        allowed_models=["amazon.nova-lite-v1:0"], now=NOW,
    )  # fmt: skip
    said = {"by": "anna", "reason": "because", "now": NOW}
    return ready.aliases().open_rollout(WRITER, {"alpha": 0.05}, candidate=2, share=10_000, **said)


def contacts(stack):
    return [each["contact"] for each in stack.items("OutreachContactsTable") if "lastWrittenAt" in each]


def told_to_rollouts(stack):
    [exposure] = [each for each in stack.items("ExperimentsTable") if "arm" in each]
    return exposure["outcomes"]


def test_a_message_that_must_be_seen_is_pending_with_its_reasons_and_is_no_contact(ready, begin, script, policy):
    policy(all=True, second_share=1, lease_minutes=5)
    script(draft(), scores(5))
    document = ready.run(begin())
    stored = message(ready, document)
    assert document["message"]["status"] == stored["status"] == "pending_review"
    assert stored["review"] == {"reasons": ["all"], "needed": 2, "lease_minutes": 5}
    assert "Hi Maria," in stored["text"]
    assert contacts(ready) == []
    assert [each["contact"] for each in ready.items("OutreachContactsTable")] == [
        f"greenedge#message#{stored['messageId']}"
    ]


def test_the_bus_says_that_it_is_pending_so_that_no_sender_sends_it(ready, begin, script, policy):
    policy(all=True)
    script(draft(), scores(5))
    ready.run(begin())
    (entry,) = published(ready)
    assert json.loads(entry["Detail"])["status"] == "pending_review"


@pytest.mark.parametrize(("asks", "status"), [(True, "pending_review"), (False, "approved")])
def test_a_claim_that_only_the_judge_saw_waits_for_a_person(ready, begin, script, registry, asks, status):
    first = registry.version(JUDGE, 1)
    ready.release({**first.config, "claims": asks}, first.prompt, owner="platform", now=NOW)
    body = EMAIL["body"].replace("There is no rush", f"And {PAINTED}. There is no rush")
    answer = scores(5)
    answer.tool_input["claims"] = [PAINTED.capitalize(), "It is {{offer.amount}}", "Nobody wrote this."]
    calls = script(draft(body=body), answer).calls
    document = ready.run(begin())
    stored = message(ready, document)
    assert (stored["status"], len(calls)) == (status, 2)
    claims = [each for each in stored["ledger"] if each["kind"] == "statement"]
    assert [(each["result"], each["text"]) for each in claims] == ([("not_checked", PAINTED)] if asks else [])
    if asks:
        assert stored["review"]["reasons"] == ["not_checked"]
        assert stored["attempts"][0]["claims"] == {"quoted": 3, "nowhere": 1, "unread": [PAINTED]}
        assert len(json.dumps(document)) < 64_000


def test_what_was_not_approved_is_pending_for_its_findings_where_the_policy_wants_it(ready, begin, script, policy):
    policy(findings=True)
    script(*[INVENTED, scores(5)] * 3)
    stored = message(ready, ready.run(begin()))
    assert (stored["status"], stored["review"]["reasons"]) == ("pending_review", ["findings"])
    assert stored["findings"]


def test_the_first_messages_of_a_segment_are_seen_and_counted_once(ready, begin, script, policy):
    policy(new_segments=2)
    script(*[draft(), scores(5)] * 3)
    first = begin()
    statuses = []
    for run in (1, 2, 3):
        document = ready.run({**first, "run": run})
        again, _ = ready.step("Store", document)
        assert again["message"] == document["message"]
        statuses.append(document["message"]["status"])
    assert statuses == ["pending_review", "pending_review", "approved"]
    counts = [each for each in ready.items("OutreachContactsTable") if "#segment#" in each["contact"]]
    assert counts == [{"contact": "greenedge#segment#platform#outreach-writer#2#referral#en-US", "seen": 2}]


def test_a_run_keeps_the_policy_that_it_entered_with(ready, begin, script, policy):
    policy(all=True)
    script(draft(), scores(5))
    document, name = ready.step("Validate", begin())
    policy(all=False)
    while name:
        document, name = ready.step(name, document)
    assert document["message"]["status"] == "pending_review"


def test_approval_is_measured_when_people_have_decided(ready, begin, script, policy, capsys, monkeypatch):
    policy(all=True)
    script(draft(), scores(5))
    stored = message(ready, ready.run(begin()))
    logged = capsys.readouterr().out
    dimensions = {"workflow": "outreach", "agent": WRITER, "version": "2"}
    assert measured(logged, "ApprovalRate") == []
    assert measured(logged, "PendingReview") == [(1, dimensions)]
    assert measured(logged, "JudgeApproval") == [
        (100, {**dimensions, "agent": "platform#outreach-judge", "version": "1"})
    ]
    assert measured(logged, "MessagesGenerated") == [(1, dimensions)]

    monkeypatch.setenv("WORKFLOW", "outreach")
    measure_review(stored, approved=False)
    assert measured(capsys.readouterr().out, "ApprovalRate") == [(0, dimensions)]


@pytest.mark.parametrize(
    ("review", "answers", "drawn"),
    [
        ({"all": True}, [draft(), scores(5)], [100]),
        ({"share": 1}, [draft(), scores(5)], [100]),
        # Nobody sees it, but the judge's approvals among those drawn can't be had without it.
        ({"share": 1}, [draft(), scores(1)] * 3, [0]),
        ({"share": 0}, [draft(), scores(5)], []),
        ({"new_segments": 5}, [draft(), scores(5)], []),
    ],
)
def test_what_the_judge_said_is_counted_apart_where_people_see_what_it_approves(
    ready, begin, script, policy, capsys, review, answers, drawn
):
    policy(**review)
    script(*answers)
    ready.run(begin())

    judge = {"workflow": "outreach", "agent": JUDGE, "version": "1"}
    assert measured(capsys.readouterr().out, "JudgeDrawn") == [(value, judge) for value in drawn]


def test_a_rollout_is_told_of_approval_once_people_have_decided_and_of_all_else_at_once(ready, begin, script, rollout):
    script(draft(), scores(5))
    document = ready.run(begin())
    ready.step("Store", document)
    at_once = told_to_rollouts(ready)
    # A run without any outcome counts as a failed one.
    assert at_once.keys() == outcomes_of(document["verdict"]).keys() - {"ApprovalRate"}

    stored = message(ready, document)
    outcomes = Outcomes(table="ExperimentsTable", dynamodb=ready.clients("dynamodb"))
    record_review(stored, approved=False, outcomes=outcomes, now=NOW)
    once = told_to_rollouts(ready)
    record_review(stored, approved=True, outcomes=outcomes, now=NOW)
    assert told_to_rollouts(ready) == once
    assert (once.pop("ApprovalRate")["value"], once) == (0, at_once)


def test_a_store_that_is_repeated_after_people_decided_says_nothing_of_approval(ready, begin, script, rollout):
    script(draft(), scores(5))
    document = ready.run(begin())
    stored = message(ready, document)
    ready.clients("dynamodb").update_item(
        TableName="OutreachMessagesTable",
        Key={"message": {"S": stored["message"]}},
        UpdateExpression="SET #s = :declined",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":declined": {"S": "declined"}},
    )
    again, _ = ready.step("Store", document)
    assert again["message"]["status"] == "declined"
    assert "ApprovalRate" not in told_to_rollouts(ready)


@pytest.fixture
def door(ready, monkeypatch):
    """scripts/messages, on this stack."""
    account = SimpleNamespace(
        sources=SimpleNamespace(all=lambda: [SimpleNamespace(tenant="greenedge")]),
        dynamodb=ready.clients("dynamodb"),
        outputs={"OutreachMessages": "OutreachMessagesTable"},
    )
    monkeypatch.setattr(messages_door, "Stack", lambda _: account)
    return messages_door.main


def test_a_pending_message_is_listed_shown_and_drawn_with_its_claims(
    ready, begin, script, policy, door, capsys, tmp_path
):
    policy(findings=True)
    script(*[INVENTED, scores(5)] * 3)
    stored = message(ready, ready.run(begin()))
    capsys.readouterr()

    door(["list", "--status", "pending_review"])
    assert "waits for a person to see it" in " ".join(capsys.readouterr().out.split())
    door(["list", "--status", "approved"])
    assert stored["messageId"][:8] not in capsys.readouterr().out
    door(["show", stored["receipt"]])
    assert "contradicted: offer.amount" in " ".join(capsys.readouterr().out.split())
    door(["page", stored["messageId"][:8], "--out", str(tmp_path / "it.html")])
    drawn = (tmp_path / "it.html").read_text(encoding="utf-8")
    assert '<mark class="wrong">$999</mark>' in drawn
    with pytest.raises(Problem, match="takes the name of a file"):
        door(["page", stored["messageId"][:8], "--out", str(tmp_path)])


def test_outside_english_nothing_passes_silently(ready, begin, script):
    script(draft(), scores(5))
    event = service_completed(customer=customer(service(), locale="es-US"))
    stored = message(ready, ready.run(begin(event)))
    assert (stored["status"], stored["review"]["reasons"]) == ("pending_review", ["not_checked"])
