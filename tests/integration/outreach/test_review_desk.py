"""A message that people must see: given to them by the API, decided, and then what they decided."""

import json
from datetime import UTC, datetime

import pytest
from agent_platform.reviews.records import ReviewRecords
from agent_platform.reviews.reviewers import Reviewers
from outreach.desk.labels import labels

from tests.builders import customer, outreach_requested
from tests.integration.outreach.answers import EMAIL, draft, scores
from tests.integration.outreach.traces import measured, message, published
from tests.integration.permissions import noting, refused, unused

WRITER = "platform#outreach-writer"
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)
INVENTED = draft(body=EMAIL["body"].replace("{{offer.amount}}", "$999"))
YES = {"verdict": "approve"}
NO = {"verdict": "reject", "reason": "tone", "words": "Too loud."}


@pytest.fixture
def policy(ready, registry):
    """Release a version of the writer with this policy."""

    def release(**review):
        first = registry.version(WRITER, 1)
        ready.release({**first.config, "review": review}, first.prompt, owner="platform", now=LONG_AGO)

    return release


@pytest.fixture
def pending(ready, begin, script, policy):
    """Run an event whose message waits for people."""

    def pending(*answers, event_id="msg_1", **review):
        policy(**review or {"all": True})
        script(*answers or (draft(), scores(5)))
        document = ready.run(begin(event_id=event_id))
        assert document["message"]["status"] == "pending_review"
        return document

    return pending


@pytest.fixture
def api(ready):
    """The desk's API, as those who sign for GreenEdge and for BrightNest ask it."""
    for role, tenant in (("ReviewGreenEdge", "greenedge"), ("ReviewBrightNest", "brightnest")):
        Reviewers(table=ready.table("ReviewTable"), dynamodb=ready.clients("dynamodb")).bind(
            f"123456789012/{role}", tenant
        )  # fmt: skip
    return Api(ready)


class Api:
    def __init__(self, stack):
        self._stack = stack

    def next(self, person, *, role="ReviewGreenEdge"):
        return self._asked("OutreachNextReviewFunction", person, role)

    def decide(self, person, review, decision, *, role="ReviewGreenEdge"):
        asked = {"pathParameters": {"id": review}, "body": json.dumps(decision)}
        return self._asked("OutreachDecideReviewFunction", person, role, **asked)

    def _asked(self, function, person, role, **request):
        arn = f"arn:aws:sts::123456789012:assumed-role/{role}/{person}"
        answer = self._stack.invoke(function, {"requestContext": {"identity": {"userArn": arn}}, **request})
        return answer["statusCode"], json.loads(answer["body"]) if answer["body"] else None


def contacts(stack):
    return [each["contact"] for each in stack.items("OutreachContactsTable") if "lastWrittenAt" in each]


def told(stack):
    return [json.loads(each["Detail"])["status"] for each in published(stack)]


def outcome(stack):
    [receipt] = [each for each in stack.items("EventRecordsTable") if each["part"] == "receipt"]
    return receipt["outcome"]["status"]


def test_a_reviewer_sees_text_claims_facts_and_rubric_and_neither_score_nor_arm(ready, pending, api):
    pending()
    status, seen = api.next("anna")

    assert status == 200
    assert "Hi Maria," in seen["text"]
    assert {"kind", "result", "source", "number", "stops"} <= set(seen["claims"][0])
    assert seen["facts"]["offer.amount"] == "$25"
    assert seen["rubric"][0]["criterion"] == "accuracy"
    assert seen["reasons"] == ["all"]
    for hidden in ('"score', '"arm"', '"attempts"', '"agents"', "maria.oliveira@example.com"):
        assert hidden not in json.dumps(seen), hidden


def test_what_is_approved_counts_as_a_contact_and_is_told(ready, pending, api):
    document = pending()
    _, seen = api.next("anna")
    assert contacts(ready) == []
    status, answer = api.decide("anna", seen["id"], YES)

    assert (status, answer["outcome"]) == (200, "approved")
    assert told(ready) == ["approved"]
    stored = message(ready, document)
    assert stored["status"] == outcome(ready) == "approved"
    assert stored["review"]["decision"]["verdict"] == "approve"
    assert len(contacts(ready)) == 1


def test_what_is_rejected_is_declined_with_its_reason_and_is_no_contact(ready, pending, api):
    document = pending()
    _, seen = api.next("anna")
    api.decide("anna", seen["id"], NO)

    stored = message(ready, document)
    assert stored["status"] == outcome(ready) == "declined"
    assert told(ready) == ["declined"]
    assert (stored["review"]["decision"]["reason"], stored["review"]["decision"]["words"]) == ("tone", "Too loud.")
    assert contacts(ready) == []


def test_a_decision_said_again_tells_nothing_again(ready, pending, api):
    pending()
    _, seen = api.next("anna")
    first = api.decide("anna", seen["id"], NO)

    assert api.decide("anna", seen["id"], NO) == first
    assert told(ready) == []


def test_whoever_asks_next_tells_what_was_cut_short(ready, pending, api):
    pending()
    _, seen = api.next("anna")
    ready.clients.fail("events:PutEvents")
    assert api.decide("anna", seen["id"], YES)[0] == 503
    assert api.next("ben") == (204, None)
    assert told(ready) == ["approved"]
    assert api.next("ben") == (204, None)
    assert told(ready) == []


def test_what_two_tell_at_the_same_time_is_counted_once(ready, pending, api, monkeypatch, capsys):
    pending()
    _, seen = api.next("anna")
    ready.clients.fail("events:PutEvents")
    api.decide("anna", seen["id"], YES)
    records = ReviewRecords(table=ready.table("ReviewTable"), dynamodb=ready.clients("dynamodb"))
    untold = list(records.news("greenedge", "outreach"))
    assert len(untold) == 1
    # Both read the news before either told it.
    monkeypatch.setattr(ReviewRecords, "news", lambda *_: iter(untold))
    for reviewer in ("ben", "cem"):
        api.next(reviewer)
        assert told(ready) == ["approved"]

    logged = capsys.readouterr().out
    assert [value for name in ("JudgeUpheld", "ApprovalRate") for value, _ in measured(logged, name)] == [100, 100]


def test_an_edit_is_what_is_sent_and_the_draft_stays_beside_it(ready, pending, api):
    document = pending()
    drafted = message(ready, document)["slots"]
    _, seen = api.next("anna")
    edit = seen["draft"] | {"subject": "Thank you from {{company.name}}"}
    status, _ = api.decide("anna", seen["id"], {"verdict": "edit", "edit": edit})

    stored = message(ready, document)
    assert (status, stored["status"], stored["subject"]) == (200, "approved", "Thank you from GreenEdge Lawn Care")
    assert stored["drafted"] == drafted
    assert stored["slots"]["subject"] == edit["subject"]


def test_an_edit_is_held_against_the_facts_too(ready, pending, api):
    document = pending()
    _, seen = api.next("anna")
    edit = seen["draft"] | {"body": seen["draft"]["body"].replace("{{offer.amount}}", "$999")}
    status, problem = api.decide("anna", seen["id"], {"verdict": "edit", "edit": edit})

    assert status == 409
    assert any("$999" in each and "contradicts a fact" in each for each in problem["problems"])
    assert message(ready, document)["status"] == "pending_review"


def test_what_has_no_source_is_approved_by_nobody_who_doesn_t_name_it(ready, pending, api):
    document = pending(*[INVENTED, scores(5)] * 3, findings=True)
    _, seen = api.next("anna")
    stops = [each["number"] for each in seen["claims"] if each["stops"]]
    status, problem = api.decide("anna", seen["id"], YES)

    assert (status, len(problem["problems"])) == (409, len(stops))
    assert message(ready, document)["status"] == "pending_review"
    status, _ = api.decide("anna", seen["id"], YES | {"seen": stops})
    assert (status, message(ready, document)["status"]) == (200, "approved")


def test_decisions_are_labels_of_the_draft_as_it_was_written(ready, pending, api):
    document = pending()
    drafted = message(ready, document)["slots"]
    _, seen = api.next("anna")
    api.decide("anna", seen["id"], {"verdict": "edit", "edit": seen["draft"] | {"subject": "Thank you"}})

    records = ReviewRecords(table=ready.table("ReviewTable"), dynamodb=ready.clients("dynamodb"))
    found = {("greenedge", seen["id"]): message(ready, document)}
    [label] = labels("greenedge", since="2026-01-01", records=records, find=lambda *key: found.get(key))
    assert (label.verdict, label.judged_good, label.reviewers, label.why) == ("edit", True, 1, ("all",))
    assert (label.drafted, label.edited["subject"]) == (drafted, "Thank you")
    assert list(labels("brightnest", since="2026-01-01", records=records, find=lambda *key: found.get(key))) == []


@pytest.mark.parametrize(
    ("review", "decision", "told"),
    [
        ({"all": True}, YES, [100]),
        ({"share": 1}, NO, [0]),
        # What else spoke for seeing it changes nothing, or the doubtful ones would be missing in the sample.
        ({"share": 1, "uncertain": {"below": 5}}, YES, [100]),
        # Seen because it is doubtful, or new, and not by lot.
        ({"uncertain": {"below": 5}}, NO, []),
        ({"new_segments": 5}, NO, []),
        # It says nothing of the draft.
        ({"share": 1}, {"verdict": "reject", "reason": "not_wanted"}, []),
    ],
)
def test_whether_people_upheld_the_judge_is_counted_once_and_of_a_fair_sample(
    pending, api, capsys, review, decision, told
):
    pending(draft(), scores(4), **review)
    _, seen = api.next("anna")
    capsys.readouterr()
    for _ in range(2):
        api.decide("anna", seen["id"], decision)

    judge = {"workflow": "outreach", "agent": "platform#outreach-judge", "version": "1"}
    assert measured(capsys.readouterr().out, "JudgeUpheld") == [(value, judge) for value in told]


def test_who_edits_a_draft_does_not_uphold_the_judge(pending, api, capsys):
    pending()
    _, seen = api.next("anna")
    api.decide("anna", seen["id"], {"verdict": "edit", "edit": seen["draft"] | {"subject": "Thank you"}})

    [(value, _)] = measured(capsys.readouterr().out, "JudgeUpheld")
    assert value == 0


def test_two_who_disagree_have_a_third_decide(ready, pending, api):
    document = pending(all=True, second_share=1)
    _, seen = api.next("anna")
    assert api.next("ben")[1]["id"] == seen["id"]
    assert api.decide("anna", seen["id"], YES)[1]["outcome"] is None
    assert api.decide("ben", seen["id"], NO)[1] == {"id": seen["id"], "outcome": None, "decisions": 2, "asked": 3}
    assert [api.next(each)[0] for each in ("anna", "ben")] == [204, 204]
    api.next("cem")
    assert api.decide("cem", seen["id"], NO)[1]["outcome"] == "declined"
    assert message(ready, document)["status"] == "declined"


def test_who_may_not_be_written_to_any_more_isn_t(ready, pending, api):
    document = pending()
    _, seen = api.next("anna")
    key = f"greenedge#{message(ready, document)['customer']}"
    row = {"contact": {"S": key}, "suppressed": {"S": "unsubscribed"}, "suppressedAt": {"S": "2026-11-20T09:00:00Z"}}
    ready.clients("dynamodb").put_item(TableName="OutreachContactsTable", Item=row)
    status, _ = api.decide("anna", seen["id"], YES)

    stored = message(ready, document)
    assert (status, stored["status"], stored["skip"]["reason"]) == (200, "skipped", "suppressed")
    assert told(ready) == ["skipped"]


def test_a_message_that_a_rerun_replaced_leaves_the_desk(ready, pending, begin, script, api, policy):
    document = pending()
    _, seen = api.next("anna")
    script(draft(), scores(5))
    ready.run({name: document[name] for name in ("tenant", "source", "event_id", "event_type")} | {"run": 2})
    status, problem = api.decide("anna", seen["id"], YES)

    assert (status, problem["problems"]) == (409, ["the item was concluded meanwhile: withdrawn; take the next one"])
    assert message(ready, document)["status"] == "superseded"
    assert api.next("anna")[1]["id"] != seen["id"]


def test_nobody_reviews_for_another_tenant(ready, pending, api):
    pending()
    _, seen = api.next("anna")

    assert api.next("eve", role="ReviewBrightNest") == (204, None)
    status, problem = api.decide("eve", seen["id"], YES, role="ReviewBrightNest")
    assert (status, problem["problems"]) == (409, ["there is no such item (any more); take the next one"])
    assert api.next("eve", role="Administrator")[0] == 403


def test_everything_that_is_wrong_with_a_decision_is_listed(ready, pending, api):
    pending()
    _, seen = api.next("anna")
    wrong = {"verdict": "reject", "reason": "ugly", "edit": {}, "seen": "1", "score": 5}
    _, problem = api.decide("anna", seen["id"], wrong)

    assert len(problem["problems"]) == 4
    assert api.decide("anna", seen["id"], None)[0] == 409


@pytest.fixture
def rollout(ready, registry):
    """All customers are given a version whose every message is seen."""
    first = registry.version(WRITER, 1)
    config, models = {**first.config, "review": {"all": True}}, ["amazon.nova-lite-v1:0"]
    registry.register(config, first.prompt, owner="platform", allowed_models=models, now=LONG_AGO)
    said = {"by": "anna", "reason": "because", "now": LONG_AGO}
    return ready.aliases().open_rollout(WRITER, {}, candidate=2, share=10_000, **said)


def test_each_role_allows_what_its_function_does_and_no_table_beside(ready, begin, script, rollout, api, monkeypatch):
    """A message is approved, another can't be sent any more, and of a third it was cut short to tell."""
    asked = noting(ready, monkeypatch)
    script(*[draft(), scores(5)] * 3)
    for number in range(3):
        ready.run(begin(outreach_requested(customer=customer()), event_id=f"msg_{number}"))
    for decision in (YES, YES, NO):
        _, seen = api.next("anna")
        if decision is NO:
            ready.clients.fail("events:PutEvents")
        api.decide("anna", seen["id"], decision)
    assert api.next("anna") == (204, None)

    people = {name: asked[name] for name in ("OutreachNextReviewFunction", "OutreachDecideReviewFunction")}
    assert refused({**people, "OutreachStoreFunction": asked["OutreachStoreFunction"]}) == {}
    assert unused(people) == {}
    assert ("dynamodb:PutItem", "ReviewTable") in asked["OutreachStoreFunction"]
