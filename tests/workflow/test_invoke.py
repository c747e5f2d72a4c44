"""scripts/invoke: one built function, without Docker, with the deployed function's own settings."""

import json
import os
import signal
import subprocess
import time

import pytest

from local_aws import processes
from operations import invoke
from operations.stack import ROOT
from operations.terminal import Problem

VALIDATE = "OutreachValidateFunction"


def door(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts/invoke", *arguments], input=given, capture_output=True, text=True, check=False
    )


def emulators() -> set[int]:
    """Every runtime interface emulator on this machine."""
    found = subprocess.run(["pgrep", "-f", str(invoke.EMULATOR)], capture_output=True, text=True, check=False)
    return {int(pid) for pid in found.stdout.split()}


def test_a_function_answers_as_it_does_in_the_stack(deployed, sample):
    receipt = deployed.send(sample("good-referral")).body["receipt"]
    deployed.message(receipt)
    history = deployed.history(receipt)
    started = json.loads(history[0]["executionStartedEventDetails"]["input"])
    answers = [json.loads(event["stateExitedEventDetails"]["output"]) for event in history
               if event.get("stateExitedEventDetails", {}).get("name") == "Validate"]  # fmt: skip

    ended = door(VALIDATE, "-e", "-", given=json.dumps(started))

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) | {"as_of": None} == answers[0]["request"] | {"as_of": None}


def test_a_recorded_event_is_answered_and_the_log_goes_elsewhere(deployed):
    ended = door("ReceiveWebhookFunction", "-e", "events/ingest/receive_webhook.json")

    assert json.loads(ended.stdout)["statusCode"] == 401
    assert '"message":"refused"' in ended.stderr
    assert "REPORT RequestId" in ended.stderr


def test_an_error_keeps_its_class(deployed):
    ended = door(VALIDATE, "-e", "events/outreach/validate.json")

    assert json.loads(ended.stdout)["errorType"] == "EventUnavailable"


def test_nothing_is_left_of_it_after_an_answer_and_after_ctrl_c(deployed):
    before = emulators()
    door("ReceiveWebhookFunction", "-e", "events/ingest/receive_webhook.json")
    assert emulators() == before

    command = [ROOT / "scripts/invoke", VALIDATE]
    interrupted = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 20
    while emulators() == before and time.monotonic() < deadline:
        time.sleep(0.005)
    begun = emulators() - before
    os.killpg(interrupted.pid, signal.SIGINT)
    interrupted.wait(20)

    assert begun
    assert not any(processes.identify(pid) for pid in begun)


def test_a_name_that_isn_t_there_and_a_file_that_isn_t_there(deployed):
    with pytest.raises(Problem, match=rf"no function Validate\. There are: .*{VALIDATE}"):
        invoke.configured(deployed.stack, "Validate")

    refused = door(VALIDATE, "-e", "events/no-such.json")
    assert refused.returncode == 1
    assert "No such file" in refused.stderr
