"""The three calls of ingestion, by botocore's own client, so that shapes and statuses are the service's."""

import json
import threading

import pytest
from botocore.exceptions import ClientError

from local_aws.bedrock_wire import ingestion_jobs

IDS = {"knowledgeBaseId": "LOCALCASES", "dataSourceId": "LOCALFILES"}


@pytest.fixture
def cases(tmp_path, wire):
    """The folder of a knowledge base, with two cases that were never ingested."""
    write(tmp_path, "dog.md", "The customer's dog.")
    write(tmp_path, "lawn.md", "A tidy lawn.")
    wire.service.knowledge_bases.set({"id": "LOCALCASES", "folder": str(tmp_path)})
    return tmp_path


@pytest.fixture
def agent(wire, client):
    return client(wire, "bedrock-agent")


@pytest.fixture
def found(wire, client):
    runtime = client(wire, "bedrock-agent-runtime")

    def ask(text):
        answer = runtime.retrieve(knowledgeBaseId="LOCALCASES", retrievalQuery={"text": text})
        return sorted(each["location"]["s3Location"]["uri"].rpartition("/")[2] for each in answer["retrievalResults"])

    return ask


def write(folder, name, text, **attributes):
    (folder / name).write_text(text)
    metadata = {"metadataAttributes": {"tenant": "greenedge", **attributes}}
    (folder / f"{name}.metadata.json").write_text(json.dumps(metadata))


def ingested(agent):
    started = agent.start_ingestion_job(**IDS)["ingestionJob"]
    assert started["status"] == "STARTING"
    return agent.get_ingestion_job(**IDS, ingestionJobId=started["ingestionJobId"])["ingestionJob"]


def test_nothing_is_found_before_the_first_ingestion(cases, agent, found):
    assert found("dog") == []
    job = ingested(agent)

    assert job["status"] == "COMPLETE"
    assert job["statistics"]["numberOfNewDocumentsIndexed"] == 2
    assert found("dog") == ["dog.md", "lawn.md"]


def test_a_job_says_what_was_new_changed_and_deleted(cases, agent, found):
    ingested(agent)
    write(cases, "snow.md", "Snow on the roof.")
    write(cases, "dog.md", "Two dogs.", purpose="upsell")
    (cases / "lawn.md").unlink()
    assert found("anything") == ["dog.md", "lawn.md"], "a bucket's changes are nothing until they are ingested"

    statistics = ingested(agent)["statistics"]

    assert {name: count for name, count in statistics.items() if name.startswith("numberOf") and count} == {
        "numberOfDocumentsScanned": 2,
        "numberOfMetadataDocumentsScanned": 2,
        "numberOfNewDocumentsIndexed": 1,
        "numberOfModifiedDocumentsIndexed": 1,
        "numberOfMetadataDocumentsModified": 1,
        "numberOfDocumentsDeleted": 1,
    }
    assert found("anything") == ["dog.md", "snow.md"]


def test_a_broken_file_is_counted_and_named_and_the_others_are_there(cases, agent, found):
    (cases / "dog.md.metadata.json").write_text("{")

    job = ingested(agent)

    assert job["statistics"]["numberOfDocumentsFailed"] == 1
    assert job["failureReasons"] == ["dog.md.metadata.json is not a metadata file."]
    assert found("dog") == ["lawn.md"]


def test_a_bucket_that_can_t_be_read_fails_the_job_and_leaves_what_was_known(wire, cases, agent, found, monkeypatch):
    ingested(agent)
    monkeypatch.setattr("local_aws.bedrock_wire.case_sources.FolderSource.names", lambda _: 1 / 0)

    job = ingested(agent)

    assert (job["status"], job["failureReasons"]) == ("FAILED", ["The files of the data source can't be read."])
    assert found("dog") == ["dog.md", "lawn.md"]


@pytest.fixture
def slow(monkeypatch):
    """A folder that takes its time to be read: (somebody reads it, let it end)."""
    reading, go_on = threading.Event(), threading.Event()

    def names(_):
        reading.set()
        assert go_on.wait(5)
        return []

    monkeypatch.setattr("local_aws.bedrock_wire.case_sources.FolderSource.names", names)
    return reading, go_on


@pytest.fixture
def first(slow, cases, agent):
    """A job that somebody else started and that still runs."""
    reading, go_on = slow
    thread = threading.Thread(target=agent.start_ingestion_job, kwargs=IDS)
    thread.start()
    assert reading.wait(5)
    yield thread
    go_on.set()
    thread.join(5)


def test_one_job_runs_at_a_time(first, slow, agent, monkeypatch):
    monkeypatch.setattr(ingestion_jobs, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(agent.exceptions.ConflictException):
        agent.start_ingestion_job(**IDS)
    slow[1].set()
    first.join(5)
    assert ingested(agent)["status"] == "COMPLETE"


def test_a_job_that_is_soon_over_is_waited_for(first, slow, agent):
    threading.Timer(0.05, slow[1].set).start()
    assert ingested(agent)["status"] == "COMPLETE"


def test_jobs_are_listed_the_newest_first_page_by_page(cases, agent):
    jobs = [ingested(agent)["ingestionJobId"] for _ in range(3)]
    pages = agent.get_paginator("list_ingestion_jobs").paginate(**IDS, maxResults=2)

    assert [job["ingestionJobId"] for page in pages for job in page["ingestionJobSummaries"]] == jobs[::-1]
    only_failed = [{"attribute": "STATUS", "operator": "EQ", "values": ["FAILED"]}]
    assert agent.list_ingestion_jobs(**IDS, filters=only_failed)["ingestionJobSummaries"] == []


@pytest.mark.parametrize(
    ("operation", "ids"),
    [
        ("start_ingestion_job", IDS | {"knowledgeBaseId": "ABCDEFGHIJ"}),
        ("start_ingestion_job", IDS | {"dataSourceId": "ABCDEFGHIJ"}),
        ("get_ingestion_job", IDS | {"ingestionJobId": "ABCDEFGHIJ"}),
        ("list_ingestion_jobs", IDS | {"dataSourceId": "ABCDEFGHIJ"}),
    ],
)
def test_what_isn_t_there_is_not_found(cases, agent, operation, ids):
    with pytest.raises(ClientError) as failure:
        getattr(agent, operation)(**ids)
    assert failure.value.response["Error"]["Code"] == "ResourceNotFoundException"
