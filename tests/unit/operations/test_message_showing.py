"""A message in the terminal: the text whole, each claim marked in words, and nothing in it taken for markup."""

import pytest

from operations.message_showing import show
from operations.message_words import reason, waits_for
from tests.unit.operations.stored_message import HOSTILE, stored_message


@pytest.fixture
def shown(capsys):
    def show_it(**changes):
        show(stored_message(**changes))
        return capsys.readouterr().out

    return show_it


def test_each_claim_is_marked_beside_its_words_and_told_in_the_table(shown):
    text = " ".join(shown().split())
    assert "You get $25 [4 offer.amount], or $999 [5 contradicted: offer.amount], and we always [6 unsupported]" in text
    assert "10 claims, 5 settled by facts" in text
    assert "held against us-can-spam of 1 (US), consent: express" in text
    assert "5 body amount $999 contradicted offer.amount $25" in text


def test_what_was_written_is_no_markup(shown):
    assert HOSTILE in shown()


def test_a_text_that_is_not_the_draft_s_any_more_is_shown_as_it_is(shown):
    text = shown(text="Somebody wrote it anew.")
    assert "Somebody wrote it anew." in text
    assert "[4 offer.amount]" not in text.split("claims,")[0]


def test_what_isn_t_kept_is_said(shown):
    assert "21 more aren't kept" in shown(ledgerCut=21)


def test_a_message_from_before_there_were_ledgers_is_shown_as_ever(capsys):
    message = stored_message()
    del message["ledger"], message["sources"]
    show(message)
    text = capsys.readouterr().out
    assert "You get $25, or $999" in text
    assert "claims" not in text


def test_why_a_message_waits_is_told_in_words():
    assert waits_for({"reasons": ["not_checked", "guard_error"], "needed": 2}) == (
        "waits for two people to see it: a claim couldn't be checked by code, a guard failed"
    )
    assert reason(stored_message(status="declined")) == "a person declined it"
