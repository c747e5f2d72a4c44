"""Whether each role allows what its function does in an evaluation, and an evaluation's own no table more."""

import json

import pytest

from tests.integration.outreach.answers import draft, scores
from tests.integration.permissions import made_by, noting, refused, unused
from tests.integration.stack import RESOURCES

ASKED = ("OutreachGenerateFunction", "OutreachJudgeFunction")


@pytest.fixture
def walked(recorded, second, ready, evaluation, script, monkeypatch):
    """What each function did in an evaluation of the last requests and in one of a named set."""
    requests = recorded(2)
    asked = noting(ready, monkeypatch)
    script(*[draft(), scores(5)] * 4)
    evaluation().run()
    ready.clients("s3").put_object(Bucket="evaluationsbucket", Key="set.json", Body=json.dumps(requests).encode())
    assert evaluation(requests="set.json").run()["plan"]["left"] == 0
    return asked


def test_each_role_allows_what_its_function_does(done):
    own = made_by({"agent_evaluation"}, noted=done)

    assert all(own.values()), "a function did nothing"
    assert refused(own) == {}
    assert refused({name: done[name] for name in ASKED}) == {}


def test_each_role_allows_no_table_that_its_function_never_touches(done):
    assert unused(made_by({"agent_evaluation"}, noted=done)) == {}


def test_an_evaluation_may_invoke_the_writer_and_the_judge_and_nobody_may_store():
    [statement] = RESOURCES["OutreachEvaluationPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"] == [{"Fn::GetAtt": f"{name}.Arn"} for name in ASKED]
    assert RESOURCES["OutreachEvaluationPolicy"]["Properties"]["Roles"] == [{"Ref": "AgentEvaluationStateMachineRole"}]
