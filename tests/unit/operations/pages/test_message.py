"""A message as a page: whole in one file, every claim told in words, and everything on it escaped."""

import pytest

from operations.pages.message import page
from tests.unit.operations.pages.documents import Page
from tests.unit.operations.stored_message import FOOTER, HOSTILE, stored_message


def test_every_claim_is_marked_with_a_label_and_stands_in_the_table():
    document = page(stored_message())
    read = Page(document)
    classes = [attributes.get("class") for tag, attributes in read.tags if tag == "mark"]
    assert classes == ["supported"] * 4 + ["wrong", "wrong", "not_checked", "opinion", "supported"]
    for label in ("4 offer.amount", "5 contradicted: offer.amount", "6 unsupported", "7 not checked", "8 opinion"):
        assert label in read.text
    rows = {attributes["id"] for tag, attributes in read.tags if tag == "tr" and "id" in attributes}
    links = {attributes["href"] for tag, attributes in read.tags if tag == "a"}
    assert rows == {f"claim-{number}" for number in range(1, 11)}
    assert links <= {f"#{row}" for row in rows}


def test_nothing_that_was_written_is_markup():
    document = page(stored_message(subject=HOSTILE, recipient=HOSTILE, customerId=HOSTILE, purpose=HOSTILE))
    tags = {tag for tag, _ in Page(document).tags}
    assert not tags & {"img", "script", "lawn"}
    assert Page(document).text.count(HOSTILE) >= 4


def test_it_needs_no_other_file():
    for tag, attributes in Page(page(stored_message())).tags:
        assert tag not in {"script", "link", "img", "iframe"}
        assert not (attributes.get("href") or "#").startswith("http")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Pending review. Waits for a person to see it: the draft has findings."),
        ({"status": "approved"}, "Approved."),
        (
            {"status": "declined", "review": {"decision": {"reason": "off_brand", "words": "too loud"}}},
            "Declined. A person declined it: off brand, too loud.",
        ),
    ],
)
def test_it_begins_with_where_the_message_stands(changes, told):
    assert told in Page(page(stored_message(**changes))).text


def test_what_isn_t_the_draft_s_any_more_is_shown_as_it_is_and_unmarked():
    read = Page(page(stored_message(text=f"Anew. {HOSTILE}")))
    assert f"Anew. {HOSTILE}" in read.text
    assert [tag for tag, _ in read.tags if tag == "mark"] == []


def test_a_message_from_before_there_were_ledgers_is_a_page_too():
    message = stored_message()
    del message["ledger"], message["sources"]
    text = Page(page(message)).text
    assert "stored without a ledger" in text
    assert FOOTER in text


def test_a_skip_is_told_in_a_sentence():
    kept = ("messageId", "tenant", "receipt", "asOf", "purpose", "customerId")
    skip = {"status": "skipped", "skip": {"reason": "no_consent", "detail": "They didn't agree."}}
    text = Page(page({name: stored_message()[name] for name in kept} | skip)).text
    assert "Skipped. No consent: They didn't agree." in text


def test_entries_that_were_cut_are_said():
    assert "Of 31 those are kept that would stop a draft" in Page(page(stored_message(ledgerCut=21))).text
