"""Whether each role of the commands and of a rollout's machine allows what its function does, and no table more."""

import json

import pytest

from tests.integration.agent_rollout.conftest import AGENT, ANNA, CONFIG, PLAN
from tests.integration.permissions import made_by, noting, refused, unused
from tests.integration.stack import ROOT
from tests.probings import probing

JUDGE = json.loads((ROOT / "agents/outreach-judge/config.json").read_text())


@pytest.fixture
def walked(agents, monkeypatch):
    """What each function did when a version was registered and retired, or rolled out, harmed and taken back."""
    stack = agents.stack
    asked = noting(stack, monkeypatch)
    folder = {"config": CONFIG, "prompt": "You write for ${company_name}.", "owner": "platform", "by": "anna"}
    assert stack.invoke("RegisterAgentFunction", folder)["version"] == 4
    assert stack.invoke("RegisterAgentFunction", folder | {"prompt": "Write. " * 50_000})["version"] == 5
    command = {"agent_id": AGENT, **ANNA}
    assert stack.invoke("DeployAgentFunction", command | {"action": "rollout", "version": 2, "plan": PLAN})["ok"]
    agents.customers("baseline", 60, ApprovalRate=1.0)
    agents.customers("candidate", 60, ApprovalRate=0.0)
    document = agents.document | {"look": stack.invoke("AgentRolloutLookFunction", agents.document)}
    assert stack.invoke("AgentRolloutShiftFunction", document)["over"]
    assert stack.invoke("DeployAgentFunction", command | {"action": "promote", "version": 3})["production"] == 3
    assert stack.invoke("DeployAgentFunction", command | {"action": "retire", "version": 4})["ok"]
    assert stack.invoke("RollBackAgentFunction", command)["production"] == 1
    for version in (1, 2):
        judge = {"config": JUDGE, "prompt": f"Judge {version} by ${{rubric}}.", "owner": "platform", "by": "anna"}
        of_judge = {"agent_id": stack.invoke("RegisterAgentFunction", judge)["agent_id"], **ANNA}
        stack.probings().keep(of_judge["agent_id"], version, "asked", probing())
        promotion = of_judge | {"action": "promote", "version": version}
        assert stack.invoke("DeployAgentFunction", promotion)["production"] == version
    assert stack.invoke("RollBackAgentFunction", of_judge)["production"] == 1
    return made_by({"agents", "agent_rollout"}, noted=asked)


def test_each_role_allows_what_its_function_does(done):
    assert all(done.values()), "a function did nothing"
    assert refused(done) == {}


def test_each_role_allows_no_table_that_its_function_never_touches(done):
    assert unused(done) == {}
