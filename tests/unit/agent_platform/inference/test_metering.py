"""A metered call is held before it is made and booked after it, whatever it ends with."""

import json
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from agent_platform.errors import FailedCall, ModelRefused, OutputTruncated, OverBudget, TransientError
from agent_platform.guardrails.checks import Check
from agent_platform.inference.completions import Tool
from agent_platform.inference.metered_checks import held_check
from agent_platform.inference.metering import metered, most_input_tokens
from agent_platform.inference.payers import Payer
from agent_platform.inference.prices import Usage, worst_case
from agent_platform.references import EventReference
from botocore.exceptions import EndpointConnectionError

from tests.fakes import ScriptedConverse, completion

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
MODEL = "us.amazon.nova-lite-v1:0"
REFERENCE = {"tenant": "greenedge", "source": "crm", "event_id": "1", "event_type": "service.completed.v1", "run": 2}
AGENTS = {
    "writer": {"agent_id": "platform#writer", "version": 3},
    "judge": {"agent_id": "platform#judge", "version": 1},
}
CONTEXT = SimpleNamespace(aws_request_id="an invocation", get_remaining_time_in_millis=lambda: 100_000)


pytestmark = pytest.mark.usefixtures("telemetry")


class Book:
    """The ledger of one payer in memory, with one cap; `broken` is what every settlement fails with, and `until` is how
    long the last one would have been tried.
    """

    def __init__(self, cap=10**9):
        self.cap, self.broken, self.until = cap, None, None
        self.holds, self.reserved, self.rows = {}, [], []

    def reserve(self, call, amount, *, hold, now, until, priced_by=None):
        if sum(self.holds.values()) + sum(cost for *_, cost in self.rows) + amount > self.cap:
            raise OverBudget("no room")
        self.holds[hold] = amount
        self.reserved.append((call, amount, now, until))
        return SimpleNamespace(id=hold, call=call)

    def settle(self, hold, usage, cost, *, service_tier=None, by):
        self._close(hold, by)
        self.rows.append((hold.call, usage, service_tier, cost))
        return True

    def release(self, hold, *, by):
        self._close(hold, by)
        return True

    def _close(self, hold, by):
        self.until = by
        if self.broken:
            raise self.broken
        del self.holds[hold.id]


def payer(document=REFERENCE, agents=AGENTS, role="writer", context=CONTEXT):
    return Payer.of(document, context, agents=agents, role=role, state="Generate", now=NOW)


def ask(book, *answers, times=1, by=None, **changes):
    converse = metered(ScriptedConverse(*answers), by or payer(), ledger=book)
    said = {"model": MODEL, "system": "Write.", "messages": [turn("Now.")], "inference": {"max_tokens": 900}}
    return [converse(**said | changes) for _ in range(times)]


def turn(text):
    return {"role": "user", "content": [{"text": text}]}


def emitted(capsys):
    """Metric → (value, the dimensions but the workflow) of everything that was emitted."""
    found = {}
    for line in capsys.readouterr().out.splitlines():
        if '"_aws"' in line:
            blob = json.loads(line)
            for metric in blob["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
                by = {name: blob[name] for name in ("agent", "version") if name in blob}
                found.setdefault(metric["Name"], []).append((blob[metric["Name"]][0], by))
    return found


def test_a_call_is_held_at_its_worst_case_and_booked_at_its_cost():
    book = Book()
    [made] = ask(book, completion("Hello", cache_read_tokens=7, service_tier="default"))

    [(call, amount, now, until)] = book.reserved
    most = most_input_tokens("Write.", [turn("Now.")], None)
    assert amount == worst_case(MODEL, input_tokens=most, output_tokens=900)
    assert (now, until) == (NOW, NOW + timedelta(seconds=100) + timedelta(minutes=1))
    assert (call.tenant, call.workflow, call.line, call.state, call.model) == (
        "greenedge", "outreach", "runs", "Generate", MODEL
    )  # fmt: skip
    assert (call.agent, call.version, call.attempt, call.number) == ("platform#writer", 3, 1, 1)
    assert call.execution == EventReference.of(REFERENCE).execution_name
    assert book.rows == [(call, Usage(100, 50, 7), "default", made.cost_micros)]
    assert not book.holds


@pytest.mark.parametrize("answer", ["booked", "freed"])
def test_booking_is_tried_until_a_little_before_the_function_ends(answer):
    book = Book()
    refused = failed(TransientError("converse: ThrottlingException"), FailedCall({}, throttled=True))
    with suppress(TransientError):
        ask(book, completion("Hello") if answer == "booked" else refused)

    assert 20 <= time.monotonic() + 100 - book.until <= 30


def test_each_call_of_an_invocation_is_one_of_its_own():
    book = Book()
    ask(book, completion("No."), completion("Yes."), times=2)

    assert [call.number for call, *_ in book.rows] == [1, 2]


def test_a_state_that_is_tried_again_holds_again():
    first, again = (payer(context=SimpleNamespace(**vars(CONTEXT) | {"aws_request_id": name})) for name in "ab")

    ids = {by.hold_id(number) for by in (first, again) for number in (1, 2)}
    assert len(ids) == 4
    assert first.hold_id(1) == first.hold_id(1)


def test_a_second_attempt_says_so():
    assert payer(REFERENCE | {"verdict": {"attempts": [{}]}}).attempt == 2


@pytest.mark.parametrize(
    ("document", "agents", "line"),
    [
        (REFERENCE, AGENTS, "runs"),
        (REFERENCE, AGENTS | {"writer": AGENTS["writer"] | {"arm": "baseline"}}, "runs"),
        (REFERENCE, AGENTS | {"writer": AGENTS["writer"] | {"arm": "candidate"}}, "rollouts"),
        (REFERENCE, AGENTS | {"judge": AGENTS["judge"] | {"arm": "candidate"}}, "rollouts"),
        ({"tenant": "greenedge", "recording": "r"}, {"writer": AGENTS["writer"]}, "evaluations"),
    ],
)
def test_rollouts_and_evaluations_have_lines_of_their_own(document, agents, line):
    assert payer(document, agents).line == line


def test_an_evaluation_s_calls_are_found_by_its_recording():
    assert payer({"tenant": "greenedge", "recording": "r"}).execution == "r"


def test_without_room_no_model_is_called(capsys):
    models = ScriptedConverse()
    converse = metered(models, payer(), ledger=Book(cap=10))
    with pytest.raises(OverBudget):
        converse(model=MODEL, system="Write.", messages=[turn("Now.")], inference={"max_tokens": 900})

    assert models.calls == []
    assert emitted(capsys) == {"OverBudget": [(1, {"agent": "platform#writer", "version": "3"})]}


def test_an_evaluation_without_room_is_no_message_that_was_skipped(capsys):
    with pytest.raises(OverBudget):
        ask(Book(cap=10), by=payer({"tenant": "greenedge", "recording": "r"}))

    assert emitted(capsys) == {}


def failed(error, known):
    error.failed_call = known
    return error


def test_a_call_that_was_throttled_frees_its_hold(capsys):
    book = Book()
    with pytest.raises(TransientError):
        ask(book, failed(TransientError("converse: ThrottlingException"), FailedCall({}, throttled=True)))

    assert (book.holds, book.rows) == ({}, [])
    assert emitted(capsys) == {"Throttles": [(1, {"agent": "platform#writer", "version": "3"})]}


def test_a_call_that_was_refused_frees_its_hold_and_is_no_throttle(capsys):
    book = Book()
    with pytest.raises(ModelRefused):
        ask(book, failed(ModelRefused("converse: AccessDeniedException"), FailedCall({})))

    assert (book.holds, book.rows) == ({}, [])
    assert emitted(capsys) == {}


@pytest.mark.parametrize("known", [FailedCall(None), None])
def test_a_call_that_nobody_knows_the_cost_of_keeps_its_hold(known):
    book = Book()
    with pytest.raises(TransientError):
        ask(book, failed(TransientError("converse: ReadTimeoutError"), known))

    assert len(book.holds) == 1
    assert book.rows == []


def test_an_answer_that_can_not_be_used_is_booked():
    book = Book()
    with pytest.raises(OutputTruncated):
        ask(book, failed(OutputTruncated("ended"), FailedCall({"input": 1000, "output": 900})))

    # 1000 × 0.06 + 900 × 0.24 millionths.
    assert [(usage, cost) for _, usage, _, cost in book.rows] == [(Usage(1000, 900), 276)]
    assert not book.holds


@pytest.mark.parametrize("broken", [TransientError("busy"), EndpointConnectionError(endpoint_url="https://dynamodb")])
def test_an_answer_that_can_not_be_booked_is_not_given_up(capsys, broken):
    book = Book()
    book.broken = broken
    [made] = ask(book, completion("Hello"))

    assert made.text == "Hello"
    assert len(book.holds) == 1, "what runs out is booked"
    said = capsys.readouterr().out
    assert "not booked" in said
    assert '"ModelCalls"' not in said, "expiry counts what it books"


def test_what_calls_take_is_measured_by_agent_and_version(capsys):
    ask(Book(), completion("Hello", cache_read_tokens=7, cost_micros=1_250_000))

    by = {"agent": "platform#writer", "version": "3"}
    assert emitted(capsys) == {
        "ModelCalls": [(1, by)],
        "InputTokens": [(100, by)],
        "OutputTokens": [(50, by)],
        "CacheReadTokens": [(7, by)],
        "Cost": [(1.25, by)],
    }


def test_what_an_evaluation_takes_is_no_cost_of_a_message(capsys):
    book = Book()
    ask(book, completion("Hello"), by=payer({"tenant": "greenedge", "recording": "r"}))

    assert len(book.rows) == 1
    assert emitted(capsys) == {}


@pytest.mark.parametrize("text", ["plain", 'a "quoted" \\ one', "Año nuevo", "\N{SNOWFLAKE}" * 9, "\ud800 alone", ""])
def test_a_request_has_at_least_as_many_bytes_as_are_counted_for_its_texts(text):
    tool = Tool("write", text, {"type": "object", "properties": {"text": {"description": text}}})
    bytes_in = len(text.encode("utf-8", "surrogatepass"))

    assert most_input_tokens(text, [turn(text), turn(text)], tool) >= 5 * bytes_in + 1000


def check(book, said, *, most=500):
    """What a held check of a text says whose own answer is `said`."""
    with held(book, said, most=most) as checked:
        return checked("Hello")


def held(book, said=None, *, most=500):
    return held_check(lambda _: said, payer(), ledger=book, most=most, priced_by="a list")


def test_a_check_of_a_guardrail_is_held_at_its_most_and_booked_beside_the_model_s_calls(capsys):
    book = Book()
    said = check(book, Check("allow", "", 300))
    ask(book, completion("Hello"))

    assert said == Check("allow", "", 300)
    (guarded, *booked), (modelled, *_) = book.rows
    assert (guarded.model, guarded.state, guarded.agent, booked) == (
        "bedrock-guardrail", "Generate", "platform#writer", [Usage(), None, 300]
    )  # fmt: skip
    assert guarded.number != modelled.number
    assert book.reserved[0][1] == 500
    assert not book.holds
    assert emitted(capsys)["Cost"][0][0] == 0.0003


def test_a_check_that_costs_nothing_frees_its_hold_and_one_whose_cost_nobody_knows_keeps_it():
    book = Book()
    check(book, Check("error", "ThrottlingException"))
    assert (book.holds, book.rows) == ({}, [])

    check(book, Check("error", "ReadTimeoutError", None))
    assert (list(book.holds.values()), book.rows) == ([500], [])


def test_without_room_for_a_check_nothing_is_begun_and_it_is_counted_as_a_call_s_is(capsys):
    with pytest.raises(OverBudget), held(Book(cap=499)):
        pytest.fail("a text is paid for that can't be checked")

    assert emitted(capsys) == {"OverBudget": [(1, {"agent": "platform#writer", "version": "3"})]}


def test_a_check_is_held_before_there_is_a_text_and_freed_if_none_comes():
    book = Book()
    with held(book):
        assert list(book.holds.values()) == [500]
    assert (book.holds, book.rows) == ({}, [])

    with pytest.raises(TransientError), held(book):
        ask(Book(), TransientError("converse: ThrottlingException"))
    assert (book.holds, book.rows) == ({}, [])


def test_a_check_is_believed_also_if_it_can_t_be_booked():
    book = Book()
    book.broken = TransientError("busy")
    assert check(book, Check("block", "contentPolicy INSULTS", 300)).result == "block"
    assert list(book.holds.values()) == [500]
