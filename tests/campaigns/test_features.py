"""The feature store's promise: however events come, the row is what a clerk writes who is told them in order.

They come shuffled, doubled, at once with crashes between any two calls, late, corrected and voided; histories are
compacted meanwhile and expire. What was known at a moment stays what it was, and nothing older than it holds is read.
"""

from collections import Counter
from datetime import UTC, datetime

import pytest
from agent_platform.features import store, values
from agent_platform.features.entries import Entry
from agent_platform.features.history import History, _delete
from agent_platform.features.partition import Partition
from agent_platform.features.segments import Segment
from agent_platform.moments import iso
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from tests.campaigns.customer_machine import DEFINITION, OTHER_TABLE, TABLE, Customer
from tests.campaigns.moto_engine import Engine
from tests.integration.conftest import _clients, stack
from tests.integration.stack import of_type

__all__ = ["_clients", "stack"]

STEPS = 7
# Hypothesis remembers all that it drew: a round at a time.
ROUND = 1_000
ALWAYS = "attribute_exists(entity) OR attribute_not_exists(entity)"


class Crowd(Customer):
    """A customer of whom all events come at once: where it is about who is faster."""

    events_happen = events_come = the_history_is_compacted = time_passes = None


def how(count):
    """Settings for so many sequences, none of which is made smaller, kept, or too slow."""
    return settings(
        max_examples=count, stateful_step_count=STEPS, deadline=None, database=None,
        phases=[Phase.generate], report_multiple_bugs=False, print_blob=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


@pytest.fixture
def sequences(stack, monkeypatch, seed):
    """Run so many random sequences of events; what was done in them."""
    monkeypatch.setattr(store, "MOST_LOOSE", 4)
    dynamodb, table = stack.clients("dynamodb"), of_type("DynamoDB::Table")[TABLE]
    wanted = {name: table[name] for name in ("AttributeDefinitions", "KeySchema", "BillingMode")}
    dynamodb.create_table(TableName=OTHER_TABLE, **wanted)
    Customer.wire, Customer.done = dynamodb, Counter()

    def run(count, machine=Customer):
        # Some draw no event at all, and don't count.
        while (missing := count - Customer.done["sequences"]) > 0:
            of_round = seeded(seed * 1_000_003 + Customer.done["begun"])(machine)
            run_state_machine_as_test(of_round, settings=how(min(ROUND, missing)))
        return Customer.done

    return run


def test_the_row_and_every_moment_are_as_told_in_order(sequences, trials, seed, tell):
    count = trials(100, 10_000)
    done = sequences(count)
    tell(f"seed {seed}: " + ", ".join(f"{number:,} {what}" for what, number in done.items()))
    assert done["sequences"] >= count
    assert all(done[what] for what in ("of them over the wire too", "Crashed", "compactions", "calls in turns"))


def test_an_engine_that_answers_otherwise_than_moto_does_over_its_wire_would_be_seen(sequences, monkeypatch):
    answer = Engine._answer

    def reversed_pages(self, name, asked):
        found = answer(self, name, asked)
        return found | {"Items": found["Items"][::-1]} if name == "query" else found

    monkeypatch.setattr(Engine, "_answer", reversed_pages)
    with pytest.raises(AssertionError, match="is answered in two ways"):
        sequences(1_000)


def whatever_is_there(monkeypatch, written):
    """Writes of some items are made whatever stands there."""
    put = Partition.put

    def put_anyway(self, view, attributes, condition, **values):
        if written(view):
            return put(self, view, attributes, ALWAYS)
        return put(self, view, attributes, condition, **values)

    monkeypatch.setattr(Partition, "put", put_anyway)


def rows_without_revisions(monkeypatch):
    whatever_is_there(monkeypatch, lambda view: view == DEFINITION.view.key)


def segments_overwrite_each_other(monkeypatch):
    whatever_is_there(monkeypatch, lambda view: "#segment#" in view)


def loose_entries_go_before_their_segment_comes(monkeypatch):
    put = Partition.put

    def put_late(self, view, attributes, condition, **values):
        if "#segment#" in view:
            _delete(self, Segment.read(attributes).entries)
        return put(self, view, attributes, condition, **values)

    monkeypatch.setattr(Partition, "put", put_late)


def last_arrival_wins(monkeypatch):
    monkeypatch.setattr(Entry, "order", property(lambda entry: (entry.known_from, entry.event)))


def nothing_gets_stale(monkeypatch):
    born_now = type("BornNow", (), {"fromisoformat": lambda _: datetime.max.replace(tzinfo=UTC)})
    monkeypatch.setattr(values, "datetime", born_now)


def nothing_expires(monkeypatch):
    get = Partition.get

    def get_kept(self, view, **how):
        row = get(self, view, **how)
        return row and row | {"expiresAt": 2**40}

    monkeypatch.setattr(Partition, "get", get_kept)


def hindsight(monkeypatch):
    """What happened before a moment is taken for what was known then."""
    entries = History.entries

    def happened(self, *of, now, as_of=None):
        return [entry for entry in entries(self, *of, now=now) if as_of is None or entry.event_time <= iso(as_of)]

    monkeypatch.setattr(History, "entries", happened)


DEFECTS = {
    rows_without_revisions: Crowd,
    segments_overwrite_each_other: Crowd,
    loose_entries_go_before_their_segment_comes: Crowd,
    last_arrival_wins: Customer,
    nothing_gets_stale: Customer,
    nothing_expires: Customer,
    hindsight: Customer,
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_campaign_would_see_a_store_that_is_wrong(defect, sequences, monkeypatch, tell):
    defect(monkeypatch)
    with pytest.raises(AssertionError) as found:
        sequences(10_000, DEFECTS[defect])
    what, seen = str(found.value).partition("\n")[0], Customer.done["begun"]
    tell(f"{defect.__name__.replace('_', ' ')}: by sequence {seen:,}: {what}")
