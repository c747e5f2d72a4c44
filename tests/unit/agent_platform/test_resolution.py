"""Who is given which version: sticky, nested, and the same for every process."""

import pytest
from agent_platform.errors import ConfigurationError
from agent_platform.registry.alias import Alias, OpenRollout
from agent_platform.registry.resolution import Assignment, assign, bucket
from agent_platform.tenants import SYNTHETIC
from hypothesis import given
from hypothesis import strategies as st

AGENT = "platform#outreach-writer"


def alias(share=None, number=1, paused=False):
    rollout = OpenRollout(number, 2, share, salt=f"{AGENT}#{number}", paused=paused) if share else None
    return Alias(AGENT, production=1, changes=1, rollout=rollout)


def test_a_customers_place_is_pinned():
    """Were it computed otherwise one day, customers of a running rollout would change their arms."""
    assert bucket("greenedge", AGENT, f"{AGENT}#1", "c-1") == 3909


def test_without_a_rollout_production_serves_all():
    assigned = assign(alias(), tenant="greenedge", routing_key="c-1")
    assert (assigned.number, assigned.arm, assigned.rollout, assigned.bucket) == (1, "production", None, None)


@given(st.text(), st.integers(1, 10_000), st.integers(0, 10_000))
def test_who_has_the_candidate_keeps_it_as_the_share_grows(customer, share, more):
    few = assign(alias(share), tenant="greenedge", routing_key=customer)
    many = assign(alias(min(share + more, 10_000)), tenant="greenedge", routing_key=customer)
    assert few.bucket == many.bucket
    assert (few.arm == "candidate") == (few.bucket < share) == (few.number == 2)
    assert few.arm == "baseline" or many.arm == "candidate"


@given(st.text())
def test_a_whole_share_is_everybody(customer):
    assert assign(alias(10_000), tenant="greenedge", routing_key=customer).arm == "candidate"


@given(st.text(), st.integers(1, 10_000))
def test_a_synthetic_run_is_no_customer_of_an_experiment(customer, share):
    assert assign(alias(share), tenant=SYNTHETIC, routing_key=customer) == Assignment(AGENT, 1, "production")


@given(st.text(), st.integers(1, 10_000))
def test_a_pause_moves_nobody(customer, share):
    there, held = (assign(alias(share, paused=each), tenant="t", routing_key=customer) for each in (False, True))
    assert there == held


def test_the_parts_of_a_place_are_kept_apart():
    assert bucket("a", "b", "c", "de") != bucket("a", "b", "cd", "e")


def test_an_agent_that_nobody_promoted_is_said_with_what_to_do():
    with pytest.raises(ConfigurationError, match="no agent outreach-writer is in production: run scripts/seed"):
        assign(Alias(AGENT), tenant="greenedge", routing_key="c-1")
