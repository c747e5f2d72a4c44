"""A rollout begins once: plan, alias, alarms and watcher, however often and however far the command was given."""

import json

import pytest
from agent_platform.errors import Refused
from agent_platform.experiments.plans import Plan
from agent_platform.experiments.watching import Watchers
from botocore.exceptions import ClientError

from tests.integration.agent_rollout.conftest import AGENT, CONFIG, PLAN, START, hour


def test_everything_that_decides_is_recorded_before_the_first_customer(rollout):
    recorded = rollout.aliases.rollout(AGENT, 1)

    assert recorded["plan"] | PLAN == recorded["plan"]
    assert recorded["plan"]["metrics"] == ["ApprovalRate"]
    assert (recorded["candidate"], recorded["baseline"], recorded["state"]) == (2, 1, "open")
    assert rollout.aliases.alias(AGENT).rollout.share == 5_000
    assert rollout.statuses == ["production", "testing", "draft"]


def test_the_alarms_are_two_and_say_whose_they_are(rollout):
    approval, errors = rollout.stack.clients("cloudwatch").describe_alarms()["MetricAlarms"]

    assert (approval["ComparisonOperator"], approval["Threshold"]) == ("LessThanThreshold", 50.0)
    assert len(approval["Metrics"]) == 3
    assert errors["MetricName"] == "Errors"
    for alarm in (approval, errors):
        assert rollout.alarms.rollout_of(alarm["AlarmName"]) == (AGENT, 1)


def test_one_execution_watches_it(rollout):
    rollout.start(at=hour(1))
    [watcher] = rollout.stack.executions("AgentRolloutStateMachine")

    assert watcher == {
        "name": "platform.outreach-writer.1",
        "input": {"agent_id": AGENT, "rollout": 1, "look_every": 3_600},
    }


@pytest.mark.parametrize("call", ["monitoring:PutMetricAlarm", "states:StartExecution"])
def test_what_can_t_be_watched_is_aborted_at_once_and_can_begin_anew(agents, call):
    agents.stack.clients.fail(call, code="ValidationException", status=400)
    with pytest.raises(ClientError):
        agents.start()

    assert (agents.state, agents.statuses, agents.alarm_names) == ("aborted", ["production", "draft", "draft"], [])
    assert agents.aliases.rollout(AGENT, 1)["endReason"].startswith("nobody watches it: ")
    assert agents.start(at=hour(1)) == 2
    assert len(agents.alarm_names) == 2
    assert [each["name"] for each in agents.stack.executions("AgentRolloutStateMachine")] == [
        "platform.outreach-writer.2"
    ]


class Killed(BaseException):
    """What a killed function is to its own code: nothing that it could catch."""


def test_a_command_that_was_killed_is_repeated_and_does_what_was_left(agents, monkeypatch):
    def killed(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Watchers, "watch", killed)
        with pytest.raises(Killed):
            agents.start()

    assert agents.start(at=hour(1)) == 1
    assert len(agents.alarm_names) == 2
    assert len(agents.stack.executions("AgentRolloutStateMachine")) == 1
    assert agents.actions == ["promote", "open_rollout"]


@pytest.mark.parametrize("call", ["monitoring:PutMetricAlarm", "states:StartExecution"])
def test_a_repetition_that_fails_ends_no_rollout_that_is_watched(rollout, call):
    rollout.stack.clients.fail(call, code="ValidationException", status=400)
    with pytest.raises(ClientError):
        rollout.start(at=hour(1))

    assert rollout.state == "open"


def test_a_repetition_that_finds_the_watcher_ended_aborts_the_rollout_and_says_so(rollout):
    states = rollout.stack.clients("stepfunctions")
    machine = rollout.stack.table("AgentRolloutStateMachine")
    [watcher] = states.list_executions(stateMachineArn=machine)["executions"]
    states.stop_execution(executionArn=watcher["executionArn"])

    with pytest.raises(Refused, match=r"watched rollout 1 is ABORTED, so it is over: begin another rollout"):
        rollout.start(at=hour(1))
    assert (rollout.state, rollout.statuses, rollout.alarm_names) == ("aborted", ["production", "draft", "draft"], [])
    assert rollout.start(at=hour(2)) == 2


def test_a_local_aws_that_refuses_the_name_of_a_running_watcher_is_understood(rollout):
    rollout.stack.clients.fail("states:StartExecution", code="ExecutionAlreadyExists", status=400)

    assert rollout.start(at=hour(1)) == 1
    assert rollout.state == "open"


def test_the_longest_names_have_watchers_of_their_own(agents):
    machine, states = agents.stack.table("AgentRolloutStateMachine"), agents.stack.clients("stepfunctions")
    watchers = Watchers(machine=machine, stepfunctions=states)
    longest = f"{'t' * 40}#{'a' * 59}"
    for agent_id, number in ((f"{longest}a", 1), (f"{longest}b", 1), (f"{longest}a", 2), (f"{'t' * 17}#{'a' * 60}", 1)):
        watchers.watch(agent_id, number, Plan())
        watchers.watch(agent_id, number, Plan())
    names = [each["name"] for each in agents.stack.executions("AgentRolloutStateMachine")]

    assert len(set(names)) == 4
    assert {len(name) for name in names} == {80}
    assert f"{'t' * 17}.{'a' * 60}.1" in names, "what fits is written out"


def test_there_is_one_rollout_at_a_time(rollout):
    for other in ({"candidate": 3}, {"margin": 0.1}):
        with pytest.raises(Refused, match="rollout 1 of version 2 is open: abort it first"):
            rollout.start(**other)

    assert len(rollout.alarm_names) == 2


def test_a_judge_is_not_rolled_out(agents):
    rubric = [{"criterion": "clarity", "question": "Is it clear?", "anchors": {str(n): "So." for n in range(1, 6)}}]
    judge = {**CONFIG, "agent": "outreach-judge", "role": "judge", "threshold": 4, "minimum": 3, "rubric": rubric}
    agents.stack.release(judge, "Judge by ${rubric}.", owner="platform", now=START)

    with pytest.raises(Refused, match="no writer"):
        agents.start(1, "platform#outreach-judge")
    assert not agents.alarm_names


@pytest.mark.parametrize(
    ("candidate", "plan", "reasons"),
    [
        (9, {}, [f"version 9 of {AGENT} is not registered"]),
        (1, {}, ["version 1 is in status production: a candidate is a draft or a retired version"]),
        (2, {"margin": 2.0, "minimum_sample": 0},
         ["margin, alpha and expected must be between 0 and 1", "minimum_sample must be at least 1"]),
    ],
)  # fmt: skip
def test_what_can_t_be_rolled_out_is_refused_with_every_reason_and_changes_nothing(agents, candidate, plan, reasons):
    with pytest.raises(Refused) as refused:
        agents.start(candidate, **plan)

    assert refused.value.reasons == reasons
    assert agents.actions == ["promote"]
    assert not agents.alarm_names


def test_the_lambda_begins_pauses_resumes_and_aborts(agents):
    def deploy(action, **asked):
        return agents.stack.invoke(
            "DeployAgentFunction", {"action": action, "agent_id": AGENT, "by": "anna", "reason": "because"} | asked
        )

    assert deploy("rollout", version=2, plan=PLAN) == {
        "ok": True, "rollout": 1, "agent_id": AGENT, "production": 1, "changes": 2,
    }  # fmt: skip
    assert deploy("pause", rollout=1)["ok"]
    assert agents.state == "paused"
    assert deploy("resume", rollout=1)["ok"]
    assert agents.state == "open"
    assert deploy("abort", rollout=1)["state"] == "aborted"
    assert (agents.state, agents.statuses, agents.alarm_names) == ("aborted", ["production", "draft", "draft"], [])
    assert deploy("abort", rollout=1)["state"] == "aborted", "given again, it finds its work done"
    assert agents.actions == ["promote", "open_rollout", "pause", "resume", "aborted"]


def test_the_lambda_refuses_in_words(agents):
    asked = {"action": "rollout", "agent_id": AGENT, "version": 2, "by": "anna", "reason": "because"}

    refused = agents.stack.invoke("DeployAgentFunction", asked | {"plan": {"steps": [1_000], "speed": 3}})
    assert refused == {"ok": False, "problems": ["a plan has no speed"]}
    refused = agents.stack.invoke("DeployAgentFunction", asked | {"action": "pause", "rollout": 4})
    assert refused["problems"] == [f"rollout 4 of {AGENT} is not open"]
    refused = agents.stack.invoke("DeployAgentFunction", json.loads(json.dumps(asked)) | {"action": "abort"})
    assert refused["problems"] == ["rollout must be a whole number"]
