"""A case that is written or deleted is found, or not any more, seconds later: bucket, events, queue, ingestion."""

import json
from collections.abc import Callable, Iterator

import pytest
from agent_platform.retrieval.knowledge_base import Scope, candidates

from operations.seed import LOCAL_DATA_SOURCE, local_knowledge_base
from tests.workflow.deployed import Deployed

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
