"""What changes an agent: one transaction each, with its history, whoever else is at it at the same time."""

from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import Conflict, Refused
from agent_platform.registry.histories import Served

from tests.probings import probing

AGENT, NAME = "platform#outreach-writer", "outreach-writer"
CONFIG = {
    "agent": NAME,
    "role": "writer",
    "model": "us.amazon.nova-lite-v1:0",
    "inference": {"max_tokens": 900, "temperature": 0.6},
}
RUBRIC = [{"criterion": "clarity", "question": "Is it clear?", "anchors": {"5": "Yes.", "1": "No."}}]
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
ANNA = {"by": "anna", "reason": "because"}


def hour(number):
    return START + timedelta(hours=number)


@pytest.fixture
def register(stack):
    """Register so many versions of an owner's agent."""

    def register(count, owner="platform"):
        registry = stack.registry()
        for number in range(1, count + 1):
            registry.register(
                CONFIG, f"Prompt {number}.", owner=owner, allowed_models=["amazon.nova-lite-v1:0"], now=START
            )

    return register


@pytest.fixture
def aliases(stack, register):
    """An agent of four versions, the first in production."""
    register(4)
    made = stack.aliases()
    made.promote(AGENT, 1, **ANNA, now=START)
    return made


def statuses(stack):
    return [row["status"] for row in stack.registry().rows(AGENT)]


def actions(aliases):
    return [(change.number, change.action, change.version, change.production) for change in aliases.history(AGENT)]


def opened(aliases, candidate=2, share=1000):
    return aliases.open_rollout(AGENT, {"alpha": 0.05}, candidate=candidate, share=share, **ANNA, now=hour(1))


def test_a_promotion_moves_production_both_statuses_and_the_history_in_one_transaction(aliases, stack):
    stack.clients.calls.clear()
    aliases.promote(AGENT, 2, **ANNA, now=hour(1))
    assert [str(call) for call in stack.clients.calls].count("dynamodb:TransactWriteItems") == 1
    assert not [call for call in stack.clients.calls if call.operation in {"PutItem", "UpdateItem"}]
    assert statuses(stack) == ["retired", "production", "draft", "draft"]
    assert aliases.alias(AGENT).production == 2
    last = aliases.history(AGENT)[-1]
    assert (last.number, last.before, last.production, last.by, last.reason) == (2, 1, 2, "anna", "because")


def test_a_promotion_that_is_repeated_changes_nothing(aliases, stack):
    before = stack.items("AgentRegistryTable")
    assert aliases.promote(AGENT, 1, **ANNA, now=hour(1)).production == 1
    assert stack.items("AgentRegistryTable") == before


def test_a_rollback_goes_to_what_served_before_and_a_second_one_further_back(aliases, stack):
    for version in (2, 3):
        aliases.promote(AGENT, version, **ANNA, now=hour(version))
    aliases.roll_back(AGENT, to=None, **ANNA, now=hour(4))
    assert statuses(stack) == ["retired", "production", "retired", "draft"]
    aliases.roll_back(AGENT, to=None, **ANNA, now=hour(5))
    assert statuses(stack) == ["production", "retired", "retired", "draft"]
    with pytest.raises(Refused, match="say which one"):
        aliases.roll_back(AGENT, to=None, **ANNA, now=hour(6))
    aliases.roll_back(AGENT, to=3, **ANNA, now=hour(7))
    assert aliases.before(AGENT) == 1


def test_a_rollback_that_names_its_version_can_be_repeated(aliases):
    aliases.promote(AGENT, 2, **ANNA, now=hour(1))
    for _ in range(2):
        assert aliases.roll_back(AGENT, to=1, **ANNA, now=hour(2)).changes == 3


@pytest.mark.parametrize(
    ("command", "version", "why"),
    [
        ("promote", 9, "version 9 of platform#outreach-writer is not registered"),
        ("promote", 1, "version 1 is in status retired: roll back to it"),
        ("roll_back", 3, "version 3 is in status draft: promote it"),
        ("retire", 2, "version 2 is in production: promote another one"),
        ("retire", 9, "version 9 of platform#outreach-writer is not registered"),
    ],
)
def test_what_cannot_be_done_is_refused_with_every_reason_and_changes_nothing(aliases, stack, command, version, why):
    aliases.promote(AGENT, 2, **ANNA, now=hour(1))
    before = stack.items("AgentRegistryTable")
    given = {"to": version} if command == "roll_back" else {"version": version}
    with pytest.raises(Refused) as refused:
        getattr(aliases, command)(AGENT, **given, by=" ", reason="", now=hour(2))
    assert refused.value.reasons[:2] == ["by is missing", "reason is missing"]
    assert why in refused.value.reasons[2]
    assert stack.items("AgentRegistryTable") == before


def test_of_two_who_change_an_agent_at_once_one_is_told_to_look_again(aliases, stack):
    other, committing = stack.aliases(), aliases._commit

    def late(*step):
        other.promote(AGENT, 3, by="bob", reason="faster", now=hour(1))
        return committing(*step)

    aliases._commit = late
    with pytest.raises(Conflict, match="by somebody else meanwhile"):
        aliases.promote(AGENT, 2, **ANNA, now=hour(1))
    assert statuses(stack) == ["retired", "draft", "production", "draft"]
    assert actions(other) == [(1, "promote", 1, 1), (2, "promote", 3, 3)]


def test_a_history_never_goes_back_in_time_whatever_the_clocks_say(aliases):
    aliases.promote(AGENT, 2, **ANNA, now=hour(5))
    aliases.promote(AGENT, 3, **ANNA, now=hour(1))
    assert [change.at for change in aliases.history(AGENT)][1:] == ["2026-11-20T14:00:00Z"] * 2


def test_a_retired_draft_stays_readable(aliases, stack):
    aliases.retire(AGENT, 4, **ANNA, now=hour(1))
    assert statuses(stack)[3] == "retired"
    assert stack.registry().version(AGENT, 4).prompt == "Prompt 4."
    assert aliases.retire(AGENT, 4, **ANNA, now=hour(2)).changes == 2


def test_what_served_a_tenant_at_any_moment(aliases, register):
    aliases.promote(AGENT, 2, **ANNA, now=hour(2))
    register(1, owner="greenedge")
    aliases.promote("greenedge#outreach-writer", 1, **ANNA, now=hour(4))
    number = opened(aliases, candidate=3)
    assert aliases.served("greenedge", NAME, START - timedelta(seconds=1)) is None
    assert aliases.served("greenedge", NAME, hour(1)).production == 1
    assert aliases.served("greenedge", NAME, hour(4)).agent_id == "greenedge#outreach-writer"
    assert aliases.served("brightnest", NAME, hour(4)) == Served(AGENT, 2, 3, 1000, number, "2026-11-20T11:00:00Z")


def test_a_rollout_is_recorded_with_its_plan_as_it_opens(aliases, stack):
    number = opened(aliases)
    alias = aliases.alias(AGENT)
    assert (alias.rollout.number, alias.rollout.candidate, alias.rollout.share) == (number, 2, 1000)
    assert alias.rollout.salt == f"{AGENT}#1"
    assert statuses(stack) == ["production", "testing", "draft", "draft"]
    recorded = aliases.rollout(AGENT, number)
    assert (recorded["plan"], recorded["baseline"], recorded["state"]) == ({"alpha": 0.05}, 1, "open")


def test_one_rollout_at_a_time_and_nothing_else_moves_production_meanwhile(aliases):
    assert opened(aliases) == opened(aliases) == 1
    for other in (
        lambda: opened(aliases, candidate=3),
        lambda: aliases.promote(AGENT, 3, **ANNA, now=hour(2)),
        lambda: aliases.roll_back(AGENT, to=4, **ANNA, now=hour(2)),
    ):
        with pytest.raises(Refused, match="rollout 1 of version 2 is open: abort it first"):
            other()
    with pytest.raises(Refused, match="version 2 is in rollout 1"):
        aliases.retire(AGENT, 2, **ANNA, now=hour(2))


@pytest.mark.parametrize(
    ("candidate", "share", "why"),
    [(1, 10, "version 1 is in status production"), (9, 10, "version 9 is not registered"), (2, 0, "from 1 to 10000")],
)
def test_a_rollout_that_makes_no_sense_is_refused(aliases, candidate, share, why):
    with pytest.raises(Refused, match=why):
        opened(aliases, candidate=candidate, share=share)


def test_a_first_version_has_nothing_to_be_compared_with(stack, register):
    register(1)
    with pytest.raises(Refused, match="nothing is in production"):
        opened(stack.aliases(), candidate=1)


def test_a_share_grows_and_never_shrinks_or_moves_while_paused(aliases):
    number = opened(aliases)
    assert aliases.set_share(AGENT, number, 5000, **ANNA, now=hour(2)).rollout.share == 5000
    assert aliases.set_share(AGENT, number, 5000, **ANNA, now=hour(2)).changes == 3
    aliases.pause(AGENT, number, **ANNA, now=hour(3))
    assert aliases.rollout(AGENT, number)["state"] == "paused"
    with pytest.raises(Refused) as refused:
        aliases.set_share(AGENT, number, 1000, **ANNA, now=hour(4))
    assert [reason.split(":")[0] for reason in refused.value.reasons] == [
        "a share only grows, so that whoever has the candidate keeps it",
        "rollout 1 is paused",
    ]
    alias = aliases.resume(AGENT, number, **ANNA, now=hour(5))
    assert (alias.rollout.paused, alias.rollout.share) == (False, 5000)


@pytest.mark.parametrize(
    ("outcome", "left"),
    [
        ("promoted", ["retired", "production"]),
        ("rolled_back", ["production", "retired"]),
        ("inconclusive", ["production", "draft"]),
        ("aborted", ["production", "draft"]),
        ("stopped", ["production", "draft"]),
    ],
)
def test_a_rollout_ends_once_and_as_it_was_decided(aliases, stack, outcome, left):
    number = opened(aliases)
    for _ in range(2):
        aliases.close_rollout(AGENT, number, outcome=outcome, **ANNA, now=hour(2))
    assert statuses(stack)[:2] == left
    assert aliases.alias(AGENT).rollout is None
    assert actions(aliases)[-1][:3] == (3, outcome, 2)
    assert aliases.rollout(AGENT, number)["state"] == outcome
    assert aliases.history(AGENT)[-1].rollout == number
    with pytest.raises(Refused, match="rollout 1 of platform#outreach-writer is not open"):
        aliases.pause(AGENT, number, **ANNA, now=hour(3))


def test_a_version_that_was_taken_back_may_be_tried_again_with_other_customers(aliases):
    aliases.close_rollout(AGENT, opened(aliases), outcome="rolled_back", **ANNA, now=hour(2))
    assert opened(aliases) == 2
    assert aliases.alias(AGENT).rollout.salt == f"{AGENT}#2"


def test_an_alias_from_before_there_was_a_history_can_be_changed(stack, register):
    register(2)
    stack.clients("dynamodb").put_item(
        TableName=stack.table("AgentRegistryTable"),
        Item={"agentId": {"S": f"{AGENT}#alias"}, "version": {"N": "0"}, "production": {"N": "1"}},
    )
    stack.clients("dynamodb").update_item(
        TableName=stack.table("AgentRegistryTable"),
        Key={"agentId": {"S": AGENT}, "version": {"N": "1"}},
        UpdateExpression="SET #s = :production",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":production": {"S": "production"}},
    )
    stack.aliases().promote(AGENT, 2, **ANNA, now=hour(1))
    assert statuses(stack) == ["retired", "production"]
    assert actions(stack.aliases()) == [(1, "promote", 2, 2)]


@pytest.mark.parametrize(
    ("judges", "writes"),
    [("platform", "platform"), ("platform", "greenedge"), ("greenedge", "greenedge"), ("greenedge", "platform")],
)
def test_a_judge_stays_while_a_rollout_is_judged_by_it(stack, register, judges, writes):
    registry, aliases = stack.registry(), stack.aliases()
    register(2, owner=writes)
    for number in (1, 2):
        config = CONFIG | {"agent": "outreach-judge", "role": "judge", "threshold": 4, "minimum": 3, "rubric": RUBRIC}
        registry.register(config, f"Judge {number}.", owner=judges, allowed_models=["amazon.nova-lite-v1:0"], now=START)
    judge, writer = f"{judges}#outreach-judge", f"{writes}#{NAME}"
    stack.probings().keep(judge, 2, "asked", probing())
    for agent in (judge, writer):
        aliases.promote(agent, 1, **ANNA, now=START)
    number = aliases.open_rollout(writer, {}, candidate=2, share=1000, **ANNA, now=START)

    with pytest.raises(Refused, match=f"rollout {number} of {writer} is judged by it"):
        aliases.promote(judge, 2, **ANNA, now=START)
    aliases.close_rollout(writer, number, outcome="aborted", **ANNA, now=START)
    assert aliases.promote(judge, 2, **ANNA, now=START).production == 2


def test_another_tenant_s_judge_may_change(stack, register):
    registry, aliases, writer = stack.registry(), stack.aliases(), f"greenedge#{NAME}"
    register(2, owner="greenedge")
    config = CONFIG | {"agent": "outreach-judge", "role": "judge", "threshold": 4, "minimum": 3, "rubric": RUBRIC}
    registry.register(config, "Judge.", owner="brightnest", allowed_models=["amazon.nova-lite-v1:0"], now=START)
    aliases.promote(writer, 1, **ANNA, now=START)
    aliases.open_rollout(writer, {}, candidate=2, share=1000, **ANNA, now=START)
    assert aliases.promote("brightnest#outreach-judge", 1, **ANNA, now=START).production == 1
