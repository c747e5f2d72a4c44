import random

from agent_platform.features.entries import Entry, Kept, each_kept_once, each_once
from agent_platform.features.segments import MOST_BYTES, Segment, cut
from hypothesis import given
from hypothesis import strategies as st

contents = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=4)
texts = st.text(st.characters(exclude_characters="#", exclude_categories=["Cs"]), max_size=8)
entries = st.builds(Entry, texts, texts, texts, contents)
kept = st.builds(Kept, entries, st.integers(0, 2**33))


@given(st.lists(kept, min_size=1))
def test_a_segment_gives_back_exactly_what_was_packed(some):
    segment = Segment.of(some)
    assert Segment.read(segment.attributes()) == segment
    assert Segment.read(segment.attributes()).entries == tuple(some)


@given(st.lists(kept, min_size=1), st.lists(kept, min_size=1))
def test_only_the_same_entries_have_the_same_digest(some, others):
    assert (Segment.of(some).digest == Segment.of(others).digest) == (
        Segment.of(some).packed == Segment.of(others).packed
    )


@given(st.lists(kept, min_size=1))
def test_a_segment_stays_until_the_last_of_its_entries_goes(some):
    assert Segment.of(some).attributes()["expiresAt"] == max(each.expires_at for each in some)


def test_segments_that_fit_hold_every_entry_in_order():
    noise = random.Random(1)
    some = [Kept(Entry(f"{n:03}", "t", "t", {"noise": noise.randbytes(45_000).hex()}), n) for n in range(20)]
    segments = list(cut(some))
    assert [each for segment in segments for each in segment.entries] == some
    assert all(len(segment.packed) <= MOST_BYTES for segment in segments)
    assert len(segments) < len(some)


@given(st.lists(entries))
def test_each_once_is_a_function_of_the_set(some):
    by_order = {entry.order: entry for entry in some}
    assert each_once(by_order.values()) == each_once([*reversed(by_order.values()), *by_order.values()])
    assert [entry.order for entry in each_once(some)] == sorted(by_order)


@given(kept, st.integers(0, 2**33))
def test_of_two_copies_the_first_expiry_holds(one, expires_at):
    copy = Kept(one.entry, expires_at)
    for copies in ([one, copy], [copy, one]):
        assert each_kept_once(copies) == [Kept(one.entry, min(one.expires_at, expires_at))]
