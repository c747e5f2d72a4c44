"""A message's text in stretches: whole, each claim where it stands, and what is told of it beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.message_marks import below, claims_of, stretches_of
from tests.unit.operations.stored_message import BODY, FOOTER, SOURCES, entry, stored_message


def said(message):
    return {part: "".join(each.text for each in stretches) for part, stretches in stretches_of(message).items()}


def test_stretches_are_the_text_as_its_reader_sees_it():
    message = stored_message()
    parts = said(message)
    assert parts["subject"] == message["subject"]
    assert message["text"] == f"{parts['body']}\n\n{parts['call_to_action']}\n\n{FOOTER}"


def test_each_claim_stands_where_it_is_made_and_one_about_a_part_as_a_whole_nowhere():
    body = stretches_of(stored_message())["body"]
    assert [(each.text, each.claim.number) for each in body if each.claim] == [
        ("Maria", 3), ("$25", 4), ("$999", 5), ("always", 6), ("two weeks", 7), ("The best team", 8),
    ]  # fmt: skip
    assert len(claims_of(stored_message())) == 10


@pytest.mark.parametrize(
    ("number", "label"),
    [
        (1, "1 service_count"),
        (4, "4 offer.amount"),
        (5, "5 contradicted: offer.amount"),
        (6, "6 unsupported"),
        (7, "7 not checked"),
        (8, "8 opinion"),
    ],
)
def test_beside_a_claim_stands_what_settled_it_and_what_became_of_it_unless_it_is_supported(number, label):
    assert claims_of(stored_message())[number - 1].label == label


@pytest.mark.parametrize(
    ("pointer", "source"),
    [
        ("/brand/links/0", "a link of the brand"),
        ("/offer/conditions", "the offer's conditions"),
        ("/facts/offer.amount", "offer.amount"),
        (None, ""),
    ],
)
def test_a_source_is_named_as_a_person_would(pointer, source):
    [claim] = claims_of(stored_message(ledger=[entry("body", BODY, "$999", "verified", pointer)]))
    assert (claim.source, claim.value) == (source, SOURCES.get(pointer, ""))


def test_without_a_ledger_there_are_no_claims():
    message = stored_message()
    del message["ledger"]
    assert claims_of(message) == []


def test_a_text_that_is_not_the_draft_s_any_more_has_nothing_known_below_it():
    assert below(stored_message()) == FOOTER
    assert below(stored_message(text="Somebody wrote it anew.")) is None


@given(st.lists(st.tuples(st.integers(0, len(BODY)), st.integers(0, len(BODY)))))
def test_whatever_the_ledger_says_no_word_of_the_text_is_lost_or_doubled(spans):
    entries = [
        entry("body", BODY, "", "opinion") | {"start": start, "end": end} for start, end in spans
        if not any(BODY[:place].count("{") != BODY[:place].count("}") for place in (start, end))
    ]  # fmt: skip
    assert said(stored_message(ledger=entries))["body"] == said(stored_message())["body"]
