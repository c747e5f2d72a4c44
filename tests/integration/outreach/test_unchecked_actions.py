"""What the local AWS decides nothing on, Bedrock's actions and those of S3 Vectors: what roles allow of them is what
functions call, and the other way round, each by its name.
"""

from datetime import UTC, datetime

import pytest

from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.test_permissions import correct, find_a_case
from tests.integration.permissions import allowed, noting
from tests.integration.retrieval.test_ingest_cases import INGEST, START, changes
from tests.integration.retrieval.test_watch_ingestion import LIST, WATCH, WHOLE
from tests.integration.stack import FUNCTIONS

UNCHECKED = ("bedrock:", "s3vectors:")
EXPIRE = "ExpireProfilesFunction"


@pytest.fixture
def called(ready, crm, begin, monkeypatch):
    """What each function calls: a run with a model, a customer's services told and taken back, the cases, the clock."""
    find_a_case(ready)
    ready.clients("ssm").put_parameter(Name=ready.table("CasesDataSourceId"), Value="DS12345678", Overwrite=True)
    for tool, answer in (("write_email", draft()), ("score_email", scores(5))):
        ready.clients.answer("bedrock-runtime:Converse", conversed(tool, answer.tool_input))
    monkeypatch.setitem(FUNCTIONS["OutreachGenerateFunction"]["Environment"]["Variables"], "GUARDRAIL", "local")
    ready.clients.answer("bedrock-runtime:ApplyGuardrail", {"action": "NONE", "outputs": [], "assessments": []})
    asked = noting(ready, monkeypatch)
    ready.run(begin())
    expire(ready)
    correct(ready, crm)
    ready.clients.answer(START, {"ingestionJob": {"ingestionJobId": "JOB1234567", "status": "STARTING"}})
    ready.invoke(INGEST, changes("one"))
    ready.clients.answer(LIST, {"ingestionJobSummaries": [WHOLE]})
    ready.invoke(WATCH, {})
    return {function: unchecked(actions) for function, actions in asked.items()}


def conversed(tool, given):
    """What Converse answers if the model uses its tool."""
    content = [{"toolUse": {"toolUseId": "t-1", "name": tool, "input": given}}]
    message = {"output": {"message": {"role": "assistant", "content": content}}, "stopReason": "tool_use"}
    return message | {"usage": {"inputTokens": 100, "outputTokens": 100, "totalTokens": 200}}


def expire(stack):
    """Let the retention of a customer's profile be over, and the daily sweep find it."""
    vectors, index = stack.clients("s3vectors"), stack.profiles_index
    [profile] = vectors.list_vectors(indexArn=index, returnMetadata=True)["vectors"]
    over = profile["metadata"] | {"expiresAt": int(datetime.now(UTC).timestamp()) - 1}
    vectors.put_vectors(
        indexArn=index, vectors=[{"key": profile["key"], "data": {"float32": [1.0] * 256}, "metadata": over}]
    )
    stack.clients.calls.clear()
    stack.invoke(EXPIRE, {})


def unchecked(actions):
    return {action for action, _ in actions if action.startswith(UNCHECKED)}


def test_what_is_allowed_is_called_and_what_is_called_is_allowed(called):
    granted = {function: unchecked(allowed(function)) for function in FUNCTIONS}

    assert called == granted
