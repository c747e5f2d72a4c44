"""Two customers who went the whole way through the system, and the doors by which one of them is given or forgotten."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from agent_platform.evaluations.archive import Archive
from agent_platform.moments import iso
from agent_platform.references import EventReference
from agent_platform.retrieval.vectors import VectorIndex
from agent_platform.reviews.desk import ReviewDesk
from agent_platform.reviews.items import Decision, ReviewItem
from agent_platform.reviews.records import ReviewRecords

from operations import export, forget
from tests.builders import customer_updated, outcome_recorded, service_completed
from tests.canaries import Canary, canary
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.conftest import begin, ready, registry, script
from tests.integration.outreach.sent_messages import RECORD
from tests.integration.stack import GENERATED, of_type
from tests.unit.agent_platform.evaluations.pairing import pair

__all__ = ["begin", "ready", "registry", "script"]

WRITER, TENANT = "platform#outreach-writer", "greenedge"
ANNA = {"by": "anna", "reason": "because", "now": datetime(2026, 11, 20, 9, tzinfo=UTC)}


@dataclass(frozen=True)
class Known:
    """A customer of whom something stands everywhere: who they are, their reference, their message and its event."""

    bird: Canary
    reference: str
    message_id: str
    event: EventReference


@pytest.fixture
def account(account, stack, crm, monkeypatch):
    """The account with what the doors of erasure ask it for."""
    account.reference_key = GENERATED["ReferenceKey"].encode()
    account.parameters = {"RetentionDays": "90"}
    account.outputs |= {
        "CostLedger": "CostLedgerTable",
        "CustomerFeatures": "FeatureStoreTable",
        "OutreachCases": "OutreachCasesTable",
        "OutreachContacts": "OutreachContactsTable",
        "Recordings": "RecordingsTable",
        "Experiments": "ExperimentsTable",
        "Evaluations": "evaluationsbucket",
        "Cases": "casesbucket",
        "Inbox": "inboxbucket",
        "Reviews": "ReviewTable",
        "ProfilesIndexArn": stack.profiles_index,
        "EmbeddingSpace": "amazon.titan-embed-text-v2:0/256",
    }
    for door in (export, forget):
        monkeypatch.setattr(door, "Stack", lambda _: account)
    return account


@pytest.fixture
def rollout(ready):
    """A second version of the writer, which everybody is given."""
    first = ready.registry().version(WRITER, 1)
    config = {**first.config, "max_attempts": 1}
    ready.registry().register(
        config, first.prompt, owner="platform", allowed_models=["amazon.nova-lite-v1:0"], now=ANNA["now"]
    )
    return ready.aliases().open_rollout(WRITER, {"alpha": 0.05}, candidate=2, share=10_000, **ANNA)


@pytest.fixture
def archive(stack):
    """The stack's evaluations."""
    return Archive(bucket="evaluationsbucket", s3=stack.clients("s3"))


@pytest.fixture
def live(ready, crm, begin, script, rollout, archive, capsys):
    """Let a canary of this number be a customer, from the webhook to what became of their message."""

    def live(number: int) -> Known:
        bird = canary(number)
        script(draft(), scores(5))
        document = ready.run(begin(bird.in_place_of_the_customer(service_completed()), event_id=f"msg_{number}"))
        message_id = document["message"]["message_id"]
        tell(ready, crm, message_id, number)
        update(ready, crm, bird, number)
        evaluate(archive, message_id)
        review(ready, message_id)
        # What the functions logged.
        capsys.readouterr()
        return Known(bird, document["request"]["customer"], message_id, EventReference.of(document))

    return live


def tell(stack: Any, crm: Any, message_id: str, number: int) -> None:
    """Let the message have been sent, and its customer have booked."""
    now = datetime.now(UTC)
    for kind in ("sent", "booked"):
        event = outcome_recorded(message_id=message_id, outcome=kind, time=iso(now - timedelta(minutes=1)))
        stack.invoke("ReceiveWebhookFunction", crm.post(event, event_id=f"{kind}_{number}"))
        stack.invoke(RECORD, stack.queued("OutreachOutcomesQueue"))
        stack.invoke("OutreachPublishCaseFunction", stack.queued("OutreachCasesQueue"))


def update(stack: Any, crm: Any, bird: Canary, number: int) -> None:
    """Let the customer's record change, by an event that starts no run."""
    event = bird.in_place_of_the_customer(customer_updated())
    stack.invoke("ReceiveWebhookFunction", crm.post(event, event_id=f"update_{number}"))
    stack.invoke("OutreachMaterializeFeaturesFunction", stack.queued("OutreachFeaturesQueue"))


def evaluate(archive: Archive, recording: str) -> None:
    """Let an evaluation have written to the message's request once more, and show it in its result."""
    written = replace(pair(), recording=recording)
    archive.put_pair("an-evaluation", written)
    shown = {"tenant": TENANT, "recording": recording, "candidate": {"texts": written.arms["candidate"].texts}}
    try:
        losses = archive.result("an-evaluation")["losses"]
    except archive._s3.exceptions.NoSuchKey:
        losses = []
    archive.put_result("an-evaluation", {"sentence": "Both alike.", "losses": [*losses, shown]})


def review(stack: Any, message_id: str) -> None:
    """Let one of two people have decided on the message, with other words."""
    now, dynamodb = datetime.now(UTC), stack.clients("dynamodb")
    desk = ReviewDesk(ReviewRecords(table="ReviewTable", dynamodb=dynamodb), dynamodb=dynamodb)
    item = ReviewItem(TENANT, "outreach", message_id, ("all",), 2, 30, iso(now), 4_000_000_000)
    dynamodb.transact_write_items(TransactItems=[desk.opened(item)])
    assert desk.next(TENANT, "outreach", "anna", now=now)
    desk.decide(TENANT, message_id, "anna", Decision("edit", edit={"body": "Hello."}), now=now)


def everything(stack: Any) -> dict[str, str]:
    """All that stands in every table, bucket and the vector index, as text by where it stands."""
    found = {name: json.dumps(stack.items(name), ensure_ascii=False) for name in of_type("DynamoDB::Table")}
    s3 = stack.clients("s3")
    for bucket in (name.lower() for name in of_type("S3::Bucket")):
        for listed in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            body = s3.get_object(Bucket=bucket, Key=listed["Key"])["Body"].read().decode()
            found[f"{bucket}/{listed['Key']}"] = f"{listed['Key']}\n{body}"
    index = VectorIndex(stack.profiles_index, stack.clients("s3vectors"))
    found["vectors"] = json.dumps([[key, dict(metadata)] for key, metadata in index.all()])
    return found
