"""A rollout on the deployed stack, whole: a good candidate reaches everybody, a bad one and an undecided one go back.

The agent is a company's own, so that the other suites' messages are written as ever.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from agent_platform.experiments.exposures import Exposures
from agent_platform.experiments.looks import LookLog
from agent_platform.experiments.outcomes import Outcomes
from agent_platform.items import to_item

from operations import events, sources
from operations.agents import __main__ as agents
from operations.stack import ROOT
from tests.workflow.deployed import Deployed

TENANT, AGENT = "brightnest", "brightnest#outreach-writer"
NAME = AGENT.replace("#", "/")
PARAMETER = f"/referral-system/local/agents/{NAME}"
PLAN = ("--steps", "50,100", "--margin", "20%", "--minimum-sample", "5", "--minimum-time", "1s", "--look-every", "20s",
        "--most-cost-ratio", "10", "--most-latency-ratio", "10")  # fmt: skip
BECAUSE = ("--reason", "a test needs it")

type Door = Callable[..., Any]


@pytest.fixture
def door(deployed: Deployed, capsys: pytest.CaptureFixture[str]) -> Door:
    """Give a command of scripts/agents, read its JSON."""

    def door(*argv: str) -> Any:
        agents.main([*argv, "--json"])
        return json.loads(capsys.readouterr().out)

    return door


@pytest.fixture
def candidate(deployed: Deployed, door: Door, tmp_path: Path) -> Callable[[str], int]:
    """Register the shipped writer for the company, with a remark in its prompt; the first one goes into production."""

    def registered(remark: str) -> int:
        config = json.loads((ROOT / "agents/outreach-writer/config.json").read_text()) | {"tenant": TENANT}
        (tmp_path / "config.json").write_text(json.dumps(config))
        prompt = (ROOT / "agents/outreach-writer/prompt.md").read_text()
        (tmp_path / "prompt.md").write_text(f"{prompt}\n{remark}\n")
        return int(door("register", str(tmp_path))["version"])

    first = registered("As ever.")
    if deployed.stack.aliases.alias(AGENT).production is None:
        door("promote", NAME, str(first), *BECAUSE)
    return lambda remark: registered(f"{remark} {uuid.uuid4().hex}")


@pytest.fixture
def begin(deployed: Deployed, door: Door) -> Iterator[Callable[..., int]]:
    """Begin a rollout; what a failed test leaves open is aborted."""

    def begin(version: int, *more: str) -> int:
        return int(door("rollout", NAME, str(version), *PLAN, *BECAUSE, *more)["rollout"])

    yield begin
    if deployed.stack.aliases.alias(AGENT).rollout:
        door("abort", NAME, *BECAUSE)


def customers(deployed: Deployed, rollout: int, *, share: int, each: int) -> None:
    """So many approved customers of each possible arm, written as Validate and Store write them."""
    table, now = deployed.stack.outputs["Experiments"], datetime.now(UTC)
    exposures = Exposures(table=table, dynamodb=deployed.stack.dynamodb)
    outcomes = Outcomes(table=table, dynamodb=deployed.stack.dynamodb)
    arms = ("baseline", "candidate") if share < 10_000 else ("candidate",)
    # In turns: a look that comes between must not see one arm alone, which is a mismatch.
    for number, arm in product(range(each), arms):
        agent = {"agent_id": AGENT, "rollout": rollout, "version": 1, "arm": arm, "bucket": 0, "share": share}
        name, values = f"c-{arm}-{share}-{number}", {"ApprovalRate": 1.0}
        exposures.record(agent, tenant=TENANT, customer=name, now=now, expires_at=int(now.timestamp()) + 86_400)
        outcomes.record(AGENT, rollout, TENANT, name, values, arm=arm, matured_at=now)


def ended(deployed: Deployed, rollout: int) -> dict[str, Any]:
    """The rollout, once it has ended and its watcher as well."""
    machine = deployed.stack.outputs["AgentRolloutStateMachineArn"]
    watcher = f"{machine.replace(':stateMachine:', ':execution:')}:{TENANT}.outreach-writer.{rollout}"
    states = deployed.stack.client("stepfunctions")
    deployed.until(lambda: states.describe_execution(executionArn=watcher)["status"] != "RUNNING", "the end")
    assert states.describe_execution(executionArn=watcher)["status"] == "SUCCEEDED"
    found = deployed.stack.aliases.rollout(AGENT, rollout)
    assert found
    return found


def looks(deployed: Deployed, rollout: int) -> list[dict[str, Any]]:
    return LookLog(deployed.stack.outputs["AgentRegistry"], deployed.stack.dynamodb).of(AGENT, rollout)


def alarms(deployed: Deployed) -> list[str]:
    found = deployed.stack.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return [alarm["AlarmName"] for alarm in found if "-rollout." in alarm["AlarmName"]]


def production(deployed: Deployed) -> int:
    return int(deployed.stack.client("ssm").get_parameter(Name=PARAMETER)["Parameter"]["Value"])


def test_a_candidate_that_was_made_worse_is_rolled_back_by_itself(
    deployed: Deployed, door: Door, candidate: Callable[[str], int], begin: Callable[..., int], sample: Any
) -> None:
    """Through real events: exposures at Validate, outcomes at Store, looks and the shift by the state machine."""
    before, version = production(deployed), candidate("Candidate that is made worse.")
    deployed.fault({"kind": "invented_amount", "contains": "Candidate that is made worse."})
    source = f"rollout-crm-{uuid.uuid4().hex[:8]}"
    secret = sources.add(deployed.stack, source, TENANT)
    rollout = begin(version, "--horizon", "1h")
    assert len(alarms(deployed)) == 2

    def send(_: int) -> int:
        url = f"{deployed.stack.api_url}/webhook/{source}"
        event = sample("good-referral")
        return events.send(url, secret, json.dumps(event), event_id=f"msg_{uuid.uuid4().hex}").status

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(send, range(60))) == {202}
    end = ended(deployed, rollout)

    assert end["state"] == "rolled_back"
    assert "is worse" in end["endReason"]
    last = looks(deployed, rollout)[-1]
    approval = next(each for each in last["comparisons"] if each["metric"] == "ApprovalRate")
    assert (approval["baseline"]["mean"], approval["candidate"]["mean"]) == (1.0, 0.0)
    assert production(deployed) == before
    assert alarms(deployed) == []
    assert door("show", NAME, str(version))["status"] == "retired"


def test_a_good_candidate_reaches_everybody(
    deployed: Deployed, door: Door, candidate: Callable[[str], int], begin: Callable[..., int]
) -> None:
    version = candidate("Candidate that is as good.")
    rollout = begin(version, "--horizon", "5h")
    customers(deployed, rollout, share=5_000, each=60)
    deployed.until(
        lambda: (open_ := deployed.stack.aliases.alias(AGENT).rollout) and open_.share == 10_000, "all customers"
    )
    customers(deployed, rollout, share=10_000, each=10)

    assert ended(deployed, rollout)["state"] == "promoted"
    assert production(deployed) == version
    assert alarms(deployed) == []
    assert door("show", NAME)["version"] == version
    assert [each["decision"] for each in looks(deployed, rollout) if each["decision"] != "hold"] == ["advance", "end"]


def test_an_undecided_one_goes_back_as_inconclusive(
    deployed: Deployed, door: Door, candidate: Callable[[str], int], begin: Callable[..., int]
) -> None:
    before, version = production(deployed), candidate("Candidate of whom nobody knows.")
    rollout = begin(version, "--horizon", "4s", "--look-every", "4s")
    customers(deployed, rollout, share=5_000, each=6)
    end = ended(deployed, rollout)

    assert end["state"] == "inconclusive"
    assert end["endReason"].startswith("no decision at the horizon")
    assert production(deployed) == before
    assert door("show", NAME, str(version))["status"] == "draft"


def test_what_a_person_pauses_holds_and_what_they_abort_ends(
    deployed: Deployed, door: Door, candidate: Callable[[str], int], begin: Callable[..., int]
) -> None:
    before = production(deployed)
    rollout = begin(candidate("Candidate that is paused."), "--horizon", "4s", "--look-every", "4s")
    door("pause", NAME, *BECAUSE)
    deployed.until(lambda: any(each["reason"] == "paused" for each in looks(deployed, rollout)), "a look at the pause")
    door("resume", NAME, *BECAUSE)
    assert door("abort", NAME, *BECAUSE)["state"] in {"aborted", "inconclusive"}

    assert ended(deployed, rollout)["state"] in {"aborted", "inconclusive"}
    status = door("status", NAME, "--rollout", str(rollout))
    assert status["looks"]
    assert (status["share"], production(deployed)) == (None, before)


def signalled(deployed: Deployed, event: dict[str, Any]) -> dict[str, Any]:
    """What the function that takes rollouts back answers to an event that a rule would give it."""
    answer = deployed.stack.client("lambda").invoke(
        FunctionName=deployed.stack.outputs["RollBackAgent"], Payload=json.dumps(event).encode()
    )
    return dict(json.loads(answer["Payload"].read()))


def let_it_have_begun(deployed: Deployed, rollout: int) -> None:
    """Let so much time pass that a sweep asks whether somebody watches it."""
    deployed.stack.dynamodb.update_item(
        TableName=deployed.stack.outputs["AgentRegistry"],
        Key=to_item({"agentId": f"{AGENT}#rollout", "version": rollout}),
        UpdateExpression="SET openedAt = :then",
        ConditionExpression="attribute_exists(openedAt)",
        ExpressionAttributeValues=to_item({":then": "2020-01-01T00:00:00Z"}),
    )


def test_an_alarm_takes_a_rollout_back_at_once(
    deployed: Deployed, candidate: Callable[[str], int], begin: Callable[..., int]
) -> None:
    """The rule is checked as data elsewhere; its target is invoked here with the event that it would get."""
    version = candidate("Candidate whose alarm rings.")
    rollout = begin(version, "--horizon", "1h")
    assert begin(version, "--horizon", "1h") == rollout, "given again, the command finds its watcher at work"
    event = json.loads((ROOT / "events/agents/roll_back-alarm.json").read_text())
    event["detail"]["alarmName"] = sorted(alarms(deployed))[0]
    sweep = json.loads((ROOT / "events/agents/roll_back-sweep.json").read_text())

    let_it_have_begun(deployed, rollout)
    assert signalled(deployed, sweep) == {"stopped": []}, "it is watched"
    assert signalled(deployed, event)["state"] == "rolled_back"
    assert deployed.stack.aliases.alias(AGENT).rollout is None
    assert alarms(deployed) == []
    assert ended(deployed, rollout)["state"] == "rolled_back"
    assert looks(deployed, rollout)[-1]["decision"] == "closed"
