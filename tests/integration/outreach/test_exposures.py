"""A rollout's customers as the six states write them: the arm before anything came of it, the outcome once."""

from datetime import UTC, datetime

import pytest
from agent_platform.errors import ConfigurationError, ModelRefused

from tests.builders import service_completed
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.traces import measured

WRITER, NOW = "platform#outreach-writer", datetime(2026, 11, 20, 9, tzinfo=UTC)
ANNA = {"by": "anna", "reason": "because", "now": NOW}


@pytest.fixture
def rollout(ready):
    """A second version of the writer, which everybody is given."""
    first = ready.registry().version(WRITER, 1)
    config = {**first.config, "max_attempts": 1}
    ready.registry().register(config, first.prompt, owner="platform", allowed_models=["amazon.nova-lite-v1:0"], now=NOW)
    return ready.aliases().open_rollout(WRITER, {"alpha": 0.05}, candidate=2, share=10_000, **ANNA)


def before_store(stack, document):
    for state in ("Validate", "Enrich", "Retrieve", "Generate", "Judge"):
        document, _ = stack.step(state, document)
    return document


def exposures(stack):
    return stack.items("ExperimentsTable")


def test_outside_a_rollout_nothing_is_recorded(ready, begin, script):
    script(draft(), scores(5))
    ready.run(begin())

    assert exposures(ready) == []


def test_the_exposure_stands_before_the_model_is_asked_and_says_who_got_what_why(ready, begin, rollout):
    document, _ = ready.step("Validate", begin())
    [exposure] = exposures(ready)

    assert exposure["experiment"] == f"{WRITER}#{rollout}"
    assert exposure["customer"] == f"greenedge#{document['request']['customer']}"
    writer = document["request"]["agents"]["writer"]
    assert {name: exposure[name] for name in ("arm", "version", "bucket", "share")} == {
        "arm": "candidate", "version": 2, "bucket": writer["bucket"], "share": 10_000,
    }  # fmt: skip
    assert exposure["outcomes"] == {}
    assert exposure["expiresAt"] > NOW.timestamp()


def test_the_first_exposure_stays(ready, begin, rollout):
    document = begin()
    ready.step("Validate", document)
    first = exposures(ready)
    ready.step("Validate", {**document, "run": 2})

    assert exposures(ready) == first


def test_a_customer_who_is_not_written_to_is_not_exposed(ready, begin, rollout):
    event = service_completed()
    event["data"]["customer"]["consent"] = None
    document, _ = ready.step("Validate", begin(event))

    assert document["request"]["decision"] == "skip"
    assert exposures(ready) == []


@pytest.mark.parametrize(("score", "approved"), [(5, 1.0), (2, 0.0)])
def test_store_tells_what_came_of_it(ready, begin, script, rollout, score, approved):
    script(draft(), scores(score))
    ready.run(begin())
    [exposure] = exposures(ready)

    assert {metric: each["value"] for metric, each in exposure["outcomes"].items()} == {
        "ApprovalRate": approved, "JudgeScore": score, "RetryRate": 0, "GenerationTime": 700, "CostMicros": 60,
        "ContradictedClaims": 0,
    }  # fmt: skip


def test_a_store_that_was_cut_short_after_its_transaction_tells_it_when_it_is_repeated(ready, begin, script, rollout):
    script(draft(), scores(5))
    document = before_store(ready, begin())
    ready.clients.fail("dynamodb:UpdateItem", code="ValidationException", status=400)
    with pytest.raises(ConfigurationError):
        ready.step("Store", document)
    assert exposures(ready)[0]["outcomes"] == {}

    stored, _ = ready.step("Store", document)
    [exposure] = exposures(ready)
    assert stored["message"]["status"] == "approved"
    assert exposure["outcomes"]["ApprovalRate"]["value"] == 1
    assert len(ready.items("OutreachMessagesTable")) == 1


def test_what_was_told_first_stays(ready, begin, script, rollout):
    script(draft(), scores(5))
    document = before_store(ready, begin())
    ready.step("Store", document)
    first = exposures(ready)
    ready.step("Store", document)

    assert exposures(ready) == first


def test_what_another_arm_did_is_not_counted(ready, begin, script, rollout):
    script(draft(), scores(5))
    document = before_store(ready, begin())
    document["request"]["agents"]["writer"]["arm"] = "baseline"
    ready.step("Store", document)

    assert exposures(ready)[0]["outcomes"] == {}
    assert len(ready.items("OutreachMessagesTable")) == 1


def test_a_message_that_came_too_late_is_no_failed_run_and_no_approval(ready, begin, script, rollout):
    script(draft(), scores(5), draft(), scores(5))
    late = before_store(ready, begin())
    ready.run(begin(event_id="msg_2"))
    key = {name: {"S": exposures(ready)[0][name]} for name in ("experiment", "customer")}
    ready.clients("dynamodb").update_item(
        TableName="ExperimentsTable", Key=key, UpdateExpression="SET outcomes = :none",
        ExpressionAttributeValues={":none": {"M": {}}},
    )  # fmt: skip
    stored, _ = ready.step("Store", late)

    assert stored["message"]["status"] == "skipped"
    assert exposures(ready)[0]["outcomes"].keys() == {"Skipped"}


def test_a_writer_that_fails_rings_its_own_version_s_alarm(ready, begin, script, rollout, capsys):
    script(ModelRefused("converse: AccessDeniedException"))
    document = begin()
    for state in ("Validate", "Enrich", "Retrieve"):
        document, _ = ready.step(state, document)
    capsys.readouterr()
    with pytest.raises(ModelRefused):
        ready.step("Generate", document)

    dimensions = {"workflow": "outreach", "agent": WRITER, "version": "2"}
    assert measured(capsys.readouterr().out, "Errors") == [(1, dimensions)]
