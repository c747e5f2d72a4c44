"""What became of messages as a rollout's slow metrics: a look sees them when they are mature, and not before."""

import logging
from datetime import timedelta

import pytest
from agent_platform import telemetry
from agent_platform.moments import iso
from agent_platform.retrieval.credits import Credits
from agent_platform.retrieval.weighing import refresh
from outreach.outcomes.attaching import MessageOutcomes
from outreach.outcomes.kinds import Outcome
from outreach.outcomes.settling import Settlement

from tests.integration.agent_rollout.conftest import AGENT, CONFIG, START
from tests.integration.outreach.sent_messages import put_message

DAY = 86_400
SLOW = [{"name": name, "range": [0, 1], "matures_after_days": 30} for name in ("Referred", "Booked")]
PLAN = {"horizon": 60 * DAY, "look_every": DAY, "minimum_time": DAY, "minimum_sample": 20, "outcome_due": DAY}
CUSTOMERS = 30


@pytest.fixture
def rollout(stack, agents, monkeypatch):
    """A rollout that is judged by what its messages lead to, and each arm's customers with their messages."""
    monkeypatch.setenv("WORKFLOW", "outreach")
    telemetry.log.cache_clear()
    telemetry.workflow.cache_clear()
    logging.Logger.manager.loggerDict.pop("outreach", None)
    made = stack.registry().register(
        CONFIG | {"metrics": SLOW}, "Prompt 4.", owner="platform", allowed_models=["amazon.nova-lite-v1:0"], now=START
    )
    assert agents.start(candidate=made.version, **PLAN) == 1
    agents.messages = MessageOutcomes(table="OutreachMessagesTable", dynamodb=stack.clients("dynamodb"))
    for arm, first in (("baseline", 0), ("candidate", CUSTOMERS)):
        agents.customers(arm, CUSTOMERS)
        for each in range(CUSTOMERS):
            _write_to(agents, first + each, f"c-{arm}-5000-{each}", arm)
    return agents


def _write_to(rollout, number, customer, arm):
    writer = {"agent_id": AGENT, "version": 2, "rollout": 1, "arm": arm, "bucket": 1, "share": 5_000}
    put_message(rollout.stack, number, customer=customer, agents={"writer": writer}, asOf=iso(START))
    if number % 10:
        tell(rollout, number, "sent", day(0.1))


def day(number):
    return START + timedelta(days=number)


def tell(rollout, number, kind, at):
    message = rollout.messages.read(f"greenedge#{number:064x}")
    rollout.messages.attach(message, Outcome(kind, iso(at), f"{kind}-{number}"))


def settle(rollout, at):
    case_credits = Credits(table="CaseCreditsTable", dynamodb=rollout.stack.clients("dynamodb"))
    Settlement(rollout.messages, case_credits, refresh, rollout.outcomes).sweep(now=at, may_go_on=lambda: True)


def seen(rollout, at):
    """What a look at this time compares, by metric: the customers of each arm, and their mean."""
    rollout.look(at)
    [*_, last] = rollout.log.of(AGENT, 1)
    return {each["metric"]: {arm: (each[arm]["n"], each[arm]["mean"]) for arm in ("baseline", "candidate")}
            for each in last["comparisons"]}  # fmt: skip


def test_a_look_sees_a_slow_metric_only_when_it_is_mature(rollout):
    for number in range(1, 6):
        tell(rollout, number, "referred", day(number))
        tell(rollout, CUSTOMERS + number, "booked", day(number))
    settle(rollout, day(29))
    early = seen(rollout, day(29))
    settle(rollout, day(34))
    late = seen(rollout, day(34))

    assert all(n == 0 for metric in ("Referred", "Booked") for n, _ in early.get(metric, {}).values())
    # Of three in each arm nobody told anything.
    assert late["Referred"] == {"baseline": (27, pytest.approx(5 / 27)), "candidate": (27, 0.0)}
    assert late["Booked"] == {"baseline": (27, 0.0), "candidate": (27, pytest.approx(5 / 27))}
    assert late["NoComplaint"] == late["StillSubscribed"] == {"baseline": (27, 1.0), "candidate": (27, 1.0)}


def test_a_message_that_nobody_said_was_sent_is_counted_by_what_became_of_it(rollout):
    tell(rollout, 10, "referred", day(2))
    settle(rollout, day(36))

    assert seen(rollout, day(36))["Referred"]["baseline"] == (28, pytest.approx(1 / 28))
