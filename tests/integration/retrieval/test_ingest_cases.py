"""Changes of cases become one ingestion; what can't be ingested now comes back."""

import json

import pytest
from agent_platform.errors import ConfigurationError, TransientError

from tests.integration.permissions import made_by, noting, refused
from tests.integration.stack import ROOT

INGEST = "IngestCasesFunction"
START = "bedrock-agent:StartIngestionJob"
[CHANGE] = json.loads((ROOT / "events/retrieval/ingest_cases.json").read_text())["Records"]
NOTHING_FAILED = {"batchItemFailures": []}


def changes(*ids):
    return {"Records": [CHANGE | {"messageId": each} for each in ids]}


def started(stack):
    return [call for call in stack.clients.calls if str(call) == START]


@pytest.fixture
def configured(stack):
    """A stack with a Knowledge Base that ingests the cases bucket."""
    for parameter, value in (("KnowledgeBaseId", "KB12345678"), ("CasesDataSourceId", "DS12345678")):
        stack.clients("ssm").put_parameter(Name=stack._ids[parameter], Value=value, Overwrite=True)
    job = {"ingestionJobId": "JOB1234567", "status": "STARTING"}
    stack.clients.answer(START, {"ingestionJob": job})
    return stack


def test_many_changes_are_one_ingestion(configured):
    assert configured.invoke(INGEST, changes("one", "two", "three")) == NOTHING_FAILED
    assert len(started(configured)) == 1


def test_while_another_ingestion_runs_every_change_comes_back(stack, configured):
    stack.clients.forget()
    stack.clients.fail(START, "ConflictException", 409)

    failed = configured.invoke(INGEST, changes("one", "two"))["batchItemFailures"]

    assert failed == [{"itemIdentifier": "one"}, {"itemIdentifier": "two"}]


@pytest.mark.parametrize("missing", ["KnowledgeBaseId", "CasesDataSourceId"])
def test_where_nothing_is_configured_it_is_said_and_done(configured, capsys, missing):
    configured.clients("ssm").put_parameter(Name=configured._ids[missing], Value="none", Overwrite=True)

    assert configured.invoke(INGEST, changes("one")) == NOTHING_FAILED
    assert started(configured) == []
    assert "no Knowledge Base is configured" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [("ThrottlingException", 429, TransientError), ("AccessDeniedException", 403, ConfigurationError)],
)
def test_what_bedrock_refuses_fails_by_a_name_and_so_comes_back(stack, configured, code, status, error):
    stack.clients.forget()
    stack.clients.fail(START, code, status)

    with pytest.raises(Exception, match=f"StartIngestionJob: {code}") as failure:
        configured.invoke(INGEST, changes("one"))

    # The function's process has its own copy of the platform.
    assert type(failure.value).__name__ == error.__name__


def test_its_role_allows_what_it_does(configured, monkeypatch):
    asked = noting(configured, monkeypatch)
    configured.invoke(INGEST, changes("one"))
    done = made_by({"retrieval"}, noted=asked)

    assert done[INGEST] == {("ssm:GetParameter", None), ("bedrock:StartIngestionJob", None)}
    assert refused(done) == {}
