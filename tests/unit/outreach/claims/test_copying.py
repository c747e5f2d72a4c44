"""What is taken word for word from a passage, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outreach.claims import copied
from outreach.claims.copying import MOST_WORDS
from outreach.findings import approvable

CASE = (
    "# Gutters, while the crew is there\n\n> Hi {{customer.first_name}}, the same trees that fill your yard fill your "
    "gutters. When {{service.crew}} is with you for the leaves, they can see to both in one visit."
)
NINE = "the same trees that fill your yard fill your"
# No word of the one is a word of the other.
THEIRS = st.lists(st.sampled_from([f"a{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"]), min_size=1, max_size=40)
OURS = st.lists(st.sampled_from([f"z{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"]), max_size=12)
SLOT = st.sampled_from(["", "{{offer.link}} ", "{{customer.first_name}}, "])


def draft(body, **parts):
    return {"subject": "", "body": body, "call_to_action": ""} | parts


def said(body, *passages, own=()):
    return [finding["text"] for finding in copied(draft(body), passages or [CASE], own=own)]


def test_nine_words_in_a_row_are_a_copy_and_eight_are_none():
    assert said(f"You know {NINE} roof") == [NINE]
    assert said(f"You know {NINE.removesuffix(' your')} roof") == []


def test_a_copy_stops_a_draft_and_says_where_it_stands():
    [finding] = copied(draft("Hello", call_to_action=f"Look: {NINE}!"), [CASE], own=[])

    assert not approvable([finding])
    assert (finding["kind"], finding["where"], finding["slot"]) == ("copied", "call_to_action", None)


def test_a_stretch_is_one_finding_in_the_draft_s_own_spelling():
    body = "Well: The SAME trees, that fill your yard - fill your gutters; when Luis is with you. Bye."

    assert said(body.replace("Luis", "{{service.crew}}")) == [
        "The SAME trees, that fill your yard - fill your gutters; when {{service.crew}} is with you"
    ]


@pytest.mark.parametrize(
    "disguised",
    [
        NINE.replace(" ", "\n\n"),
        NINE.replace("trees", "{{offer.name}} trees"),
        NINE.replace("a", "\N{CYRILLIC SMALL LETTER A}"),
        NINE.replace("trees", "t\N{SOFT HYPHEN}rees"),
        "; ".join(NINE.split()),
    ],
)
def test_a_slot_a_mark_or_a_look_alike_between_hides_nothing(disguised):
    assert len(said(f"So {disguised} and more")) == 1


def test_a_slot_is_no_word():
    slots = " ".join(["{{offer.name}} {{offer.amount}} {{offer.link}}"] * 4)

    assert said(slots, slots) == []


def test_what_the_company_says_itself_may_be_said_again():
    assert said(f"You know {NINE} roof", own=[f"As we say, {NINE} house."]) == []
    assert said(f"You know {NINE} gutters", own=[f"As we say, {NINE} house."]) == [f"{NINE} gutters".partition(" ")[2]]


def test_two_passages_that_share_a_run_are_one_finding():
    assert said(f"You know {NINE} roof", CASE, CASE) == [NINE]


@given(THEIRS, OURS, OURS, SLOT, st.data())
def test_a_slice_of_a_passage_is_found_whole_if_it_is_long_enough_wherever_it_stands(theirs, before, after, slot, data):
    first = data.draw(st.integers(0, len(theirs) - 1))
    last = data.draw(st.integers(first, len(theirs)))
    piece = theirs[first:last]
    found = said(f"{' '.join(before)} {' '.join(piece)} {slot}{' '.join(after)}", " ".join(theirs))

    assert (found == [" ".join(piece)]) == (len(piece) > MOST_WORDS)
    assert bool(found) == (len(piece) > MOST_WORDS)


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=3))
def test_any_texts_are_compared_and_what_is_found_is_in_the_draft(body, passages):
    for finding in copied(draft(body), passages, own=[]):
        assert finding["text"] in body


@given(st.lists(st.sampled_from(["lawn", "edge", "snow", "{{offer.link}}"]), max_size=30).map(" ".join))
def test_of_its_own_words_nothing_is_copied(body):
    assert said(body, body, own=[body]) == []
