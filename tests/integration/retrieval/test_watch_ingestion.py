"""Whether the newest ingestion took every case in is told by a metric."""

import json

import pytest

from tests.integration.permissions import made_by, noting, refused

WATCH = "WatchIngestionFunction"
LIST = "bedrock-agent:ListIngestionJobs"
GOING_ON = {"status": "IN_PROGRESS", "statistics": {"numberOfDocumentsFailed": 0}}
WHOLE = {"status": "COMPLETE", "statistics": {"numberOfDocumentsFailed": 0}}
IN_PART = {"status": "COMPLETE", "statistics": {"numberOfDocumentsFailed": 2}}
FAILED = {"status": "FAILED"}


@pytest.fixture
def configured(stack):
    """A stack with a Knowledge Base that ingests the cases bucket."""
    for parameter, value in (("KnowledgeBaseId", "KB12345678"), ("CasesDataSourceId", "DS12345678")):
        stack.clients("ssm").put_parameter(Name=stack._ids[parameter], Value=value, Overwrite=True)
    return stack


@pytest.fixture
def told(configured, capsys):
    """What is told of these jobs, the newest first."""

    def told(*jobs):
        configured.clients.answer(LIST, {"ingestionJobSummaries": list(jobs)})
        configured.invoke(WATCH, {})
        blobs = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
        return [(blob["workflow"], blob["CasesNotIngested"]) for blob in blobs]

    return told


@pytest.mark.parametrize(
    ("jobs", "cases"),
    [([WHOLE, FAILED], 0), ([IN_PART], 2), ([FAILED, WHOLE], 1), ([GOING_ON, IN_PART, WHOLE], 2)],
)
def test_the_newest_ingestion_that_ended_says_how_many_cases_it_left_out(told, jobs, cases):
    assert told(*jobs) == [("retrieval", [cases])]


@pytest.mark.parametrize("jobs", [[], [GOING_ON]])
def test_while_none_has_ended_there_is_nothing_to_tell(told, jobs):
    assert told(*jobs) == []


def test_the_newest_are_asked_for(told, configured):
    told(WHOLE)
    [asked] = [call.parameters for call in configured.clients.calls if str(call) == LIST]

    assert asked["sortBy"] == {"attribute": "STARTED_AT", "order": "DESCENDING"}


def test_where_nothing_is_configured_nothing_is_asked(stack, capsys):
    stack.invoke(WATCH, {})

    assert LIST not in map(str, stack.clients.calls)
    assert '"_aws"' not in capsys.readouterr().out


def test_what_bedrock_refuses_fails_by_a_name(configured):
    configured.clients.fail(LIST, "AccessDeniedException", 403)

    with pytest.raises(Exception, match="ListIngestionJobs: AccessDeniedException") as failure:
        configured.invoke(WATCH, {})
    assert type(failure.value).__name__ == "ConfigurationError"


def test_its_role_allows_what_it_does(configured, monkeypatch):
    asked = noting(configured, monkeypatch)
    configured.clients.answer(LIST, {"ingestionJobSummaries": [WHOLE]})
    configured.invoke(WATCH, {})
    done = made_by({"retrieval"}, noted=asked)

    assert done[WATCH] == {("ssm:GetParameter", None), ("bedrock:ListIngestionJobs", None)}
    assert refused(done) == {}
