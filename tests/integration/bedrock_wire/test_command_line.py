import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def command(*arguments):
    return [sys.executable, "-m", "local_aws.bedrock_wire", *arguments]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**more):
    hidden = ("AWS_", "BEDROCK_", "OPENAI_")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)} | more


@pytest.fixture
def start(tmp_path):
    running = []

    def begin(*arguments, **more):
        port = free_port()
        log = (tmp_path / "log").open("w")
        process = subprocess.Popen(
            command("--port", str(port), *arguments), cwd=ROOT, env=environment(**more), stdout=log, stderr=log
        )
        running.append(process)
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_ready", timeout=1) as response:
                    return process, port, json.loads(response.read())
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        raise AssertionError((tmp_path / "log").read_text())

    yield begin
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_end(start, number):
    process, _, ready = start("--model", "offline")
    assert ready["model"].startswith("offline stand-in")
    process.send_signal(number)
    assert process.wait(5) == 0


def test_it_listens_on_this_machine_only(start):
    _, port, _ = start()
    with socket.socket() as probe:
        probe.settimeout(1)
        others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
        for address in others - {"127.0.0.1"}:
            assert probe.connect_ex((address, port)) != 0


def test_cases_can_be_named_at_the_start(start, tmp_path):
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/a.md").write_text("a dog")
    _, port, _ = start("--cases-folder", str(tmp_path / "cases"))
    body = json.dumps({"retrievalQuery": {"text": "dog"}}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/knowledgebases/LOCALCASES/retrieve", data=body)
    with urllib.request.urlopen(request, timeout=5) as response:
        [only] = json.loads(response.read())["retrievalResults"]
    assert only["content"]["text"] == "a dog"


def test_every_choice_is_named(start):
    own = {f"BEDROCK_AWS_{name}": "x" for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")}
    _, _, ready = start("--model", "bedrock", **own, BEDROCK_REGION="eu-west-1")
    assert ready["model"].startswith("Amazon Bedrock (eu-west-1")
    _, _, ready = start("--model", "http://127.0.0.1:9", "--upstream-model", "qwen")
    assert ready["model"] == "OpenAI-compatible server at http://127.0.0.1:9 (qwen)"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--model", "gpt"], "must be offline, bedrock or an http(s) URL"),
        (["--model", "bedrock"], "BEDROCK_AWS_ACCESS_KEY_ID"),
        (["--cases-bucket", "b"], "endpoint"),
    ],
)
def test_what_can_not_work_is_said_at_the_start(arguments, sentence):
    line = command("--port", "0", *arguments)
    ended = subprocess.run(line, check=False, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=15)
    assert ended.returncode != 0
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
