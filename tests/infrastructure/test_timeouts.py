"""Timeouts nest: a slow model is an error with a name, and neither a killed function nor a lost state."""

import json
from itertools import repeat

import pytest
from agent_platform import aws
from agent_platform.errors import MalformedOutput
from outreach.drafting import write_draft
from outreach.judging import judge_draft

from tests.fakes import completion
from tests.infrastructure import template
from tests.infrastructure.definitions import definitions, workflows
from tests.infrastructure.sources import ROOT, modules
from tests.unit.outreach import writing_cases as case

TASKS = [
    pytest.param(task, template.function(definition.properties["DefinitionSubstitutions"][
        task["Resource"].strip("${}")]["Fn::GetAtt"][0]), id=f"{definition}-{name}")
    for definition in definitions()
    for name, task in definition.functions.items()
]  # fmt: skip
# The longest that API Gateway waits for a proxy's answer.
API_GATEWAY_SECONDS = 29


@pytest.fixture
def limits_of(monkeypatch):
    """The configuration of a service's client, as a function has it."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    aws.client.cache_clear()
    yield lambda service: aws.client(service).meta.config
    aws.client.cache_clear()


class NeverInShape:
    """A model that answers what nobody can read; it counts how often it is asked."""

    def __init__(self):
        self._answers = repeat(completion("I would rather not."))
        self.calls = 0

    def __call__(self, **request):
        self.calls += 1
        return next(self._answers)


def calls_of_generate(converse):
    write_draft(case.shipped_agent("outreach-writer"), case.request(), case.features(), case.passages(),
                prepared=case.prepared(), brand=case.greenedge(), verdict=None, converse=converse)  # fmt: skip


def calls_of_judge(converse):
    draft = case.GOOD_EMAIL | {"attempt": 1, "findings": [], "usage": {}, "repaired": False}
    judge_draft(case.shipped_agent("outreach-judge"), draft, case.request(), case.features(),
                prepared=case.prepared(), brand=case.greenedge(), previous=None, max_attempts=3,
                converse=converse)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "work"), [("OutreachGenerateFunction", calls_of_generate), ("OutreachJudgeFunction", calls_of_judge)]
)
def test_all_calls_of_a_model_fit_into_the_function_s_time(name, work, limits_of):
    limits, converse = limits_of("bedrock-runtime"), NeverInShape()

    with pytest.raises(MalformedOutput):
        work(converse)

    assert converse.calls >= 1
    assert converse.calls * (limits.connect_timeout + limits.read_timeout) < template.function(name).timeout


def test_the_functions_above_are_all_that_call_a_model():
    apps = {each.name: ".".join((*each.folder.relative_to(ROOT).parts, "app")) for each in template.functions()}
    callers = {name for name, app in apps.items() if "agent_platform.inference.completions" in modules()[app].imports}

    assert callers == {"OutreachGenerateFunction", "OutreachJudgeFunction"}


def test_a_model_call_makes_one_attempt(limits_of):
    """Retry in the state machine does the rest: two layers that retry multiply what a call costs."""
    assert limits_of("bedrock-runtime").retries["total_max_attempts"] == 1


@pytest.mark.parametrize(
    "service", ["bedrock-agent", "cloudwatch", "dynamodb", "events", "s3", "secretsmanager", "ssm", "stepfunctions"]
)
def test_any_other_call_leaves_the_function_time_to_say_that_it_failed(service, limits_of):
    limits = limits_of(service)
    shortest = min(function.timeout for function in template.functions())

    assert limits.connect_timeout + limits.read_timeout < shortest


@pytest.mark.parametrize(("task", "function"), TASKS)
def test_a_function_ends_before_its_task_does(task, function):
    assert function.timeout < task["TimeoutSeconds"]


@pytest.mark.parametrize("function", template.functions(), ids=str)
def test_who_answers_an_api_answers_before_the_api_gives_up(function):
    if "Api" in {event["Type"] for event in function.properties.get("Events", {}).values()}:
        assert function.timeout < API_GATEWAY_SECONDS


def test_a_function_that_a_manifest_names_ends_before_its_task_does():
    [evaluation] = [each for each in definitions() if each.word == "agent_evaluation"]
    asked = [task for name, task in evaluation.tasks.items() if name not in evaluation.functions]
    slowest = max(template.function(name).timeout for name in ("OutreachGenerateFunction", "OutreachJudgeFunction"))

    assert asked
    assert all(slowest < task["TimeoutSeconds"] for task in asked)


@pytest.mark.parametrize("definition", workflows(), ids=str)
def test_an_execution_has_time_for_every_attempt_at_a_draft(definition):
    """The largest number of attempts that a shipped writer has, each with all its states at their slowest."""
    configs = [json.loads(path.read_text()) for path in ROOT.glob(f"agents/{definition}-*/config.json")]
    attempts = max(config.get("max_attempts", 1) for config in configs)
    seconds = sum(task["TimeoutSeconds"] * attempts for task in definition.tasks.values())

    assert definition.machine["TimeoutSeconds"] >= seconds
