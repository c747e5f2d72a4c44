"""Deployments to an account: what runs afterwards, and what is recorded, when it works and when it doesn't."""

from types import SimpleNamespace

import pytest

from operations.delivery import delivering
from operations.delivery.choosing import before, chosen
from operations.delivery.delivering import Delivery, Target
from operations.synthetic import Happened
from operations.terminal import Problem
from tests.integration.operations.delivery.conftest import BUCKET

TOPIC = "AWS::SNS::Topic"


@pytest.fixture
def works(monkeypatch):
    """Whether the synthetic event comes to a message: one answer for each time it is sent, and then it does."""
    answers = []
    synthetic = SimpleNamespace(once=lambda _: [Happened("stored: rejected", 5, right=not answers or answers.pop(0))])
    monkeypatch.setattr(delivering, "synthetic", synthetic)
    return answers


@pytest.fixture
def seeded(monkeypatch, works):
    """How often the stack was seeded."""
    times = []
    monkeypatch.setattr(delivering, "seed", lambda stack: times.append(stack.account) or [])
    real = delivering.Stack

    def stack(name, *, deploying=False):
        return SimpleNamespace(account=name, api_url="https://api") if deploying else real(name)

    monkeypatch.setattr(delivering, "Stack", stack)
    monkeypatch.setattr(delivering, "artefact_bucket", lambda _: BUCKET)
    return times


@pytest.fixture
def delivery(account_of, seeded):
    """A delivery to an account of samconfig.toml."""

    def delivery(name="dev", *, agreed=False, **said):
        account, reached = account_of(name, **said)
        return Delivery(account, reached, agreed=agreed)

    return delivery


@pytest.fixture
def runs(cloudformation):
    """What an account's stack is made of."""
    return lambda name: set(cloudformation.stacks.get(f"referral-email-system-{name}", {}).get("Resources", {}))


def target(delivery, release):
    return Target(release, delivery.parameters)


def test_what_works_runs_and_is_recorded_and_may_go_on(runs, cloudformation, delivery, keep, seeded):
    dev = delivery()
    run = dev.deploy(target(dev, keep(A=TOPIC, B=TOPIC)))

    assert runs("dev") == {"A", "B"}
    assert seeded == ["dev"]
    assert dev.log.history() == [run] == [dev.releases.running("dev")]
    assert run.parameters["Environment"] == "dev"
    assert run.by == "anna"
    assert {"Key": "environment", "Value": "dev"} in cloudformation.stacks["referral-email-system-dev"]["Tags"]


def test_what_fails_is_taken_back_and_doesn_t_go_on(runs, delivery, keep, works):
    dev, good, bad = delivery(), keep(A=TOPIC), keep(C=TOPIC)
    dev.deploy(target(dev, good))
    works.append(False)

    with pytest.raises(
        Problem, match=f"{bad.short} doesn't work in dev:\n  stored: rejected\ndev runs {good.short} again, and"
    ):
        dev.deploy(target(dev, bad))
    assert runs("dev") == {"A"}
    assert dev.log.current().release == good
    assert dev.log.current().instead_of == bad.artefact
    assert not dev.releases.passed("dev", bad.artefact)
    assert dev.releases.running("dev").release == good


def test_if_the_release_before_fails_as_well_that_is_said(delivery, keep, works):
    dev = delivery()
    dev.deploy(target(dev, keep(A=TOPIC)))
    works.extend([False, False])

    with pytest.raises(Problem, match="which fails too; look elsewhere"):
        dev.deploy(target(dev, keep(A=TOPIC, B=TOPIC)))


def test_if_the_way_back_fails_both_reasons_are_told(cloudformation, delivery, keep, works):
    dev, good, bad = delivery(), keep(A=TOPIC), keep(C=TOPIC)
    dev.deploy(target(dev, good))
    works.append(False)
    executed = []

    def execute(**asked):
        executed.append(type(cloudformation).execute_change_set(cloudformation, **asked))
        cloudformation.stacks["referral-email-system-dev"]["StackStatus"] = (
            "UPDATE_ROLLBACK_COMPLETE" if executed[1:] else "UPDATE_COMPLETE"
        )

    cloudformation.execute_change_set = execute
    with pytest.raises(
        Problem, match=f"(?s)stored: rejected.*way back to {good.short} failed too.*UPDATE_ROLLBACK_COMPLETE"
    ):
        dev.deploy(target(dev, bad))


def test_the_first_release_has_nothing_to_go_back_to(runs, delivery, keep, works):
    dev = delivery()
    works.append(False)

    with pytest.raises(Problem, match="first release here, so there is nothing to go back to"):
        dev.deploy(target(dev, keep(A=TOPIC, B=TOPIC)))
    assert runs("dev") == {"A", "B"}
    assert dev.log.history() == []


@pytest.mark.parametrize("error", [Problem("Nothing was changed: agents/x: no prompt"), KeyError("no prompt")])
def test_what_can_t_be_seeded_is_taken_back_too(runs, delivery, keep, monkeypatch, error):
    """Whatever stopped it, also what nobody thought of."""
    dev = delivery()
    dev.deploy(target(dev, keep(A=TOPIC)))

    def seed(_):
        raise error

    monkeypatch.setattr(delivering, "seed", seed)
    with pytest.raises(Problem, match=r"(?s)no prompt.*Brands and cases stay as seeded last"):
        dev.deploy(target(dev, keep(A=TOPIC, B=TOPIC)))
    assert runs("dev") == {"A"}


def test_the_way_back_takes_the_parameters_of_then(runs, delivery, keep):
    dev, first = delivery(), keep(A=TOPIC)
    dev.deploy(Target(first, dev.parameters | {"LogLevel": "WARN"}))
    dev.deploy(target(dev, keep(A=TOPIC, B=TOPIC)))
    run = dev.deploy(before(dev))

    assert (run.release, run.parameters["LogLevel"]) == (first, "WARN")
    assert runs("dev") == {"A"}


def test_back_where_nothing_was_is_refused(delivery):
    with pytest.raises(Problem, match="nothing to go back to in dev"):
        before(delivery())


def test_an_account_gets_what_the_one_before_it_runs_and_nothing_else(delivery, keep):
    dev, test = delivery(), delivery("test", after="dev")
    with pytest.raises(Problem, match="test gets what dev runs, and nothing was deployed there yet"):
        chosen(test, None)
    good, never = keep(A=TOPIC), keep(A=TOPIC, B=TOPIC)
    dev.deploy(target(dev, good))

    assert chosen(test, None).release == good
    assert chosen(test, good.short).release == good
    with pytest.raises(Problem, match=f"{never.short} never worked in dev, so test doesn't get it"):
        chosen(test, never.short)


def test_what_is_the_same_is_tried_out_again(delivery, keep, seeded):
    dev, release = delivery(), keep(A=TOPIC)
    first, again = (dev.deploy(target(dev, release)) for _ in range(2))

    assert again.release == first.release
    assert seeded == ["dev", "dev"]


def test_where_a_person_is_asked_a_no_changes_nothing(runs, delivery, keep, monkeypatch):
    monkeypatch.setattr(delivering, "confirmed", lambda _: False)
    prod = delivery("prod", asks=True)

    with pytest.raises(Problem, match="Nothing was changed in prod"):
        prod.deploy(target(prod, keep(A=TOPIC)))
    assert runs("prod") == set()


@pytest.mark.parametrize("agreed", [True, False])
def test_where_a_person_is_asked_yes_deploys(runs, delivery, keep, monkeypatch, agreed):
    monkeypatch.setattr(delivering, "confirmed", lambda _: True)
    prod = delivery("prod", asks=True, agreed=agreed)
    prod.deploy(target(prod, keep(A=TOPIC)))

    assert runs("prod") == {"A"}


def test_data_is_never_lost_by_an_agreement_in_advance(runs, cloudformation, delivery, keep):
    prod = delivery("prod", asks=True, agreed=True)
    first, second = keep(A=TOPIC, Waiting="AWS::SQS::Queue"), keep(A=TOPIC)
    prod.deploy(target(prod, first))

    with pytest.raises(Problem, match="--yes isn't enough to lose Waiting"):
        prod.deploy(target(prod, second))
    assert runs("prod") == {"A", "Waiting"}
    assert prod.log.current().release == first
    assert not cloudformation.change_sets
