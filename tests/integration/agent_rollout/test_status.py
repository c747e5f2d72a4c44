"""scripts/agents status says where a rollout stands: before the first look, between looks, and at its end."""

import json
from types import SimpleNamespace

import pytest

from operations.agents import statuses
from operations.terminal import Problem
from tests.integration.agent_rollout.conftest import AGENT, ANNA, hour


@pytest.fixture
def status(agents, capsys):
    """What the command prints, for a pipe."""

    def status(*, as_json=False, rollout=None, looks=20):
        stack = agents.stack
        seen = SimpleNamespace(
            aliases=agents.aliases,
            dynamodb=stack.clients("dynamodb"),
            outputs={"AgentRegistry": stack.table("AgentRegistryTable")},
        )
        capsys.readouterr()
        statuses._status(seen, SimpleNamespace(agent=AGENT, rollout=rollout, looks=looks, json=as_json))
        return capsys.readouterr().out

    return status


def test_an_agent_without_a_rollout_is_told_how_to_begin_one(status):
    with pytest.raises(Problem, match="never had a rollout"):
        status()


def test_a_rollout_that_isn_t_there_is_said(status, rollout):
    with pytest.raises(Problem, match="outreach-writer has no rollout 4"):
        status(rollout=4)


def test_before_the_first_look_it_says_when_that_is_due(status, rollout):
    said = status()

    assert said.startswith("outreach-writer, rollout 1: version 2 against 1, open, 50 % of the customers\n")
    assert said.endswith("The first look is due at 2026-11-20 10:00:00 UTC\n")


def test_every_look_is_a_line_and_the_last_one_is_shown_whole(status, rollout):
    for arm in ("baseline", "candidate"):
        rollout.customers(arm, 200, ApprovalRate=1.0, CostMicros=30.0, GenerationTime=700.0)
    for at in (0.1, 0.5, 2):
        rollout.look(hour(at))
    said = status(looks=2)

    assert "1 earlier look left out: --looks 3" in said
    lines = [line.split() for line in said.splitlines() if line[:1].isdigit() and "200:200" in line]
    assert [(line[0], line[-1]) for line in lines] == [("2", "hold"), ("3", "advance")]
    assert "100.0% of 200" in said
    assert "700 ms" in said
    assert said.splitlines()[-1].endswith("advance: ApprovalRate shown to be not worse by 20.0% or more")


def test_its_end_has_the_last_word(status, rollout):
    rollout.look(hour(0.1))
    rollout.rollouts.end(AGENT, 1, outcome="aborted", now=hour(1), **ANNA)
    rollout.look(hour(2))

    assert status().splitlines()[-1] == "2026-11-20T10:00:00Z: aborted by anna: because"


def test_for_a_pipeline_it_is_one_document(status, rollout):
    rollout.look(hour(0.1))
    document = json.loads(status(as_json=True))

    assert (document["agent"], document["rollout"], document["state"], document["share"]) == (AGENT, 1, "open", 5_000)
    assert [look["decision"] for look in document["looks"]] == ["hold"]
