"""The commands of the registry as Lambdas: what they answer, what they write last, and what a repeated one mends."""

import json

import pytest
from agent_platform.registry import production_parameters
from botocore.exceptions import ClientError

from tests.integration.stack import RESOURCES, ROOT

AGENT = "platform#outreach-writer"
PARAMETER = "/referral-system/test/agents/platform/outreach-writer"
MANIFEST = RESOURCES["OutreachManifest"]["Properties"]["Value"]["Fn::Sub"]
CONFIG = {
    "agent": "outreach-writer",
    "workflow": "outreach",
    "role": "writer",
    "model": "us.amazon.nova-lite-v1:0",
    "inference": {"max_tokens": 900, "temperature": 0.6},
}
ANNA = {"by": "anna", "reason": "because"}


@pytest.fixture
def lambdas(stack):
    """The stack, with the manifest of its workflow, and one version of one agent."""
    stack.clients("ssm").put_parameter(Name="/referral-system/test/workflows/outreach", Value=MANIFEST, Type="String")
    assert register(stack)["ok"]
    return stack


def register(stack, prompt="You write for ${company_name}.", *, config=CONFIG, **more):
    asked = {"config": config, "prompt": prompt, "owner": "platform", "by": "anna"} | more
    return stack.invoke("RegisterAgentFunction", asked)


def deploy(stack, action, version, **changes):
    asked = {"action": action, "agent_id": AGENT, "version": version} | ANNA | changes
    return stack.invoke("DeployAgentFunction", asked)


def roll_back(stack, **changes):
    return stack.invoke("RollBackAgentFunction", {"agent_id": AGENT} | ANNA | changes)


def parameter(stack):
    return stack.clients("ssm").get_parameter(Name=PARAMETER)["Parameter"]["Value"]


def test_registering_answers_the_version_and_where_it_stands(lambdas):
    draft = {"ok": True, "agent_id": AGENT, "version": 1, "status": "draft"}
    assert register(lambdas) == draft
    deploy(lambdas, "promote", 1)
    assert register(lambdas) == draft | {"status": "production"}
    assert register(lambdas, "Write.", label="short", version=2)["version"] == 2


def test_a_refusal_is_an_answer_with_every_problem(lambdas):
    broken = CONFIG | {"model": "some.model", "inference": {"max_tokens": 0}, "workflow": "nowhere"}
    refused = register(lambdas, "$ 5", config=broken)
    assert refused["ok"] is False
    words = ["no price", "not among AllowedModels", "max_tokens", "starts no variable", "'nowhere' is not deployed"]
    assert [word for word in words if not any(word in each for each in refused["problems"])] == []
    assert len(refused["problems"]) == len(words)
    assert len(lambdas.items("AgentRegistryTable")) == 1


def test_a_judge_without_its_rubric_is_refused_because_the_manifest_says_so(lambdas):
    judge = CONFIG | {"agent": "outreach-judge", "role": "judge", "threshold": 4, "minimum": 3}
    judge["rubric"] = [{"criterion": "clarity", "question": "Clear?", "anchors": {"5": "yes"}}]
    refused = register(lambdas, "Judge for ${company_name}.", config=judge)
    assert refused["problems"] == ["prompt.md doesn't use the variable rubric"]
    assert register(lambdas, "Judge by ${rubric}.", config=judge)["ok"]


@pytest.mark.parametrize("workflow", ["../secret", None, ["outreach"], "x" * 3000], ids=lambda each: str(each)[:12])
def test_a_workflow_s_name_is_never_a_path(lambdas, workflow):
    refused = register(lambdas, config=CONFIG | {"workflow": workflow})
    assert "is not deployed" in refused["problems"][0]
    assert not [call for call in lambdas.clients.calls if call.service == "ssm"]


@pytest.mark.parametrize(
    ("function", "event", "problems"),
    [
        ("RegisterAgentFunction", {}, [
            "config must be an object", "prompt must be a text", "owner must be a text", "by must be a text"]),
        ("DeployAgentFunction", {}, ["action must be one of promote, retire, rollout, pause, resume, abort"]),
        ("DeployAgentFunction", {"action": "promote", "version": True}, [
            "agent_id must be a text", "version must be a whole number", "by must be a text", "reason must be a text"]),
        ("RollBackAgentFunction", {"agent_id": AGENT, **ANNA, "to": "1"}, ["to must be a whole number"]),
    ],
)  # fmt: skip
def test_what_a_command_lacks_is_listed(lambdas, function, event, problems):
    answer = lambdas.invoke(function, event)
    assert answer["ok"] is False
    assert [each for each in problems if each not in answer["problems"]] == []


def test_the_parameter_follows_production_and_is_written_last(lambdas):
    register(lambdas, "Write.")
    assert deploy(lambdas, "promote", 1) == {"ok": True, "agent_id": AGENT, "production": 1, "changes": 1}
    assert parameter(lambdas) == "1"
    deploy(lambdas, "promote", 2)
    calls = [str(call) for call in lambdas.clients.calls]
    assert calls.index("dynamodb:TransactWriteItems") < calls.index("ssm:PutParameter")
    assert parameter(lambdas) == "2"
    assert roll_back(lambdas) == {"ok": True, "agent_id": AGENT, "production": 1, "changes": 3}
    assert parameter(lambdas) == "1"


def test_a_repeated_command_mends_the_parameter_that_a_crash_left_behind(lambdas):
    register(lambdas, "Write.")
    deploy(lambdas, "promote", 1)
    for command in (lambda: deploy(lambdas, "promote", 2), lambda: roll_back(lambdas, to=1)):
        before = parameter(lambdas)
        for _ in range(3):
            lambdas.clients.fail("ssm:PutParameter")
        with pytest.raises(ClientError):
            command()
        assert parameter(lambdas) == before
        changes = lambdas.aliases().alias(AGENT).changes
        lambdas.clients.forget()
        assert command()["changes"] == changes
        assert parameter(lambdas) == str(lambdas.aliases().alias(AGENT).production) != before


def test_of_two_who_write_the_parameter_at_once_the_later_version_stays(lambdas):
    register(lambdas, "Write.")
    deploy(lambdas, "promote", 1)
    aliases, ssm = lambdas.aliases(), lambdas.clients("ssm")

    class Overtaken:
        """SSM as it is for one whose write arrives after another one's."""

        def put_parameter(self, **what):
            if what["Value"] == "1":
                deploy(lambdas, "promote", 2)
            ssm.put_parameter(**what)

    followed = production_parameters.ProductionParameters("/referral-system/test/agents", Overtaken(), aliases)
    assert followed.follow(AGENT).production == 2
    assert parameter(lambdas) == "2"


def test_retiring_is_a_change_like_any_other(lambdas):
    register(lambdas, "Write.")
    deploy(lambdas, "promote", 1)
    assert deploy(lambdas, "retire", 2)["changes"] == 2
    assert deploy(lambdas, "promote", 2)["problems"] == ["version 2 is in status retired: roll back to it"]
    assert roll_back(lambdas, to=2)["production"] == 2


def test_who_was_overtaken_is_told_to_look_again(lambdas):
    cancelled = {"CancellationReasons": [{"Code": "ConditionalCheckFailed"}, {"Code": "None"}]}
    lambdas.clients.fail("dynamodb:TransactWriteItems", "TransactionCanceledException", 400, **cancelled)
    answer = deploy(lambdas, "promote", 1)
    assert (answer["ok"], answer["again"]) == (False, True)
    assert "changed by somebody else meanwhile: look again" in answer["problems"][0]


def test_what_is_no_answer_is_raised(lambdas):
    lambdas.clients.fail("dynamodb:TransactWriteItems", "AccessDeniedException", 400)
    with pytest.raises(ClientError, match="AccessDenied"):
        deploy(lambdas, "promote", 1)


def test_the_events_that_ship_are_understood(lambdas):
    events = {name: json.loads((ROOT / f"events/agents/{name}.json").read_text())
              for name in ("register", "deploy", "roll_back")}  # fmt: skip
    deploy(lambdas, "promote", 1)
    assert lambdas.invoke("RegisterAgentFunction", events["register"])["version"] == 2
    assert lambdas.invoke("DeployAgentFunction", events["deploy"])["production"] == 2
    assert lambdas.invoke("RollBackAgentFunction", events["roll_back"])["production"] == 1
