"""A reviewer's keys: what each asks of the desk, and what is asked of the person before."""

import pytest

from operations.reviewing.deciding import Keyboard, UnreadableError, as_text, parts_of, sit
from operations.reviewing.desk import NotTaken

DRAFT = {
    "subject": "Thank you",
    "body": "Hi,\n\nit was good to see you.\n\nSam",
    "call_to_action": "Look: {{offer.link}}",
}
CLAIM = {
    "number": "1",
    "stops": True,
    "kind": "amount",
    "result": "unsupported",
    "where": "body",
    "text": "[b]$999[/b]",
    "source": None,
    "comparison": None,
}
SEEN = {
    "id": "m-1",
    "reasons": ["new_segment"],
    "until": "2026-11-20T09:15:00Z",
    "purpose": "referral",
    "locale": "en-US",
    "subject": "Thank you",
    "text": "Hi Maria [link=x]",
    "draft": DRAFT,
    "claims": [CLAIM],
    "facts": {"offer.amount": "$25"},
    "conditions": None,
    "comment": "Lovely.",
    "rubric": [{"criterion": "accuracy", "question": "Is it true?"}],
    "rejections": {"wrong_fact": "not true", "tone": "not like us"},
}
UNSEEN = "claim 1: amount “$999” in the body is unsupported; mend it, or name 1 in seen"


class FakeDesk:
    """A desk with so many messages; it refuses an approval that names no claim, and what is over."""

    def __init__(self, messages=1, *, over=False):
        self.left, self.over, self.decisions = messages, over, []

    def next(self):
        self.left -= 1
        return SEEN if self.left >= 0 else None

    def decide(self, message_id, decision):
        self.decisions.append((message_id, decision))
        if self.over:
            raise NotTaken(["the item was concluded meanwhile: approved; take the next one"])
        if decision["verdict"] == "approve" and not decision.get("seen"):
            raise NotTaken([UNSEEN])
        return {"outcome": None, "decisions": 1, "asked": 2}


def keyboard(keys, *, lines=(), edited=None):
    keys, lines = iter(keys), iter(lines)
    return Keyboard(lambda: next(keys), lambda _: next(lines), lambda text: edited(text) if edited else text)


def test_an_approval_names_what_it_lets_stand_once_the_desk_says_so(capsys):
    desk = FakeDesk()

    assert sit(desk, keyboard("a", lines=["1"])) == 1
    assert [decision for _, decision in desk.decisions] == [
        {"verdict": "approve"},
        {"verdict": "approve", "seen": ["1"]},
    ]
    assert UNSEEN[:30] in capsys.readouterr().out


def test_who_lets_nothing_stand_is_asked_for_another_key():
    desk = FakeDesk()

    assert sit(desk, keyboard("arb", lines=["", "Too loud."])) == 1
    assert desk.decisions[-1] == ("m-1", {"verdict": "reject", "reason": "tone", "words": "Too loud."})


def test_a_key_that_means_nothing_decides_nothing(capsys):
    desk = FakeDesk()

    assert sit(desk, keyboard("x\x1brzq")) == 0
    assert desk.decisions == []
    assert "a approve" in capsys.readouterr().out


def test_what_is_left_to_others_is_not_decided_and_the_next_one_comes():
    desk = FakeDesk(messages=2)

    assert sit(desk, keyboard("srb", lines=[""])) == 1


def test_what_is_over_makes_room_for_the_next():
    desk = FakeDesk(messages=2, over=True)

    assert sit(desk, keyboard("aa")) == 0
    assert len(desk.decisions) == 2


def test_an_edit_is_sent_in_its_parts():
    desk = FakeDesk()
    sit(desk, keyboard("e", edited=lambda text: text.replace("Thank you", "Thanks")))

    assert desk.decisions == [("m-1", {"verdict": "edit", "edit": DRAFT | {"subject": "Thanks"}})]


def test_an_edit_without_its_headings_is_not_sent(capsys):
    desk = FakeDesk()
    sit(desk, keyboard("eq", edited=lambda text: text.replace("# body", "body")))

    assert desk.decisions == []
    assert "three headings" in capsys.readouterr().out


def test_what_others_wrote_is_shown_as_it_is(capsys):
    sit(FakeDesk(), keyboard("q"))
    shown = capsys.readouterr().out

    assert "Hi Maria [link=x]" in shown
    assert "[b]$999[/b]" in shown
    assert "✗ no source amount" in shown


def test_the_parts_of_a_text_are_those_it_was_made_of():
    assert parts_of(as_text(DRAFT)) == DRAFT


@pytest.mark.parametrize("wrong", ["", "# subject\na\n# body\nb", "# body\nb\n# subject\na\n# call_to_action\nc"])
def test_a_text_needs_each_heading_once_and_in_order(wrong):
    with pytest.raises(UnreadableError):
        parts_of(wrong)
