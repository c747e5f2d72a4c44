"""An open rollout that nobody watches is found within the hour, whatever has become of its watcher."""

import json
from datetime import timedelta

import pytest
from agent_platform.errors import ConfigurationError
from agent_platform.experiments import signals
from agent_platform.experiments.watching import Watchers

from tests.integration.agent_rollout.conftest import AGENT, START, hour
from tests.integration.stack import ROOT

SWEEP = json.loads((ROOT / "events/agents/roll_back-sweep.json").read_text())


@pytest.fixture
def unwatched(agents, monkeypatch):
    """A rollout whose command was killed before it had started a watcher."""
    with monkeypatch.context() as patched:
        patched.setattr(Watchers, "watch", lambda *_: None)
        agents.start()
    # The function's clock is the computer's own, and the rollout's time the test's.
    monkeypatch.setattr(signals, "_TIME_TO_BEGIN", timedelta.min)
    return agents


def watchers(rollout):
    machine = rollout.stack.table("AgentRolloutStateMachine")
    return Watchers(machine=machine, stepfunctions=rollout.stack.clients("stepfunctions"))


def found(rollout, now):
    return list(signals.unwatched(rollout.aliases, watchers(rollout), now=now))


def test_what_is_watched_is_left_alone(rollout):
    assert found(rollout, hour(1)) == []


def test_what_was_never_watched_is_found_once_there_was_time_to_begin(agents, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(Watchers, "watch", lambda *_: None)
        agents.start()

    assert found(agents, START + timedelta(minutes=9)) == []
    [signal] = found(agents, START + timedelta(minutes=11))
    assert (signal.agent_id, signal.rollout, signal.outcome) == (AGENT, 1, "stopped")
    assert signal.reason == "the execution that watched it is MISSING: nobody would notice harm"


def test_what_has_lost_its_watcher_is_found(rollout):
    states = rollout.stack.clients("stepfunctions")
    [watcher] = states.list_executions(stateMachineArn=rollout.stack.table("AgentRolloutStateMachine"))["executions"]
    states.stop_execution(executionArn=watcher["executionArn"])

    assert [signal.reason for signal in found(rollout, hour(1))] == [
        "the execution that watched it is ABORTED: nobody would notice harm"
    ]


def test_an_agent_without_a_rollout_is_passed_over(agents):
    assert found(agents, hour(1)) == []


def test_what_can_t_be_known_stops_nothing(rollout):
    rollout.stack.clients.fail("states:DescribeExecution", code="AccessDeniedException", status=400)

    with pytest.raises(ConfigurationError, match="DescribeExecution: AccessDeniedException"):
        found(rollout, hour(1))
    assert rollout.state == "open"


def test_the_hourly_sweep_stops_what_nobody_watches(unwatched):
    answer = unwatched.stack.invoke("RollBackAgentFunction", SWEEP)

    assert answer == {"stopped": [{"agent_id": AGENT, "rollout": 1, "state": "stopped"}]}
    assert (unwatched.state, unwatched.statuses) == ("stopped", ["production", "draft", "draft"])
    assert unwatched.alarm_names == []
    assert unwatched.aliases.history(AGENT)[-1].by == "hourly sweep"
    assert unwatched.stack.invoke("RollBackAgentFunction", SWEEP) == {"stopped": []}


def test_a_sweep_that_failed_fails_at_its_end(unwatched):
    unwatched.stack.clients.fail("monitoring:DeleteAlarms", code="AccessDeniedException", status=400)
    with pytest.raises(ConfigurationError, match="DeleteAlarms: AccessDeniedException"):
        unwatched.stack.invoke("RollBackAgentFunction", SWEEP)

    assert unwatched.state == "stopped", "the alias had moved before"
