"""A rollout's machine never outgrows its history, and what ends it early reaches the function that takes it back."""

import json
import re

import pytest
from agent_platform.experiments import signals
from agent_platform.experiments.alarms import Alarms
from agent_platform.experiments.plans import MOST_LOOKS, MOST_STEPS

from tests.infrastructure.definitions import definitions
from tests.infrastructure.template import PAGE, ROOT, resources, text

STACK, MACHINE = "referral-email-system-local", "arn:aws:states:us-east-1:000000000000:stateMachine:rollouts"
MOST_EVENTS = 25_000
# Entered and exited; a Lambda task is also scheduled, started and ended in each of its attempts.
OF_A_STATE, OF_AN_ATTEMPT = 2, 3
LOST = {
    "source": "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    "detail": {
        "stateMachineArn": MACHINE,
        "status": "ABORTED",
        "input": json.dumps({"agent_id": "platform#outreach-writer", "rollout": 3, "look_every": 60}),
    },
}


def rung():
    return json.loads((ROOT / "events/agents/roll_back-alarm.json").read_text())


def rules():
    """The rules that take a rollout back, their variables filled in."""
    found = {}
    for name, rule in resources("AWS::Events::Rule").items():
        if text(rule["Properties"]["Targets"][0]["Arn"]) == "${RollBackAgentFunction.Arn}":
            found[name] = json.loads(
                json.dumps(rule["Properties"]["EventPattern"])
                .replace('{"Fn::Sub": "${AWS::StackName}-rollout."}', json.dumps(f"{STACK}-rollout."))
                .replace('{"Ref": "AgentRolloutStateMachine"}', json.dumps(MACHINE))
            )
    return found


def matches(pattern, event):
    """Whether an event matches, by the part of EventBridge's language that the rules use."""
    if isinstance(pattern, dict):
        return all(name in event and matches(wanted, event[name]) for name, wanted in pattern.items())
    return any(event.startswith(each["prefix"]) if isinstance(each, dict) else event == each for each in pattern)


def changed(event, path, value):
    changed = json.loads(json.dumps(event))
    *way, last = path.split(".")
    part = changed
    for name in way:
        part = part[name]
    part[last] = value
    return changed


@pytest.mark.parametrize(("event", "rule"), [(rung(), "AgentRolloutAlarmRule"), (LOST, "AgentRolloutFailureRule")])
def test_what_takes_a_rollout_back_matches_its_rule_and_no_other(event, rule):
    assert [name for name, pattern in rules().items() if matches(pattern, event)] == [rule]


@pytest.mark.parametrize(
    "event",
    [
        changed(rung(), "detail.state.value", "OK"),
        changed(rung(), "detail.alarmName", "referral-email-system-local-errors"),
        changed(rung(), "detail.alarmName", "another-stack-rollout.platform.outreach-writer.1.approval"),
        changed(LOST, "detail.status", "SUCCEEDED"),
        changed(LOST, "detail.stateMachineArn", MACHINE + "-of-another-stack"),
    ],
)
def test_nothing_else_takes_a_rollout_back(event):
    assert not [name for name, pattern in rules().items() if matches(pattern, event)]


def test_each_rule_may_invoke_its_function():
    allowed = {text(each["Properties"]["SourceArn"]) for each in resources("AWS::Lambda::Permission").values()
               if text(each["Properties"]["FunctionName"]) == "${RollBackAgentFunction}"}  # fmt: skip

    assert allowed == {f"${{{name}.Arn}}" for name in rules()}


@pytest.mark.parametrize(
    ("event", "rollout", "outcome"),
    [(rung(), ("platform#outreach-writer", 1), "rolled_back"), (LOST, ("platform#outreach-writer", 3), "stopped")],
)
def test_a_signal_says_which_rollout_it_is_about(event, rollout, outcome):
    signal = signals.Signal.of(event, Alarms(stack=STACK, cloudwatch=None))

    assert ((signal.agent_id, signal.rollout), signal.outcome) == (rollout, outcome)
    assert signal.by
    assert signal.reason


def test_the_alarms_that_may_be_made_are_those_that_the_rule_hears():
    [granted] = re.findall(r"&RolloutAlarms\s+!Sub \S+:alarm:\$\{AWS::StackName\}(\S+)\*", PAGE.read_text())
    [prefix] = rules()["AgentRolloutAlarmRule"]["detail"]["alarmName"]

    assert prefix["prefix"] == STACK + granted


def test_the_longest_rollout_s_history_stays_below_step_functions_limit():
    """Every look and every shift with all their retries."""
    [machine] = [each for each in definitions() if each.word == "agent_rollout"]
    attempts = 1 + sum(retry["MaxAttempts"] for retry in machine.tasks["Look"]["Retry"])
    look = 3 * OF_A_STATE + attempts * OF_AN_ATTEMPT
    shift = 2 * OF_A_STATE + attempts * OF_AN_ATTEMPT

    assert MOST_LOOKS * look + (MOST_STEPS + 1) * shift < MOST_EVENTS
