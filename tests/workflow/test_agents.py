"""scripts/agents against the deployed stack: the Lambdas under their own roles, which the emulator enforces."""

import json
import uuid

import pytest

from operations.agents import __main__ as agents
from operations.stack import ROOT
from operations.terminal import Problem

FOLDER = ROOT / "agents/outreach-judge"
NAME = "outreach-judge"


@pytest.fixture
def door(deployed, capsys):
    """Give a command, read its JSON."""

    def door(*argv):
        agents.main([*argv, "--json"])
        return json.loads(capsys.readouterr().out)

    return door


@pytest.fixture
def changed(tmp_path):
    """Make a folder of the judge with another threshold, and with a prompt of its own that has so many more bytes."""

    def changed(threshold, more=0):
        config = json.loads((FOLDER / "config.json").read_text()) | {"threshold": threshold}
        (tmp_path / "config.json").write_text(json.dumps(config))
        (tmp_path / "prompt.md").write_text(f"{(FOLDER / 'prompt.md').read_text()}{uuid.uuid4().hex}\n" + "\n" * more)
        return str(tmp_path)

    return changed


def probed(door, version):
    """Probe a version of the judge, so that it may be promoted."""
    found = door("probe", f"{NAME}@{version}", "--half-width", "0.12", "--repeated", "0", "--yes")
    assert found["discriminates"]


def production(deployed):
    name = f"/referral-system/local/agents/platform/{NAME}"
    return deployed.stack.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]


def test_a_version_s_way_to_production_and_back(deployed, door, changed):
    before = production(deployed)
    made = door("register", changed(4.5), "--label", "stricter")
    assert made["status"] == "draft"
    with pytest.raises(Problem, match="is a judge whose error nobody knows"):
        agents.main(["promote", NAME, str(made["version"]), "--reason", "stricter"])
    probed(door, made["version"])
    assert door("promote", NAME, str(made["version"]), "--reason", "stricter")["production"] == made["version"]
    assert production(deployed) == str(made["version"])
    assert door("rollback", NAME, "--reason", "too strict")["production"] == int(before)
    assert production(deployed) == before
    assert [each["action"] for each in door("history", NAME)][-2:] == ["promote", "roll_back"]


def test_a_rollback_that_is_told_no_version_goes_back_to_what_served_before(deployed, door, changed):
    before, made = production(deployed), door("register", changed(4.2), "--label", "stricter still")
    probed(door, made["version"])
    door("promote", NAME, str(made["version"]), "--reason", "stricter still")
    asked = json.dumps({"agent_id": f"platform#{NAME}", "by": "a test", "reason": "too strict"})
    answer = deployed.stack.client("lambda").invoke(FunctionName=deployed.stack.outputs["RollBackAgent"], Payload=asked)

    assert str(json.loads(answer["Payload"].read())["production"]) == before == production(deployed)


def test_a_long_prompt_and_a_retirement(deployed, door, changed):
    made = door("register", changed(3.5, more=310_000))
    assert len(door("show", NAME, str(made["version"]))["promptTemplate"]) > 300_000
    door("retire", NAME, str(made["version"]), "--reason", "only tried")
    assert door("show", NAME, str(made["version"]))["status"] == "retired"


def test_what_speaks_against_a_version_is_listed(deployed, changed):
    with pytest.raises(Problem) as refused:
        agents.main(["register", changed(7)])
    assert "threshold must be from 1 to 5" in str(refused.value)
