"""Looks are logged once, and what they decide is done once, whoever crashes or comes between."""

import json

import pytest
from agent_platform.errors import ConfigurationError, Conflict, Refused, TransientError
from agent_platform.experiments.rollouts import Rollouts
from botocore.exceptions import ClientError

from tests.integration.agent_rollout.conftest import AGENT, ANNA, hour
from tests.integration.outreach.traces import measured
from tests.integration.stack import ROOT, STACK_NAME


def alike(rollout, number=200, **more):
    for arm in ("baseline", "candidate"):
        rollout.customers(arm, number, ApprovalRate=1.0, **more)


def harmed(rollout):
    rollout.customers("baseline", 60, ApprovalRate=1.0)
    rollout.customers("candidate", 60, ApprovalRate=0.0)


def test_a_good_candidate_reaches_all_customers_and_production(rollout):
    alike(rollout)
    assert rollout.look(hour(0.5))["decision"] == "hold"
    assert rollout.look(hour(2))["share"] == 10_000
    assert not rollout.shift(hour(2))["over"]
    assert rollout.aliases.alias(AGENT).rollout.share == 10_000

    rollout.customers("candidate", 20, share=10_000, ApprovalRate=1.0)
    assert rollout.look(hour(2.5))["reason"] == "the step's minimum time is not over"
    assert rollout.look(hour(4))["outcome"] == "promoted"
    assert rollout.shift(hour(4))["over"]

    assert (rollout.state, rollout.statuses) == ("promoted", ["retired", "production", "draft"])
    assert (rollout.parameter, rollout.alarm_names) == ("2", [])
    assert rollout.actions == ["promote", "open_rollout", "set_share", "promoted"]


def test_a_candidate_that_harms_is_taken_back(rollout):
    harmed(rollout)
    look = rollout.look(hour(0.1))

    assert (look["decision"], look["outcome"]) == ("end", "rolled_back")
    assert rollout.shift(hour(0.1))["over"]
    assert (rollout.state, rollout.statuses) == ("rolled_back", ["production", "retired", "draft"])
    assert (rollout.parameter, rollout.alarm_names) == ("1", [])
    assert rollout.aliases.rollout(AGENT, 1)["endReason"] == look["reason"]


def test_an_undecided_one_goes_back_at_the_horizon_as_inconclusive(rollout):
    alike(rollout, number=5)
    assert rollout.look(hour(20))["decision"] == "hold"
    assert rollout.look(hour(28))["outcome"] == "inconclusive"
    rollout.shift(hour(28))

    assert (rollout.state, rollout.statuses) == ("inconclusive", ["production", "draft", "draft"])
    assert rollout.parameter == "1"


def test_every_look_says_once_what_share_is_given(rollout, capsys):
    alike(rollout)
    capsys.readouterr()
    rollout.look(hour(0.5))
    rollout.document.pop("look")
    rollout.look(hour(0.6))

    assert measured(capsys.readouterr().out, "CandidateShare") == [
        (50, {"workflow": "agent_rollout", "agent": AGENT, "version": "2"})
    ]


def test_every_look_is_logged_with_what_it_saw(rollout):
    alike(rollout, CostMicros=30.0, GenerationTime=700.0)
    rollout.look(hour(0.5))
    rollout.look(hour(2))
    first, second = rollout.log.of(AGENT, 1)
    approval, *guards = second["comparisons"]

    assert (first["look"], second["look"]) == (1, 2)
    assert (first["decision"], second["decision"], second["next"]) == ("hold", "advance", 10_000)
    assert approval["metric"] == "ApprovalRate"
    assert approval["baseline"] == approval["candidate"] == {"n": 200, "mean": 1.0}
    assert -second["margin"] < approval["low"] < 0 < approval["high"]
    assert [each["metric"] for each in guards] == ["RunsWithOutcome"]
    assert second["customers"] == {"baseline": 200, "candidate": 200}
    assert second["meanCostMicros"] == {"5000": {"baseline": 30.0, "candidate": 30.0}}


def test_a_look_that_is_repeated_decides_what_it_decided(rollout):
    before = dict(rollout.document)
    held = rollout.look(hour(0.1))
    harmed(rollout)
    rollout.document = before

    assert rollout.look(hour(0.2)) == held
    assert len(rollout.log.of(AGENT, 1)) == 1


def test_of_two_looks_at_once_the_first_one_stands(rollout):
    first = rollout.log.append(AGENT, 1, 7, {"decision": "hold"})

    assert rollout.log.append(AGENT, 1, 7, {"decision": "end"}) == first
    assert [each["decision"] for each in rollout.log.of(AGENT, 1)] == ["hold"]


def test_a_shift_that_is_repeated_finds_its_work_done(rollout):
    alike(rollout)
    rollout.look(hour(2))
    first, second = rollout.shift(hour(2)), rollout.shift(hour(2.1))

    assert first["share"] == second["share"] == 10_000
    assert rollout.actions == ["promote", "open_rollout", "set_share"]


@pytest.mark.parametrize("call", ["monitoring:DeleteAlarms", "ssm:PutParameter"])
def test_a_crash_after_the_transaction_is_mended_by_the_repetition(rollout, call):
    alike(rollout)
    rollout.customers("candidate", 20, share=10_000, ApprovalRate=1.0)
    rollout.look(hour(2))
    rollout.shift(hour(2))
    rollout.look(hour(4))
    rollout.stack.clients.fail(call, code="ValidationException", status=400)
    with pytest.raises(ClientError):
        rollout.shift(hour(4))
    assert (rollout.state, rollout.parameter) == ("promoted", "1")

    assert rollout.shift(hour(4.1))["over"]
    assert (rollout.parameter, rollout.alarm_names) == ("2", [])
    assert rollout.actions == ["promote", "open_rollout", "set_share", "promoted"]


def test_a_rollout_that_somebody_aborted_meanwhile_is_not_moved(rollout):
    alike(rollout)
    assert rollout.look(hour(2))["decision"] == "advance"
    rollout.aliases.close_rollout(AGENT, 1, outcome="aborted", now=hour(2), **ANNA)

    assert rollout.shift(hour(2.1))["over"]
    assert (rollout.state, rollout.alarm_names) == ("aborted", [])
    assert rollout.actions == ["promote", "open_rollout", "aborted"]


def test_a_look_at_a_rollout_that_was_ended_by_hand_says_so_and_ends(rollout):
    rollout.aliases.close_rollout(AGENT, 1, outcome="aborted", now=hour(1), **ANNA)
    look = rollout.look(hour(2))

    assert (look["decision"], look["reason"]) == ("closed", "the rollout was ended by hand: aborted")
    assert rollout.shift(hour(2))["over"]
    assert rollout.log.of(AGENT, 1)[0]["reason"] == look["reason"]
    assert rollout.alarm_names == []


def test_a_rollout_of_a_later_number_is_left_alone_by_the_watcher_of_an_earlier_one(rollout):
    alike(rollout)
    rollout.look(hour(2))
    rollout.rollouts.end(AGENT, 1, outcome="aborted", now=hour(2), **ANNA)
    assert rollout.start(at=hour(3)) == 2

    assert rollout.shift(hour(3))["over"]
    assert rollout.aliases.alias(AGENT).rollout.share == 5_000
    assert len(rollout.alarm_names) == 2


def test_a_pause_holds_it_and_a_resume_lets_it_go_on(rollout):
    alike(rollout)
    assert rollout.look(hour(2))["decision"] == "advance"
    rollout.aliases.pause(AGENT, 1, now=hour(2), **ANNA)

    assert rollout.shift(hour(2.1))["share"] == 5_000, "paused between the look and the shift"
    assert rollout.look(hour(40))["reason"] == "paused"
    rollout.aliases.resume(AGENT, 1, now=hour(41), **ANNA)
    assert rollout.look(hour(42))["decision"] == "advance"


def test_a_pause_stops_the_clock_of_the_horizon(rollout):
    """The plan's horizon is a little less than 28 hours; 20 of them are spent before the pauses, which last 31."""
    alike(rollout, number=5)
    for paused, resumed in ((20, 50), (51, 52)):
        rollout.aliases.pause(AGENT, 1, now=hour(paused), **ANNA)
        rollout.aliases.resume(AGENT, 1, now=hour(resumed), **ANNA)

    assert rollout.aliases.rollout(AGENT, 1)["pausedSeconds"] == 31 * 3_600
    assert rollout.look(hour(58.5))["decision"] == "hold"
    assert rollout.look(hour(59))["outcome"] == "inconclusive"


def test_a_split_that_chance_can_t_explain_is_logged_in_a_number_that_dynamodb_takes(rollout):
    rollout.customers("baseline", 1_000)

    assert rollout.look(hour(0.1))["outcome"] == "stopped"
    [row] = rollout.log.of(AGENT, 1)
    assert row["split"] == {"5000": 1e-99}


def test_what_is_paused_at_the_last_moment_is_not_promoted_but_still_taken_back(rollout):
    alike(rollout)
    rollout.look(hour(2))
    rollout.shift(hour(2))
    rollout.customers("candidate", 20, share=10_000, ApprovalRate=1.0)
    assert rollout.look(hour(4))["outcome"] == "promoted"
    rollout.aliases.pause(AGENT, 1, now=hour(4), **ANNA)

    assert rollout.shift(hour(4)) == {"share": 10_000, "since": "2026-11-20T13:00:00Z", "over": False}
    assert (rollout.state, rollout.parameter) == ("paused", "1")
    rollout.document["look"] |= {"outcome": "rolled_back", "reason": "harm"}
    assert rollout.shift(hour(5))["over"]
    assert rollout.state == "rolled_back"


def test_a_shift_that_meets_another_change_is_tried_again(rollout, monkeypatch):
    alike(rollout)
    rollout.look(hour(2))
    reason = {"Code": "ConditionalCheckFailed"}
    rollout.stack.clients.fail(
        "dynamodb:TransactWriteItems", code="TransactionCanceledException", status=400,
        CancellationReasons=[reason, reason],
    )  # fmt: skip
    with pytest.raises(TransientError):
        rollout.shift(hour(2))

    assert rollout.shift(hour(2))["share"] == 10_000


def test_a_rollout_that_was_never_opened_has_no_looks(agents):
    with pytest.raises(ConfigurationError, match="has no rollout 1"):
        agents.look(hour(1))


def rung(what="approval", rollout=1):
    event = json.loads((ROOT / "events/agents/roll_back-alarm.json").read_text())
    event["detail"]["alarmName"] = f"{STACK_NAME}-rollout.platform.outreach-writer.{rollout}.{what}"
    return event


@pytest.mark.parametrize("what", ["approval", "errors"])
def test_an_alarm_takes_the_rollout_back_at_once(rollout, what):
    answer = rollout.stack.invoke("RollBackAgentFunction", rung(what))

    assert answer == {"agent_id": AGENT, "rollout": 1, "state": "rolled_back"}
    assert (rollout.statuses, rollout.parameter, rollout.alarm_names) == (["production", "retired", "draft"], "1", [])
    assert rollout.aliases.history(AGENT)[-1].by == f"alarm {rung(what)['detail']['alarmName']}"
    assert rollout.stack.invoke("RollBackAgentFunction", rung(what)) == answer, "delivered twice"
    assert rollout.actions == ["promote", "open_rollout", "rolled_back"]


def test_an_alarm_that_comes_too_late_takes_back_nothing(rollout):
    rollout.rollouts.end(AGENT, 1, outcome="promoted", now=hour(1), **ANNA)

    assert rollout.stack.invoke("RollBackAgentFunction", rung())["state"] == "promoted"
    assert rollout.parameter == "2"


def test_the_log_says_who_rang_and_what_came_of_it(rollout, capsys):
    rollout.stack.invoke("RollBackAgentFunction", rung())
    [line] = [json.loads(each) for each in capsys.readouterr().out.splitlines() if "taken back" in each]

    assert line["level"] == "INFO"
    assert line["asked"] == {
        "agent_id": AGENT, "rollout": 1, "by": f"alarm {rung()['detail']['alarmName']}", "outcome": "rolled_back",
    }  # fmt: skip
    assert line["state"] == "rolled_back"


@pytest.mark.parametrize(
    ("code", "error"), [("AccessDeniedException", ConfigurationError), ("ThrottlingException", TransientError)]
)
def test_a_signal_that_fails_has_a_name_of_ours_and_is_logged(rollout, capsys, code, error):
    for _ in range(3):
        rollout.stack.clients.fail("monitoring:DeleteAlarms", code=code, status=400)
    with pytest.raises(error, match=f"DeleteAlarms: {code}"):
        rollout.stack.invoke("RollBackAgentFunction", rung())
    [line] = [json.loads(each) for each in capsys.readouterr().out.splitlines() if "not taken back" in each]

    assert (line["error"], line["asked"]["rollout"]) == (error.__name__, 1)
    rollout.stack.clients.forget()
    assert rollout.stack.invoke("RollBackAgentFunction", rung())["state"] == "rolled_back"
    assert rollout.alarm_names == []


@pytest.mark.parametrize("changed", [Conflict("changed"), Refused(["rollout 1 is not open"])])
def test_a_signal_that_meets_another_change_is_given_again(rollout, monkeypatch, changed):
    def overtaken(*_, **__):
        raise changed

    with monkeypatch.context() as patched:
        patched.setattr(Rollouts, "end", overtaken)
        with pytest.raises(TransientError, match=str(changed)):
            rollout.stack.invoke("RollBackAgentFunction", rung())

    assert rollout.stack.invoke("RollBackAgentFunction", rung())["state"] == "rolled_back"


def test_a_rollout_that_lost_its_watcher_is_stopped(rollout):
    [watcher] = rollout.stack.executions("AgentRolloutStateMachine")
    event = {
        "source": "aws.states",
        "detail-type": "Step Functions Execution Status Change",
        "detail": {"status": "TIMED_OUT", "input": json.dumps(watcher["input"])},
    }

    assert rollout.stack.invoke("RollBackAgentFunction", event)["state"] == "stopped"
    assert rollout.statuses == ["production", "draft", "draft"]


def test_the_functions_of_the_state_machine_are_the_same_with_the_stack_s_own_settings(rollout):
    harmed(rollout)
    document = rollout.document
    look = rollout.stack.invoke("AgentRolloutLookFunction", document)
    shift = rollout.stack.invoke("AgentRolloutShiftFunction", document | {"look": look})

    assert (look["outcome"], shift["over"]) == ("rolled_back", True)
    assert (rollout.state, rollout.parameter) == ("rolled_back", "1")
