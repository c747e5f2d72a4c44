"""An agent in production, its recorded runs, and the daily comparison walked through its own definition."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.drift.baselines import Baselines
from agent_platform.drift.reports import Reports
from agent_platform.errors import PlatformError
from agent_platform.items import to_item
from agent_platform.moments import epoch

from tests.integration.drift.runs import VERSIONS, WRITER, keep, runs
from tests.integration.stack import ROOT

MACHINE = json.loads((ROOT / "statemachines/drift.asl.json").read_text())["States"]
ANNA = {"by": "anna", "reason": "because"}
# In the night before this moment the window ended; whoever asks does so now.
NOW = datetime.now(UTC).replace(microsecond=0)
PROMOTED = NOW - timedelta(days=20)


class Platform:
    """A stack with a writer and a judge in production, and whatever runs a test records."""

    def __init__(self, stack):
        self.stack = stack
        kept = {"table": stack.table("DriftReportsTable"), "dynamodb": stack.clients("dynamodb")}
        self.reports, self.baselines = Reports(**kept), Baselines(**kept)
        stack.add_source("greenedge-crm", "greenedge")
        stack.add_manifest()
        for agent in ("outreach-writer", "outreach-judge"):
            self.release(agent, at=PROMOTED)

    def release(self, agent, *, at, more="", owner="platform"):
        folder = ROOT / "agents" / agent
        config, prompt = json.loads((folder / "config.json").read_text()), (folder / "prompt.md").read_text()
        return self.stack.release(config, prompt + more, owner=owner, now=at)

    def record(self, number, *, begin, writer=1, **changes):
        """So many runs, one a minute from a moment on."""
        agents = VERSIONS | {"writer": {"agent_id": WRITER, "version": writer}}
        found = runs(number, begin=begin, agents=agents, **changes)
        keep(found, dynamodb=self.stack.clients("dynamodb"), table="RecordingsTable", expires_at=epoch(NOW, days=90))

    def forget_recordings(self):
        """As if all of them had expired."""
        dynamodb = self.stack.clients("dynamodb")
        for each in self.stack.items("RecordingsTable"):
            dynamodb.delete_item(TableName="RecordingsTable", Key=to_item({"recording": each["recording"]}))

    def run(self):
        """One day's execution, as the definition goes; the whole document."""
        state = {"found": self.stack.invoke("DriftFindAgentsFunction", {})}
        if state["found"]["count"] == 0:
            return state
        state["answers"] = [self.compared(each) for each in state["found"]["agents"]]
        return state | {"conclusion": self.stack.invoke("DriftConcludeFunction", state)}

    def compared(self, wanted):
        """What the Map has of one agent."""
        [caught] = MACHINE["Each agent"]["ItemProcessor"]["States"]["Compare"]["Catch"]
        assert caught == {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Not compared"}
        try:
            return self.stack.invoke("DriftCompareFunction", wanted)
        except PlatformError as error:
            return {"error": type(error).__name__}

    def report(self, tenant="greenedge"):
        """The newest report of a tenant."""
        return next(self.reports.newest(tenant, "outreach", now=NOW))

    def told(self):
        """What the function that ran last put on the bus."""
        entries = [each.parameters["Entries"][0] for each in self.stack.clients.calls if each.operation == "PutEvents"]
        return [json.loads(entry["Detail"]) for entry in entries if entry["DetailType"] == "drift.found"]


@pytest.fixture
def platform(stack):
    """The agents in production, and no run yet."""
    return Platform(stack)


@pytest.fixture
def baseline(platform):
    """A complete baseline."""
    platform.record(200, begin=PROMOTED)
    platform.record(10, begin=PROMOTED + timedelta(days=8))
    return platform
