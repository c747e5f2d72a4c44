import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.errors import TransientError
from agent_platform.features.entries import Entry
from agent_platform.features.history import MOST_LOOSE
from agent_platform.features.segments import MOST_BYTES
from agent_platform.features.store import FeatureStore
from agent_platform.features.views import Definition, Feature, FeatureView, Value
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
EXPIRY = int((NOW + timedelta(days=100)).timestamp())
MONTH = datetime.fromtimestamp(EXPIRY, UTC).strftime("%Y-%m")
EARLY, LATE = "2026-05-12T15:02:11Z", "2026-05-12T15:02:12Z"


def feature(name, kind="whole number", **more):
    declared = {"unit": "", "time_to_live": None, "owner": "tests", "missing": "never told", "description": "",
                "decided_by": "fold"}  # fmt: skip
    return Feature(name, kind, **(declared | more))


def view(version=1):
    features = (
        feature("visits"),
        feature("mood", "text", decided_by="sequence", time_to_live=timedelta(days=10)),
        feature("days_since_mood", "whole number", decided_by="on demand"),
    )
    return FeatureView("customer", version, "customer", "tests", features)


def compute(entries):
    told = [entry for entry in entries if "mood" in entry.content]
    values = {"visits": Value(len(entries), None, entries[-1].event_time)}
    return values | ({"mood": Value(told[-1].content["mood"], None, told[-1].event_time)} if told else {})


def derive(values, as_of):
    mood = values["mood"]
    if mood.value is None:
        return {"days_since_mood": mood}
    days = (as_of - datetime.fromisoformat(mood.event_time)).days
    return {"days_since_mood": Value(days, None, mood.event_time)}


CUSTOMER = Definition(view(), compute, derive)
WHOLE = Definition(view())


def entry(number, *, day=None, known=None, **content):
    at = f"2026-05-{day or number:02}T08:00:00Z"
    return Entry(f"{number:040x}", at, known or at, content)


@pytest.fixture
def store(stack):
    return FeatureStore(table=stack.table("FeatureStoreTable"), dynamodb=stack.clients("dynamodb"))


def materialize(store, *entries, definitions=(CUSTOMER,), entity="c-1", now=NOW, expires_at=EXPIRY):
    return store.materialize("greenedge", entity, entries, definitions, now=now, expires_at=expires_at)


def read(store, *, tenant="greenedge", entity="c-1", definition=CUSTOMER, now=NOW, as_of=None):
    return store.read(tenant, entity, definition, now=now, as_of=as_of)


def values(row):
    return {name: each["value"] for name, each in row.values.items()}


def names(stack):
    return [item["view"] for item in stack.items("FeatureStoreTable")]


def operations(stack):
    return [call.operation for call in stack.clients.calls]


def test_a_row_is_the_fold_of_what_events_said_and_is_read_by_one_request(store, stack):
    materialize(store, entry(11, mood="glad"), entry(12))
    stack.clients.calls.clear()
    row = read(store)
    assert values(row) == {"visits": 2, "mood": "glad", "days_since_mood": 9}
    assert row.event_time == "2026-05-12T08:00:00Z"
    assert operations(stack) == ["GetItem"]


def test_what_materializing_gives_is_what_is_read(store):
    assert materialize(store, entry(11, mood="glad"))["customer@1"] == read(store)


def test_no_row_is_written_of_which_something_else_is_derived_than_was_declared(store, stack):
    undeclared = Definition(view(), compute, lambda values, as_of: {"visits": Value(7, None, LATE)})
    with pytest.raises(ValueError, match="visits isn't declared here"):
        materialize(store, entry(11), definitions=[undeclared])
    assert not any("customer@1" in name for name in names(stack))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(order=st.lists(st.sampled_from(range(11, 17)), min_size=1), batches=st.booleans())
def test_shuffled_and_doubled_events_give_the_same_row_as_in_order(stack, order, batches):
    store = FeatureStore(table=stack.table("FeatureStoreTable"), dynamodb=stack.clients("dynamodb"))
    moods = {number: entry(number, **({"mood": f"mood {number}"} if number % 2 else {})) for number in order}
    store.forget("greenedge", "mixed")
    store.forget("greenedge", "in order")
    for some in [order] if batches else [[number] for number in order]:
        materialize(store, *(moods[number] for number in some), entity="mixed")
    materialize(store, *(moods[number] for number in sorted(moods)), entity="in order")
    mixed, in_order = read(store, entity="mixed"), read(store, entity="in order")
    assert (mixed.values, mixed.event_time) == (in_order.values, in_order.event_time)


def test_of_two_events_of_one_second_the_digest_decides_and_not_who_came_last(store):
    materialize(store, entry(2, day=11, mood="second"), entity="c-1")
    materialize(store, entry(1, day=11, mood="first"), entity="c-1")
    assert read(store).values["mood"] == {"value": "second", "reason": None}


def test_who_writes_last_has_read_what_everybody_wrote_before(store, stack, monkeypatch):
    """Another event comes between this one's reading and its writing."""
    held, others = store.history.held, [entry(12), entry(13)]

    def interrupted(*args, **kwargs):
        found = held(*args, **kwargs)
        if others:
            materialize(FeatureStore(table="FeatureStoreTable", dynamodb=stack.clients("dynamodb")), others.pop())
        return found

    monkeypatch.setattr(store.history, "held", interrupted)
    assert values(materialize(store, entry(11))["customer@1"])["visits"] == 3
    assert values(read(store))["visits"] == 3


def test_who_is_never_first_gives_up_with_an_error_that_is_tried_again(store, stack, monkeypatch):
    held, number = store.history.held, iter(range(12, 28))

    def interrupted(*args, **kwargs):
        found = held(*args, **kwargs)
        materialize(FeatureStore(table="FeatureStoreTable", dynamodb=stack.clients("dynamodb")), entry(next(number)))
        return found

    monkeypatch.setattr(store.history, "held", interrupted)
    with pytest.raises(TransientError, match="customer@1"):
        materialize(store, entry(11))


def test_a_row_that_went_and_came_back_is_not_taken_for_the_one_that_was_read(store, stack, monkeypatch):
    materialize(store, entry(11))
    held, once = store.history.held, [True]

    def interrupted(*args, **kwargs):
        found = held(*args, **kwargs)
        if once and once.pop():
            other = FeatureStore(table="FeatureStoreTable", dynamodb=stack.clients("dynamodb"))
            other.forget("greenedge", "c-1")
            materialize(other, entry(13), now=NOW + timedelta(seconds=1))
        return found

    monkeypatch.setattr(store.history, "held", interrupted)
    row = materialize(store, entry(12))["customer@1"]
    assert (values(row)["visits"], row.event_time) == (1, "2026-05-13T08:00:00Z")


def test_the_history_is_read_strongly_and_after_the_revision(store, stack):
    stack.clients.calls.clear()
    materialize(store, entry(11))
    assert operations(stack) == ["PutItem", "GetItem", "Query", "PutItem"]
    assert all(call.parameters["ConsistentRead"] for call in stack.clients.calls[1:3])


def test_as_of_gives_what_was_known_then_and_not_what_had_happened_by_then(store):
    materialize(store, entry(11, mood="glad"), entry(12, known="2026-05-15T00:00:00Z", mood="sorry"))
    before, after = (read(store, as_of=datetime(2026, 5, day, tzinfo=UTC)) for day in (14, 15))
    assert values(before) == {"visits": 1, "mood": "glad", "days_since_mood": 2}
    assert values(after) == {"visits": 2, "mood": "sorry", "days_since_mood": 2}
    assert read(store, as_of=datetime(2026, 5, 11, tzinfo=UTC)) is None


def test_what_is_too_old_reads_as_none_and_so_does_what_would_be_derived_from_it(store):
    materialize(store, entry(1, mood="glad"))
    for now, expected in ((datetime(2026, 5, 11, 8, tzinfo=UTC), "glad"), (NOW, None)):
        row = read(store, now=now)
        assert row.values["mood"]["value"] == expected
        assert read(store, as_of=now).values == row.values
    stale = {"value": None, "reason": "stale"}
    assert (row.values["mood"], row.values["days_since_mood"], values(row)["visits"]) == (stale, stale, 1)


def test_a_row_names_the_events_that_became_known_last_also_one_that_came_late(store):
    late = entry(900, day=1, known="2026-05-19T00:00:00Z")
    entries = [entry(number, day=number % 10 + 2) for number in range(MOST_LOOSE + 30)]
    row = materialize(store, *(replace(each, event=f"{n:012d}rest") for n, each in enumerate([*entries, late])))[
        "customer@1"
    ]
    assert row.known_from == "2026-05-19T00:00:00Z"
    assert len(row.named.split()) == 50
    assert row.knows(f"{len(entries):012d}rest")
    assert not row.knows("f" * 40)
    assert read(store) == row


def test_the_stored_row_is_read_as_of_a_moment_and_refused_by_the_clock(store, stack):
    materialize(store, entry(11, mood="glad"))
    stack.clients.calls.clear()
    asked = {"as_of": datetime(2026, 5, 13, 8, tzinfo=UTC)}
    row = store.stored("greenedge", "c-1", CUSTOMER, now=NOW, **asked)
    assert (values(row)["days_since_mood"], operations(stack)) == (2, ["GetItem"])
    after = datetime.fromtimestamp(EXPIRY, UTC)
    assert store.stored("greenedge", "c-1", CUSTOMER, now=after, **asked) is None


def test_what_was_never_told_reads_as_the_view_declares(store):
    materialize(store, entry(11))
    assert read(store).values["mood"] == {"value": None, "reason": "never told"}


def test_two_versions_of_a_view_live_side_by_side_and_the_new_one_is_filled_from_the_history(store):
    second = Definition(view(2), lambda entries: {"visits": Value(100, None, entries[0].event_time)}, derive)
    materialize(store, entry(11))
    assert read(store, definition=second) is None
    assert values(store.rebuild("greenedge", "c-1", [second], now=NOW)["customer@2"])["visits"] == 100
    assert [values(read(store, definition=each))["visits"] for each in (CUSTOMER, second)] == [1, 100]
    assert materialize(store, entry(12), definitions=(CUSTOMER, second)).keys() == {"customer@1", "customer@2"}


def test_a_row_holds_no_longer_than_the_first_of_its_entries_and_the_history_goes_on_without_it(store):
    materialize(store, entry(11, mood="glad"), expires_at=EXPIRY)
    materialize(store, entry(12), expires_at=EXPIRY + 10)
    last = datetime.fromtimestamp(EXPIRY, UTC)
    assert values(read(store, now=last - timedelta(seconds=1)))["visits"] == 2
    assert read(store, now=last) is None
    assert values(read(store, now=last, as_of=last)) == {"visits": 1, "mood": None, "days_since_mood": None}
    materialize(store, entry(13), now=last, expires_at=EXPIRY + 20)
    assert values(read(store, now=last))["visits"] == 2


def test_an_event_whose_retention_is_over_makes_no_row(store, stack):
    assert materialize(store, entry(11), expires_at=int(NOW.timestamp())) == {}
    assert read(store) is None


def test_a_long_history_is_compacted_and_nothing_is_lost(store, stack):
    entries = [entry(number, day=number % 28 + 1, mood=f"m{number}") for number in range(MOST_LOOSE + 1)]
    materialize(store, *entries[:-1])
    assert not any("segment" in name for name in names(stack))
    before = store.history.entries("greenedge", "c-1", now=NOW)
    materialize(store, entries[-1])
    assert names(stack) == ["customer@1", f"history#segment#{MONTH}#0001"]
    after = store.history.entries("greenedge", "c-1", now=NOW)
    assert after == sorted([*before, entries[-1]], key=lambda each: each.order)
    assert values(store.rebuild("greenedge", "c-1", [CUSTOMER], now=NOW)["customer@1"])["visits"] == MOST_LOOSE + 1


def test_what_comes_after_a_compaction_is_added_to_the_segment_and_what_comes_again_is_told_once(store, stack):
    materialize(store, *(entry(number, day=1) for number in range(MOST_LOOSE + 1)))
    materialize(store, entry(1, day=1), entry(100, day=2))
    assert values(read(store))["visits"] == MOST_LOOSE + 2
    assert store.history.compact("greenedge", "c-1", now=NOW) == 2
    assert names(stack) == ["customer@1", f"history#segment#{MONTH}#0001"]
    assert len(store.history.entries("greenedge", "c-1", now=NOW)) == MOST_LOOSE + 2


def test_a_segment_is_written_before_its_entries_are_deleted(store, stack):
    materialize(store, entry(11), entry(12))
    stack.clients.calls.clear()
    store.history.compact("greenedge", "c-1", now=NOW)
    assert operations(stack) == ["Query", "PutItem", "BatchWriteItem"]


def test_a_compaction_that_fails_between_its_writes_loses_nothing_and_is_done_again(store, stack):
    materialize(store, entry(11), entry(12))
    stack.clients.fail("dynamodb:BatchWriteItem", "ThrottlingException", 400)
    with pytest.raises(ClientError):
        store.history.compact("greenedge", "c-1", now=NOW)
    assert len(names(stack)) == 4
    assert len(store.history.entries("greenedge", "c-1", now=NOW)) == 2
    assert store.history.compact("greenedge", "c-1", now=NOW) == 2
    assert len(store.history.entries("greenedge", "c-1", now=NOW)) == 2


def test_of_two_who_compact_at_once_the_slower_one_loses_nothing_of_what_the_faster_one_moved(
    store, stack, monkeypatch
):
    materialize(store, entry(11), entry(12))
    store.history.compact("greenedge", "c-1", now=NOW)
    materialize(store, entry(13))
    put, other = stack.clients("dynamodb").put_item, []

    def interrupted(**asked):
        if not other:
            other.append(True)
            materialize(store, entry(14))
            assert store.history.compact("greenedge", "c-1", now=NOW) == 2
        return put(**asked)

    monkeypatch.setattr(stack.clients("dynamodb"), "put_item", interrupted)
    assert store.history.compact("greenedge", "c-1", now=NOW) == 0
    assert len(store.history.entries("greenedge", "c-1", now=NOW)) == 4


def test_entries_of_different_months_of_expiry_lie_in_different_segments(store, stack):
    materialize(store, entry(11), expires_at=EXPIRY)
    materialize(store, entry(12), expires_at=EXPIRY + 40 * 86_400)
    store.history.compact("greenedge", "c-1", now=NOW)
    assert len([name for name in names(stack) if "segment" in name]) == 2
    assert len(store.history.entries("greenedge", "c-1", now=NOW)) == 2


def test_within_a_segment_each_entry_keeps_its_own_retention(store, stack):
    materialize(store, entry(11), expires_at=EXPIRY)
    materialize(store, entry(12), expires_at=EXPIRY + 10)
    store.history.compact("greenedge", "c-1", now=NOW)
    last = datetime.fromtimestamp(EXPIRY, UTC)
    assert [each.event for each in store.history.entries("greenedge", "c-1", now=last)] == [entry(12).event]
    segment = next(item for item in stack.items("FeatureStoreTable") if "segment" in item["view"])
    assert segment["expiresAt"] == EXPIRY + 10


def test_no_item_comes_near_what_dynamodb_can_hold(store, stack):
    noise = random.Random(1)
    entries = [entry(number, day=1, noise=noise.randbytes(45_000).hex()) for number in range(20)]
    materialize(store, *entries)
    store.history.compact("greenedge", "c-1", now=NOW)
    segments = [item for item in stack.items("FeatureStoreTable") if "segment" in item["view"]]
    assert len(segments) > 3
    assert all(len(item["packed"]) <= MOST_BYTES for item in segments)
    assert store.history.entries("greenedge", "c-1", now=NOW) == entries
    materialize(store, entry(30))
    assert store.history.compact("greenedge", "c-1", now=NOW) == 1
    assert len(store.history.entries("greenedge", "c-1", now=NOW)) == 21


def test_an_entry_too_large_for_a_segment_stays_loose(store, stack):
    noise = random.Random(2)
    large = entry(11, noise="".join(chr(noise.randrange(0x4E00, 0x9FFF)) for _ in range(130_000)))
    materialize(store, large, entry(12))
    assert store.history.compact("greenedge", "c-1", now=NOW) == 1
    assert len([name for name in names(stack) if "#entry#" in name]) == 1
    assert store.history.entries("greenedge", "c-1", now=NOW)[0] == large


WHOLE_VALUES = {"visits": Value(3, None, EARLY), "mood": Value(None, "never asked", EARLY)}


def write(store, values=WHOLE_VALUES, *, tenant="greenedge", at=EARLY, definition=WHOLE):
    return store.write(tenant, "c-1", definition.view, values, event_time=at, expires_at=EXPIRY)


def visits(number):
    return {"visits": Value(number, None, EARLY)}


def test_a_view_that_is_written_whole_comes_back_as_it_was_written(store):
    assert write(store) is True
    row = read(store, definition=WHOLE)
    assert row.values["visits"] == {"value": 3, "reason": None}
    assert row.values["mood"] == {"value": None, "reason": "never asked"}
    assert row.event_time == EARLY


def test_the_newest_computation_wins_and_the_same_one_again_changes_nothing(store):
    assert [write(store, visits(1), at=EARLY), write(store, visits(2), at=LATE)] == [True, True]
    assert write(store, visits(3), at=EARLY) is False
    assert write(store, visits(2), at=LATE) is True
    assert values(read(store, definition=WHOLE))["visits"] == 2


def test_of_a_view_that_is_written_whole_nothing_is_known_before_it_was_computed(store):
    write(store)
    assert read(store, definition=WHOLE, as_of=datetime.fromisoformat(EARLY)) is not None
    assert read(store, definition=WHOLE, as_of=datetime.fromisoformat(EARLY) - timedelta(seconds=1)) is None


def test_a_view_that_is_written_whole_is_not_folded(store):
    with pytest.raises(ValueError, match="customer@1 is written whole"):
        materialize(store, entry(11), definitions=[WHOLE])


def test_tenants_and_views_are_apart(store):
    write(store)
    materialize(store, entry(11), definitions=[Definition(view(3), compute, derive)])
    assert read(store, tenant="brightnest", definition=WHOLE) is None
    assert read(store, definition=Definition(view(2))) is None
    assert store.history.entries("brightnest", "c-1", now=NOW) == []
    assert write(store, visits(9), tenant="brightnest") is True
    assert values(read(store, definition=WHOLE))["visits"] == 3


def test_a_write_that_failed_is_no_older_event(store, stack):
    stack.clients.fail("dynamodb:PutItem", "ThrottlingException", 400)
    with pytest.raises(ClientError):
        write(store)


def test_forgetting_leaves_nothing_of_the_one_and_everything_of_the_others(store, stack):
    materialize(store, *(entry(number, day=1) for number in range(MOST_LOOSE + 1)))
    materialize(store, *(entry(number, day=2) for number in range(30)))
    materialize(store, entry(1), entity="c-10")
    held = len([item for item in stack.items("FeatureStoreTable") if item["entity"] == "greenedge#c-1"])
    assert store.forget("greenedge", "c-1") == held > 25
    assert {item["entity"] for item in stack.items("FeatureStoreTable")} == {"greenedge#c-10"}
    assert store.forget("greenedge", "c-1") == 0


def test_forgetting_says_what_dynamodb_left_and_the_next_try_does_it(store, stack):
    materialize(store, entry(11))
    left = [{"DeleteRequest": {"Key": {"entity": {"S": "greenedge#c-1"}, "view": {"S": "customer@1"}}}}]
    stack.clients.answer("dynamodb:BatchWriteItem", {"UnprocessedItems": {"FeatureStoreTable": left}})
    with pytest.raises(TransientError, match="1 deletes"):
        store.forget("greenedge", "c-1")
    assert store.forget("greenedge", "c-1") == 2
    assert names(stack) == []


def test_what_is_written_while_an_entity_is_forgotten_is_forgotten_as_well(store, stack, monkeypatch):
    materialize(store, entry(11))
    delete, late = stack.clients("dynamodb").batch_write_item, [True]

    def interrupted(**asked):
        if late and late.pop():
            write(store, definition=Definition(view(7)))
        return delete(**asked)

    monkeypatch.setattr(stack.clients("dynamodb"), "batch_write_item", interrupted)
    assert store.forget("greenedge", "c-1") == 3
    assert names(stack) == []


def test_an_export_has_the_rows_and_what_each_event_said_as_json(store):
    materialize(store, entry(11, mood="glad"), entry(12))
    store.history.compact("greenedge", "c-1", now=NOW)
    materialize(store, entry(13))
    exported = json.loads(json.dumps(store.export("greenedge", "c-1")))
    assert exported["rows"]["customer@1"]["values"]["mood"] == ["glad", None, "2026-05-11T08:00:00Z"]
    assert [each["content"] for each in exported["history"]] == [{"mood": "glad"}, {}, {}]
    assert exported["history"][0] == {
        "event": entry(11).event, "event_time": "2026-05-11T08:00:00Z", "known_from": "2026-05-11T08:00:00Z",
        "content": {"mood": "glad"}, "expires_at": EXPIRY,
    }  # fmt: skip
