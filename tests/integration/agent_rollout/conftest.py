"""A rollout of a writer's second version on moto: begun as the Lambda begins it, at a time of the test's own."""

from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.experiments.alarms import Alarms
from agent_platform.experiments.exposures import Exposures
from agent_platform.experiments.looks import LookLog, take_look
from agent_platform.experiments.outcomes import Outcomes
from agent_platform.experiments.rollouts import Rollouts
from agent_platform.experiments.watching import Watchers
from agent_platform.registry.production_parameters import ProductionParameters

from tests.integration.stack import RESOURCES, STACK_NAME

AGENT, PARAMETER = "platform#outreach-writer", "/referral-system/test/agents/platform/outreach-writer"
CONFIG = {
    "agent": "outreach-writer",
    "workflow": "outreach",
    "role": "writer",
    "model": "us.amazon.nova-lite-v1:0",
    "inference": {"max_tokens": 900, "temperature": 0.6},
    "metrics": ["ApprovalRate"],
}
PLAN = {"steps": [5_000, 10_000], "margin": 0.2, "minimum_sample": 20, "minimum_time": 3_600, "horizon": 100_000}
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
ANNA = {"by": "anna", "reason": "because"}


def hour(number):
    return START + timedelta(hours=number)


class Rollout:
    """What a test does to the rollout and asks of it; `hour` is the time of a look or a shift."""

    def __init__(self, stack):
        self.stack, dynamodb = stack, stack.clients("dynamodb")
        table, experiments = stack.table("AgentRegistryTable"), stack.table("ExperimentsTable")
        self.aliases, self.log = stack.aliases(), LookLog(table, dynamodb)
        self.exposures = Exposures(table=experiments, dynamodb=dynamodb)
        self.outcomes = Outcomes(table=experiments, dynamodb=dynamodb)
        self.alarms = Alarms(stack=STACK_NAME, cloudwatch=stack.clients("cloudwatch"))
        parameters = ProductionParameters("/referral-system/test/agents", stack.clients("ssm"), self.aliases)
        self.rollouts = Rollouts(self.aliases, self.alarms, parameters.follow)
        self.document = {"agent_id": AGENT, "rollout": 1, "look_every": 3_600}

    def start(self, candidate=2, agent_id=AGENT, at=START, **plan):
        machine = self.stack.table("AgentRolloutStateMachine")
        watchers = Watchers(machine=machine, stepfunctions=self.stack.clients("stepfunctions"))
        return self.rollouts.start(
            agent_id, candidate, PLAN | plan, config_of=lambda *which: self.stack.registry().version(*which).config,
            watch=watchers.watch, now=at, **ANNA,
        )  # fmt: skip

    def customers(self, arm, number, *, share=5_000, at=START, kind="c", **values):
        """So many customers who were given this arm, with what came of them."""
        version = {"baseline": 1, "candidate": 2}[arm]
        agent = {"agent_id": AGENT, "rollout": 1, "version": version, "arm": arm, "bucket": 1, "share": share}
        for each in range(number):
            name = f"{kind}-{arm}-{share}-{each}"
            self.exposures.record(agent, tenant="greenedge", customer=name, now=at, expires_at=2_000_000_000)
            if values:
                self.outcomes.record(AGENT, 1, "greenedge", name, values, arm=arm, matured_at=at)

    def look(self, at):
        self.document["look"] = take_look(
            self.document, aliases=self.aliases, exposures=self.exposures, log=self.log, now=at
        )
        return self.document["look"]

    def shift(self, at):
        self.document["shift"] = self.rollouts.shift(self.document, by="agent_rollout", now=at)
        return self.document["shift"]

    @property
    def state(self):
        return self.aliases.rollout(AGENT, 1)["state"]

    @property
    def parameter(self):
        return self.stack.clients("ssm").get_parameter(Name=PARAMETER)["Parameter"]["Value"]

    @property
    def statuses(self):
        return [row["status"] for row in self.stack.registry().rows(AGENT)]

    @property
    def actions(self):
        return [change.action for change in self.aliases.history(AGENT)]

    @property
    def alarm_names(self):
        return [each["AlarmName"] for each in self.stack.clients("cloudwatch").describe_alarms()["MetricAlarms"]]


@pytest.fixture(autouse=True)
def named(monkeypatch):
    """A look says under its own word what share is given."""
    monkeypatch.setenv("WORKFLOW", "agent_rollout")


@pytest.fixture
def agents(stack):
    """Three versions of a writer, the first in production."""
    for number in (1, 2, 3):
        stack.registry().register(
            CONFIG, f"Prompt {number}.", owner="platform", allowed_models=["amazon.nova-lite-v1:0"], now=START
        )
    manifest = RESOURCES["OutreachManifest"]["Properties"]["Value"]["Fn::Sub"]
    stack.clients("ssm").put_parameter(Name="/referral-system/test/workflows/outreach", Value=manifest, Type="String")
    stack.aliases().promote(AGENT, 1, now=START, **ANNA)
    made = Rollout(stack)
    made.rollouts.follow(AGENT)
    return made


@pytest.fixture
def rollout(agents):
    """A rollout of the second version to half of the customers."""
    assert agents.start() == 1
    return agents
