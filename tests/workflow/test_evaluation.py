"""A second version of the writer against the first on what the deployed stack recorded, by the door that people use."""

import json
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from operations.agents import __main__ as agents
from operations.stack import ROOT
from operations.terminal import Problem
from tests.workflow.deployed import Deployed

WRITER = "outreach-writer"
PURPOSE = "upsell"
REQUESTS = 40

type Door = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def recorded(deployed: Deployed) -> None:
    """Customers were written to with a purpose that other tests have little of."""

    def written(_: int) -> dict[str, Any]:
        event = json.loads((ROOT / "events/crm/good-upsell.json").read_text())
        event["data"]["customer"]["id"] = f"cust-{uuid.uuid4().hex[:12]}"
        return deployed.message(deployed.send(event).body["receipt"])

    with ThreadPoolExecutor(4) as pool:
        assert Counter(each["status"] for each in pool.map(written, range(REQUESTS))) == {"approved": REQUESTS}


@pytest.fixture
def door(recorded: None, deployed: Deployed, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Door:
    """Give a command, read its JSON."""

    def door(*argv: str) -> dict[str, Any]:
        capsys.readouterr()
        agents.main([*argv, "--json"])
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return door


@pytest.fixture
def candidate(door: Door, tmp_path: Path) -> Callable[[str], str]:
    """Register a version of the writer with another sentence in its prompt; its number."""

    def make(sentence: str) -> str:
        folder = ROOT / "agents" / WRITER
        (tmp_path / "config.json").write_text((folder / "config.json").read_text())
        (tmp_path / "prompt.md").write_text(f"{(folder / 'prompt.md').read_text()}\n{sentence}\n")
        return str(door("register", str(tmp_path))["version"])

    return make


def usual(version: str, page: Path, *more: str) -> list[str]:
    return ["evaluate", WRITER, version, "--purpose", PURPOSE, "--last", str(REQUESTS), "--yes",
            "--page", str(page), *more]  # fmt: skip


def resumed(version: str, page: Path, evaluation: str) -> list[str]:
    return ["evaluate", WRITER, version, "--resume", evaluation, "--yes", "--page", str(page)]


def test_a_version_is_measured_against_the_one_in_production(
    door: Door, candidate: Callable[[str], str], deployed: Deployed, tmp_path: Path
) -> None:
    version, page, before = candidate("Be brief."), tmp_path / "page.html", deployed.items("OutreachMessages")
    result = door(*usual(version, page))

    assert (result["pairs"], result["failed"]) == (REQUESTS, {})
    assert result["approval"]["n"] == REQUESTS
    assert result["sentence"] in page.read_text().replace("&#x27;", "'")
    assert deployed.items("OutreachMessages") == before
    performance = door("show", WRITER, version)["performance"]
    assert performance[result["evaluation"]]["verdict"] == result["approval"]["verdict"]


def test_an_evaluation_that_is_done_is_asked_again_without_a_model_call(
    door: Door, candidate: Callable[[str], str], deployed: Deployed, tmp_path: Path
) -> None:
    version, page = candidate("Be kind."), tmp_path / "page.html"
    first = door(*usual(version, page))
    calls = len(deployed.model_calls())
    again = door(*resumed(version, page, first["evaluation"]))

    assert len(deployed.model_calls()) == calls
    assert again["approval"] == first["approval"]


def test_a_worse_version_is_called_worse_and_its_losses_are_shown(
    door: Door, candidate: Callable[[str], str], deployed: Deployed, tmp_path: Path
) -> None:
    version, page = candidate("Mention a bonus."), tmp_path / "page.html"
    deployed.fault({"kind": "invented_amount", "contains": "Mention a bonus.", "role": "writer"})
    result = door(*usual(version, page))

    assert result["approval"]["verdict"] == "worse"
    assert result["findings"]["amount contradicted"]["candidate"] == REQUESTS
    assert len(result["losses"]) == 10
    assert "$500" in page.read_text()


def test_throttling_slows_an_evaluation_and_loses_nothing(
    door: Door, candidate: Callable[[str], str], deployed: Deployed, tmp_path: Path
) -> None:
    version = candidate("Be warm.")
    deployed.fault({"kind": "throttle", "times": 20})
    result = door(*usual(version, tmp_path / "page.html", "--concurrency", "10"))

    assert (result["pairs"], result["failed"]) == (REQUESTS, {})


def test_what_a_model_refuses_is_named_and_the_rest_is_compared(
    door: Door, candidate: Callable[[str], str], deployed: Deployed, tmp_path: Path
) -> None:
    version, page = candidate("Be clear."), tmp_path / "page.html"
    deployed.fault({"kind": "access_denied", "times": 2, "role": "judge"})
    result = door(*usual(version, page))

    assert (result["pairs"], result["failed"]) == (REQUESTS - 2, {"ModelRefused": 2})
    assert door(*resumed(version, page, result["evaluation"]))["failed"] == {}


def test_a_cap_holds_before_anything_is_paid(
    door: Door, candidate: Callable[[str], str], deployed: Deployed, tmp_path: Path
) -> None:
    version, calls = candidate("Be thrifty."), len(deployed.model_calls())

    with pytest.raises(Problem, match="the cap is"):
        door(*usual(version, tmp_path / "page.html", "--cap", "0.001"))
    assert len(deployed.model_calls()) == calls
