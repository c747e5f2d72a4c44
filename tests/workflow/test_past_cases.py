"""A case that is written or deleted is found, or not any more, seconds later: bucket, events, queue, ingestion."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from agent_platform.retrieval.knowledge_base import Scope, candidates
from outreach.casebook.circulation import FEWEST_CUSTOMERS

from operations.seed import LOCAL_DATA_SOURCE, local_knowledge_base
from tests.workflow.deployed import Deployed
from tests.workflow.test_outcomes import tell  # noqa: F401 - what became of a message

KEY = "greenedge/referral-labyrinth.md"
SCOPE = Scope("greenedge", "referral", "autumn")


@pytest.fixture
def written(deployed: Deployed) -> Iterator[None]:
    """A case of GreenEdge's, as whoever publishes one writes it."""
    s3, bucket = deployed.stack.client("s3"), deployed.stack.outputs["Cases"]
    attributes = {"tenant": "greenedge", "purpose": "referral", "season": "any"}
    s3.put_object(Bucket=bucket, Key=f"{KEY}.metadata.json", Body=json.dumps({"metadataAttributes": attributes}))
    s3.put_object(Bucket=bucket, Key=KEY, Body="# A labyrinth of hedges\n\nReferred the whole street.")
    yield
    for key in (KEY, f"{KEY}.metadata.json"):
        s3.delete_object(Bucket=bucket, Key=key)


@pytest.fixture
def found(deployed: Deployed) -> Callable[[], bool]:
    """Whether the case is among the candidates for somebody with a labyrinth."""
    runtime = deployed.stack.client("bedrock-agent-runtime")

    def look() -> bool:
        knowledge_base = local_knowledge_base(deployed.stack)
        passages = candidates(knowledge_base, "a labyrinth of hedges", scope=SCOPE, runtime=runtime)
        return "referral-labyrinth" in [passage.source for passage in passages]

    return look


def test_a_case_is_found_once_it_is_written_and_no_more_once_it_is_deleted(
    deployed: Deployed, found: Callable[[], bool], request: pytest.FixtureRequest
) -> None:
    assert not found()
    request.getfixturevalue("written")
    deployed.until(found, "the new case")

    s3, bucket = deployed.stack.client("s3"), deployed.stack.outputs["Cases"]
    s3.delete_object(Bucket=bucket, Key=KEY)

    deployed.until(lambda: not found(), "the end of the deleted case")


def test_what_is_no_case_starts_no_ingestion(deployed: Deployed, found: Callable[[], bool], written: None) -> None:
    agent, s3 = deployed.stack.client("bedrock-agent"), deployed.stack.client("s3")

    def put(key: str) -> None:
        s3.put_object(Bucket=deployed.stack.outputs["Cases"], Key=key, Body="# A labyrinth of hedges, again")

    def jobs() -> int:
        listed = agent.get_paginator("list_ingestion_jobs").paginate(
            knowledgeBaseId=local_knowledge_base(deployed.stack), dataSourceId=LOCAL_DATA_SOURCE
        )
        return sum(len(page["ingestionJobSummaries"]) for page in listed)

    deployed.until(found, "the new case")
    deployed.until(lambda: idle(deployed), "the end of the changes before")
    before = jobs()
    put("greenedge/notes.txt")
    put(KEY)
    deployed.until(lambda: jobs() > before and idle(deployed), "an ingestion")

    assert jobs() - before == 1


def idle(deployed: Deployed) -> bool:
    """Whether no change of a case waits or is being worked on."""
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    queue = deployed.stack.outputs["CaseChangesQueueUrl"]
    found = deployed.stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=counts)["Attributes"]
    return {found[name] for name in counts} == {"0"}


def test_messages_that_brought_somebody_become_cases(
    deployed: Deployed,
    sample: Callable[..., dict[str, Any]],
    tell: Callable[..., str],  # noqa: F811 - pytest's way to name a fixture
) -> None:
    receipts = [deployed.send(sample("good-referral")).body["receipt"] for _ in range(FEWEST_CUSTOMERS)]
    messages = [deployed.message(receipt)["messageId"] for receipt in receipts]
    for message in messages:
        deployed.outcome(tell(message, "sent"))
        tell(message, "referred")
    digests = [hashlib.sha256(f"{deployed.tenant}#{message}".encode()).hexdigest()[:12] for message in messages]
    s3, bucket = deployed.stack.client("s3"), deployed.stack.outputs["Cases"]

    def published() -> bool:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{deployed.tenant}/")
        keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
        return all(any(key.endswith(f"-{digest}.md") for key in keys) for digest in digests)

    deployed.until(published, "a case of each message")
