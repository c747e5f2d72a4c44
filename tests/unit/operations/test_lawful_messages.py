"""scripts/messages says by which law a message was written, and which one it breaks."""

import io

import pytest
from rich.console import Console

from operations import message_showing
from operations.message_words import reason

CANADIAN = {"rules": "ca-casl", "version": "2026-11-22", "country": "CA", "basis": "inquiry", "breaches": []}
MESSAGE = {
    "status": "approved", "purpose": "referral", "customerId": "crm-1", "tenant": "greenedge",
    "asOf": "2026-11-22T10:00:00Z", "recipient": "a@example.com", "subject": "A thank-you", "text": "Hello",
    "score": 4.8, "scores": [], "findings": [],
    "attempts": [{}], "agents": {}, "inputTokens": 1, "outputTokens": 1, "costMicros": 1,
}  # fmt: skip


@pytest.fixture
def shown(monkeypatch):
    def text_of(message):
        page = io.StringIO()
        monkeypatch.setattr(message_showing, "out", Console(file=page, width=200))
        message_showing.show(message)
        return page.getvalue()

    return text_of


def test_a_message_is_shown_with_its_law_and_basis(shown):
    assert "held against ca-casl of 2026-11-22 (CA), consent: inquiry" in shown(MESSAGE | {"law": CANADIAN})
    anywhere = CANADIAN | {"rules": "strictest", "country": None}
    assert "held against strictest of 2026-11-22 (country not known)" in shown(MESSAGE | {"law": anywhere})


def test_a_message_of_an_earlier_release_is_shown_without(shown):
    assert "held against" not in shown(MESSAGE)


def test_what_was_rejected_by_law_says_so_and_not_its_score():
    broken = CANADIAN | {"breaches": ["honest_subject: “Re:” looks like a reply or a forward (a source)"]}

    assert reason(MESSAGE | {"status": "rejected", "law": broken}) == broken["breaches"][0]
    assert reason(MESSAGE | {"status": "rejected", "law": CANADIAN}) == "score 4.8"
