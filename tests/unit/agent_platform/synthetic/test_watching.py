"""What is wrong with a synthetic run's message, each thing by itself and all of it together."""

from datetime import UTC, datetime

import pytest
from agent_platform.synthetic.runs import SyntheticRun
from agent_platform.synthetic.watching import problems_of

RUN = SyntheticRun(datetime(2026, 11, 21, 12, tzinfo=UTC), "0123456789abcdef")
GOOD = {"status": "approved", "subject": "A thank-you", "text": "Hi Jordan, you get $20.00."}


def problems(**changes):
    return list(problems_of({**GOOD, **changes}, RUN))


@pytest.mark.parametrize("status", ["approved", "rejected", "pending_review"])
def test_a_message_with_its_text_is_right_whatever_the_judge_said(status):
    assert problems(status=status) == []


def test_a_skip_is_wrong_and_says_why():
    skipped = {"status": "skipped", "skip": {"reason": "over_budget", "detail": "…"}}
    assert list(problems_of(skipped, RUN)) == ["nothing was written: over_budget"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"text": " \n"}, "the text is empty"),
        ({"subject": None}, "the subject is empty"),
        ({"text": "Hi {{customer.first_name}}"}, "the text has a slot that nothing was put into"),
        ({"subject": "For you}}"}, "the subject has a slot that nothing was put into"),
        ({"text": f"You wrote: {RUN.canary}"}, "the text repeats the canary"),
        ({"subject": f"Your job {RUN.token}"}, "the subject repeats the canary"),
    ],
)
def test_what_a_text_must_not_have_is_named(changes, problem):
    assert problems(**changes) == [problem]


def test_everything_that_is_wrong_is_said():
    assert len(problems(subject="", text=f"{{{{x}}}} {RUN.canary}")) == 3
