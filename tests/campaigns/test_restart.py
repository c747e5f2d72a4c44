"""The local AWS is stopped and started in mid-run, and keeps its data: every event still comes to one message."""

import os
import random
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local_aws import service
from operations.stack import ROOT
from tests.campaigns.conftest import whole_only
from tests.campaigns.senders import Senders, as_text
from tests.workflow.deployed import Deployed, stood_up

SLOW = {"kind": "stall", "seconds": 30}
# A message that was being received when all stopped is hidden for its queue's three minutes.
PATIENCE_SECONDS = 300


@pytest.fixture(scope="module")
def _local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The stack on a local AWS of its own that keeps its data over a stop."""
    with stood_up(tmp_path_factory.mktemp("kept"), PERSIST_STATE="1"):
        yield


@pytest.fixture
def kept(_local_aws: None) -> Deployed:
    """The stack as it stands there now: after a crash it is another one."""
    return Deployed.now()


def _executions(deployed: Deployed, status: str) -> list[dict[str, Any]]:
    machine = deployed.stack.outputs["OutreachStateMachineArn"]
    client = deployed.stack.client("stepfunctions")
    return list(client.list_executions(stateMachineArn=machine, statusFilter=status)["executions"])


def _stored(deployed: Deployed) -> list[list[dict[str, Any]]]:
    tables = [deployed.items(output) for output in ("EventRecords", "OutreachMessages", "AgentRegistry", "Sources")]
    return [sorted(items, key=str) for items in tables]


def _failures(senders: Senders) -> list[dict[str, Any]]:
    """The failure records that are the outcome of an event now."""
    items = senders.deployed.items("EventRecords")
    return [item for item in items if item["part"].startswith("failure#") and item["current"]]


def _rerun(failure: dict[str, Any]) -> None:
    receipt = failure["record"].replace("#", ".", 1)
    ended = subprocess.run([ROOT / "scripts/rerun", receipt], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert f"started run 2 of {receipt}" in ended.stdout


def test_runs_that_a_restart_cut_off_are_recorded_and_finished_by_a_rerun(
    kept: Deployed,
    sample: Callable[..., Any],
    trials: Callable[[int, int], int],
    seed: int,
    tell: Callable[[str], None],
) -> None:
    rng, senders, cut_off = random.Random(seed), Senders(kept), 0
    rounds, count = trials(1, 6), trials(2, 6)
    for number in range(rounds):
        kept.fault(SLOW)
        for _ in range(count):
            senders.deliver(f"msg_{uuid.uuid4().hex}", as_text(sample("good-referral")))
        if number == 0:
            # These all wait for the model; in later rounds some wait in the queue or for their first state.
            kept.until(lambda: len(_executions(kept, "RUNNING")) == count, "every run to start")
            time.sleep(1)
        else:
            time.sleep(rng.uniform(0, 2))
        before = len(_executions(kept, "RUNNING"))
        service.down()
        service.up("offline")

        swept = senders.settle(PATIENCE_SECONDS)
        failures = _failures(senders)
        assert all(failure["error"] == "States.ServiceRestart" for failure in failures)
        assert before <= len(failures) <= swept
        cut_off += len(failures)
        for failure in failures:
            _rerun(failure)
        kept.until(lambda: not _failures(senders), "a message of every run")
    tell(f"restart: seed {seed}, {rounds} stops with {count} events on their way, {cut_off} runs cut off; outcomes"
         f" {senders.outcomes()}")  # fmt: skip
    assert cut_off >= count
    assert senders.outcomes() == {"approved": count * rounds}
    assert senders.violations() == []


def test_nothing_stored_is_lost_by_a_stop(kept: Deployed, sample: Callable[..., Any]) -> None:
    kept.message(str(kept.send(sample("good-referral")).body["receipt"]))
    kept.until(lambda: not _executions(kept, "RUNNING"), "the run to end")
    before = _stored(kept)

    service.down()
    service.up("offline")

    assert _stored(kept) == before
    assert kept.message(str(kept.send(sample("good-referral")).body["receipt"]))["status"] == "approved"


@whole_only
def test_after_a_killed_emulator_up_puts_the_stack_back_and_events_come_to_messages(
    kept: Deployed, sample: Callable[..., Any]
) -> None:
    assert kept.stack.local
    emulator = kept.stack.local.processes["emulator"]
    os.kill(emulator.pid, signal.SIGKILL)
    kept.until(lambda: not emulator.alive, "the emulator to end")

    up = subprocess.run([ROOT / "scripts/local-aws", "up"], capture_output=True, text=True, check=False)

    assert up.returncode == 0, up.stderr
    assert "It had been killed and not stopped" in up.stdout
    assert f"{kept.stack.profile['stack_name']} is deployed and seeded again" in up.stdout
    after = Deployed.now()
    assert after.message(str(after.send(sample("good-referral")).body["receipt"]))["status"] == "approved"
