"""The stack on moto as the scripts see it: reached by an account, with its outputs."""

from types import SimpleNamespace

import pytest
from agent_platform.ingest.events import EventRecords
from agent_platform.ingest.sources import Sources

from tests.builders import service_completed
from tests.integration.open_events import receipts
from tests.integration.stack import of_type

START, WEBHOOK = "OutreachStartExecutionFunction", "ReceiveWebhookFunction"


@pytest.fixture
def account(stack):
    """The stack in the terms of operations.stack.Stack."""
    sqs, logs = stack.clients("sqs"), stack.clients("logs")
    logs.create_log_group(logGroupName="/aws/lambda/starter")
    logs.create_log_stream(logGroupName="/aws/lambda/starter", logStreamName="one")
    outputs = {
        "EventRecords": "EventRecordsTable",
        "Admission": "AdmissionTable",
        "OutreachMessages": "OutreachMessagesTable",
        **{f"{name}Url": sqs.get_queue_url(QueueName=name)["QueueUrl"] for name in of_type("SQS::Queue")},
        "OutreachStateMachineArn": stack.clients("stepfunctions").list_state_machines()["stateMachines"][0][
            "stateMachineArn"
        ],
    }
    records = EventRecords(table="EventRecordsTable", retention_days=30, dynamodb=stack.clients("dynamodb"))
    sources = Sources(
        table="SourcesTable", dummy_secret_arn="", dynamodb=stack.clients("dynamodb"),
        secrets_manager=stack.clients("secretsmanager"),
    )  # fmt: skip
    cloudformation = SimpleNamespace(
        describe_stack_resource=lambda **_: {"StackResourceDetail": {"PhysicalResourceId": "starter"}}
    )
    own = {"cloudformation": cloudformation}
    return SimpleNamespace(
        client=lambda name: own.get(name) or stack.clients(name),
        outputs=outputs,
        records=records,
        dynamodb=stack.clients("dynamodb"),
        sources=sources,
        api_url="https://the.api",
        profile={"stack_name": "the-stack"},
    )


@pytest.fixture
def accept(stack, crm):
    """Accept an event; its receipt, and what waits in the queue."""

    def accept(event_id="msg_1"):
        stack.invoke(WEBHOOK, crm.post(service_completed(), event_id=event_id))
        return receipts(stack)[event_id]["record"].replace("#", "."), stack.queued()

    return accept


@pytest.fixture
def started(stack, accept):
    """Accept an event and start it; its receipt and its execution's ARN."""

    def started(event_id="msg_1"):
        receipt, queued = accept(event_id)
        stack.invoke(START, queued)
        return receipt, receipts(stack)[event_id]["executionArn"]

    return started
