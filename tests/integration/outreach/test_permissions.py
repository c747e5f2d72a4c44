"""Whether each function's role in the template allows what the function does, seen in one whole way of an event."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.features import store
from agent_platform.ingest import slot_release
from agent_platform.ingest.runs import execution_arn
from agent_platform.references import EventReference
from agent_platform.tenants import customer_reference
from outreach.contacts import Contacts

from tests.builders import customer, outreach_requested, service_completed, service_voided
from tests.integration.crm import Producer
from tests.integration.open_events import let_time_pass
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.sent_messages import day, deliver, put_message, tell
from tests.integration.permissions import made_by, noting, refused, unused
from tests.integration.stack import FUNCTIONS, GENERATED, RESOURCES

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
# What else the writer and the judge are asked for, and who tests it.
BY_AN_EVALUATION = {("dynamodb:GetItem", "RecordingsTable")}
# What Store does where people must see a message, which test_review_desk has.
BY_A_REVIEW = {("dynamodb:PutItem", "ReviewTable")}
# What test_casebook shows of its role, with cases to publish and to take back.
TESTED_WITH_CASES = {"OutreachPublishCaseFunction"}
# And test_review_desk of theirs, with people who decide.
TESTED_WITH_PEOPLE = {"OutreachNextReviewFunction", "OutreachDecideReviewFunction"}
REFERENCE = ("tenant", "source", "event_id", "event_type")


@pytest.fixture
def walked(ready, crm, begin, script, monkeypatch):
    """What each function did when a run failed, was rerun with a rewrite and again, for further events, and a sweep.

    One customer was written to between the decision and the message. A rollout of the writer is open.
    """
    begin_rollout(ready)
    find_a_case(ready)
    # As after more events of a customer than a test can send.
    monkeypatch.setattr(store, "MOST_LOOSE", 0)
    asked = noting(ready, monkeypatch)
    script(draft(), scores(2), draft(), scores(5), *[draft(), scores(5)] * 4)
    document = begin(materialized=False)
    run_ahead(ready, document)
    fail(ready, document)
    correct(ready, crm)
    document = ready.run({**document, "run": 2})
    forget_contact(ready, document)
    ready.run({**{name: document[name] for name in REFERENCE}, "run": 3})
    forget_contact(ready, document)
    ready.run(begin(outreach_requested(customer=customer()), event_id="msg_2"))
    forget_contact(ready, document)
    late = begin(outreach_requested(customer=customer()), event_id="msg_3")
    for state in ("Validate", "Enrich", "Retrieve", "Generate", "Judge"):
        late, _ = ready.step(state, late)
    ready.run(begin(outreach_requested(customer=customer()), event_id="msg_4"))
    stored, _ = ready.step("Store", late)
    assert stored["message"]["status"] == "skipped"
    meet_again(ready, begin)
    reconcile(ready, crm, begin)
    leave_a_slot(ready, begin, monkeypatch)
    settle(ready)
    stream(ready, crm)
    made = made_by({"ingest", "outreach"}, noted=asked)
    return {name: actions for name, actions in made.items() if name not in TESTED_WITH_CASES | TESTED_WITH_PEOPLE}


def find_a_case(stack):
    """Let a Knowledge Base be there, and find a past case for each run."""
    name = stack.table("KnowledgeBaseId")
    stack.clients("ssm").put_parameter(Name=name, Value="KB12345678", Type="String", Overwrite=True)
    case = {
        "content": {"text": "A case."},
        "location": {"type": "S3", "s3Location": {"uri": "s3://cases/greenedge/a-case.md"}},
        "metadata": {"tenant": "greenedge", "purpose": "referral", "season": "any"},
    }
    for _ in range(10):
        stack.clients.answer("bedrock-agent-runtime:Retrieve", {"retrievalResults": [case]})


def run_ahead(stack, document):
    """Let a run be faster than what materializes its event's features."""
    for state in ("Validate", "Enrich"):
        document, _ = stack.step(state, document)


def correct(stack, crm):
    """Let a service that was told of before never have been, and the only one of a customer who is like nobody then."""
    stack.invoke("ReceiveWebhookFunction", crm.post(service_voided(), event_id="msg_voided"))
    only = service_voided(customer={"id": "cust-without-services"})
    stack.invoke("ReceiveWebhookFunction", crm.post(only, event_id="msg_voided_2"))
    stack.invoke("OutreachMaterializeFeaturesFunction", stack.queued("OutreachFeaturesQueue"))


def begin_rollout(stack):
    """Give half of the customers the shipped writer's second version."""
    first = stack.registry().version("platform#outreach-writer", 1)
    second = stack.registry().register(
        {**first.config, "max_attempts": 2}, first.prompt, owner="platform",
        allowed_models=["amazon.nova-lite-v1:0"], now=NOW,
    )  # fmt: skip
    stack.aliases().open_rollout(
        second.agent_id, {}, candidate=second.version, share=5_000, by="anna", reason="because", now=NOW
    )


def meet_again(stack, begin):
    """Let an event come of a customer who was forgotten."""
    forgotten = customer_reference("greenedge", "crm-forgotten", key=GENERATED["ReferenceKey"].encode())
    contacts = Contacts(table="OutreachContactsTable", dynamodb=stack.clients("dynamodb"))
    contacts.forget("greenedge", forgotten, at="2026-11-20T09:00:00Z")
    stack.step("Validate", begin(service_completed(customer=customer(id="crm-forgotten")), event_id="msg_forgotten"))


def reconcile(stack, crm, begin):
    """Let a sweep meet an event whose execution was aborted unseen, and one that never started."""
    begin(event_id="msg_5")
    stack.invoke("ReceiveWebhookFunction", crm.post(service_completed(), event_id="msg_6"))
    let_time_pass(stack)
    stack.clients.answer("states:DescribeExecution", {"executionArn": "arn", "status": "ABORTED"})
    stack.clients.answer("states:GetExecutionHistory", {"events": []})
    stack.invoke("ReconcileFunction", {})


def leave_a_slot(stack, begin, monkeypatch):
    """Let a run end that nobody sees the end of, then a sweep of the slots; and let its message come once more."""
    detail = begin(event_id="msg_7")
    states, machine = stack.clients("stepfunctions"), stack.environment("OutreachStartExecutionFunction")
    states.stop_execution(executionArn=execution_arn(machine["STATE_MACHINE_ARN"], EventReference.of(detail)))
    monkeypatch.setattr(slot_release, "_PATIENCE", timedelta(minutes=-1))
    stack.invoke("ReleaseSlotsFunction", {})
    message = {"messageId": "again", "body": json.dumps({"detail": detail})}
    assert stack.invoke("OutreachStartExecutionFunction", {"Records": [message]}) == {"batchItemFailures": []}


def settle(stack):
    """Let a message be sent and complained of, tell of one that nobody knows, and let a sweep count the first."""
    agents = {"writer": {"agent_id": "platform#outreach-writer", "version": 2, "rollout": 1, "arm": "candidate"}}
    known = put_message(stack, purpose="upsell", retrieval="found", passages=["a-case"], agents=agents)
    for kind, message_id in (("sent", known), ("complained", known), ("booked", known), ("sent", "unheard of"),
                             ("unsubscribed", "unheard of")):  # fmt: skip
        assert deliver(stack, tell(stack, kind, message_id, at=day(1), event_id=f"{kind}-{message_id}")) == []
    stack.invoke("OutreachSettleOutcomesFunction", {})


def stream(stack, crm):
    """Let the reader of the stream take an event in, and refuse another."""
    producer = Producer(crm.source, crm.secret)
    records = [producer.record(service_completed(), event_id="msg_streamed"), producer.raw("{")]
    assert stack.invoke("ReadStreamFunction", {"Records": records}) == {"batchItemFailures": []}


def fail(stack, document):
    """Let a run be aborted in its first state."""
    stack.clients.answer("states:GetExecutionHistory", {"events": []})
    arn = f"arn:of:{EventReference.of(document).execution_name}"
    detail = {"executionArn": arn, "status": "ABORTED", "input": json.dumps(document)}
    stack.invoke("RecordFailureFunction", {"detail": detail})


def forget_contact(stack, document):
    """Forget that the customer was written to, so that the next run writes again."""
    key = {"contact": {"S": f"{document['tenant']}#{document['request']['customer']}"}}
    stack.clients("dynamodb").delete_item(TableName="OutreachContactsTable", Key=key)


def test_each_role_allows_what_its_function_does(done):
    assert [name for name, asked in done.items() if not asked] == [], "a function did nothing"
    assert refused(done) == {}


def test_each_role_allows_no_table_that_its_function_never_touches(done):
    assert unused(done, elsewhere=BY_AN_EVALUATION | BY_A_REVIEW) == {}


def test_the_model_policy_is_on_writer_and_judge_alone():
    holders = {name for name, each in FUNCTIONS.items() if {"Ref": "OutreachModelPolicy"} in each.get("Policies", [])}
    assert holders == {"OutreachGenerateFunction", "OutreachJudgeFunction"}
    assert "OutreachModelPolicy" in RESOURCES
