"""The history checker itself: silent about a history that keeps the promise, and loud about each way to break it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from agent_platform.references import EventReference

from tests.campaigns.history import Execution, Sent, Stored, violations

MAILED, FAILED, RERUN, UNSURE, REFUSED = "msg_mailed", "msg_failed", "msg_rerun", "msg_unsure", "msg_refused"
NOTED = "msg_noted"
SOURCE = "greenedge-crm"


class History:
    """A good history that a test spoils: a message, a failure, a rerun, a note, an unanswered and a refused event."""

    def __init__(self) -> None:
        self.sent = [_sent(id_, status) for id_ in (MAILED, FAILED, RERUN, NOTED) for status in (503, 202, 202)]
        self.sent += [_sent(UNSURE, None), _sent(REFUSED, 422), _sent(REFUSED, 401), _sent(MAILED, 409, body="another")]
        self.records = [
            *_record(MAILED, _outcome("message", MAILED)),
            *_record(FAILED, _outcome("failure", FAILED)),
            *_record(RERUN, _outcome("message", RERUN, run=2)),
            *_record(UNSURE, None),
            *_record(NOTED, _outcome("noted", NOTED)),
            _failure(NOTED, current=False),
            _failure(FAILED, current=True),
            _failure(RERUN, current=False),
        ]
        self.messages = [_message(MAILED, "approved"), _message(RERUN, "skipped", run=2)]
        self.executions = [_execution(MAILED), _execution(FAILED), _execution(RERUN), _execution(RERUN, run=2)]

    def violations(self) -> list[str]:
        return violations(self.sent, Stored(self.records, self.messages, self.executions))

    def record(self, event_id: str, part: str = "receipt") -> dict[str, Any]:
        key = _reference(event_id).record
        return next(item for item in self.records if (item["record"], item["part"]) == (key, part))

    def drop(self, event_id: str) -> None:
        self.records = [item for item in self.records if item["record"] != _reference(event_id).record]


def _reference(event_id: str, run: int = 1) -> EventReference:
    return EventReference("greenedge", SOURCE, event_id, "service.completed", run)


def _sent(event_id: str, status: int | None, *, body: str | None = None) -> Sent:
    receipt = _reference(event_id).receipt if status == 202 else None
    return Sent(SOURCE, event_id, body or f"body of {event_id}", status, receipt)


def _outcome(kind: str, event_id: str, run: int = 1) -> dict[str, Any]:
    return {"kind": kind, "run": run, "status": "any", "execution": _reference(event_id, run).execution_name}


def _record(event_id: str, outcome: dict[str, Any] | None) -> list[dict[str, Any]]:
    key = {"record": _reference(event_id).record}
    receipt = key | {"part": "receipt", "source": SOURCE, "eventId": event_id}
    body = key | {"part": "body", "event": f"body of {event_id}"}
    return [receipt | ({"outcome": outcome} if outcome else {}), body]


def _failure(event_id: str, *, current: bool) -> dict[str, Any]:
    return {"record": _reference(event_id).record, "part": "failure#1", "current": current}


def _message(event_id: str, status: str, run: int = 1) -> dict[str, Any]:
    name = _reference(event_id, run).execution_name
    return {"messageId": name, "source": SOURCE, "eventId": event_id, "status": status}


def _execution(event_id: str, run: int = 1) -> Execution:
    reference = _reference(event_id, run)
    return Execution(reference.execution_name, json.dumps(vars(reference)))


def test_a_history_that_keeps_the_promise_has_no_violation() -> None:
    assert History().violations() == []


def test_what_others_sent_is_left_alone() -> None:
    history = History()
    history.records += _record("msg_of_another", None)
    history.messages.append(_message("msg_of_another", "approved"))
    assert history.violations() == []


def _lost_record(history: History) -> None:
    history.drop(FAILED)


def _lost_outcome(history: History) -> None:
    del history.record(FAILED)["outcome"]
    history.record(FAILED, "failure#1")["current"] = False


def _unnamed_outcome(history: History) -> None:
    del history.record(MAILED)["outcome"]


def _lost_message(history: History) -> None:
    history.messages = [each for each in history.messages if each["eventId"] != MAILED]


def _superseded_message(history: History) -> None:
    history.messages[0]["status"] = "superseded"


def _past_failure(history: History) -> None:
    history.record(FAILED, "failure#1")["current"] = False


def _noted_and_failed(history: History) -> None:
    history.record(NOTED, "failure#1")["current"] = True


def _two_messages(history: History) -> None:
    history.messages.append(_message(MAILED, "rejected", run=2))


def _message_and_failure(history: History) -> None:
    history.record(RERUN, "failure#1")["current"] = True


def _message_without_record(history: History) -> None:
    history.drop(UNSURE)
    history.messages.append(_message(UNSURE, "approved"))


def _refused_and_recorded(history: History) -> None:
    history.records += _record(REFUSED, None)


def _refused_and_written(history: History) -> None:
    history.messages.append(_message(REFUSED, "approved"))


def _refused_and_started(history: History) -> None:
    history.executions.append(_execution(REFUSED))


def _two_receipts(history: History) -> None:
    history.sent.append(replace(_sent(MAILED, 202), receipt="greenedge.other"))


def _shared_receipt(history: History) -> None:
    history.sent.append(replace(_sent(UNSURE, 202), receipt=_reference(MAILED).receipt))


def _other_receipt(history: History) -> None:
    history.sent = [replace(each, receipt="greenedge.other") if each.event_id == FAILED and each.taken else each
                    for each in history.sent]  # fmt: skip


def _two_bodies(history: History) -> None:
    history.sent.append(_sent(MAILED, 202, body="another"))


def _other_body(history: History) -> None:
    history.record(MAILED, "body")["event"] = "another"


def _two_records(history: History) -> None:
    history.records.append(history.record(MAILED) | {"record": "greenedge#other"})


def _two_inputs(history: History) -> None:
    history.executions.append(Execution(_execution(MAILED).name, _execution(FAILED).input))


def _two_names(history: History) -> None:
    history.executions.append(Execution("another", _execution(MAILED).input))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_lost_record, f"{FAILED}: accepted as"),
        (_lost_outcome, f"{FAILED}: no outcome on its receipt"),
        (_unnamed_outcome, f"{MAILED}: no outcome on its receipt, but 1 stored"),
        (_lost_message, f"{MAILED}: its receipt names the message"),
        (_superseded_message, f"{MAILED}: its receipt names the message"),
        (_past_failure, f"{FAILED}: its receipt names the failure failure#1"),
        (_noted_and_failed, f"{NOTED}: it was taken in without a run, and failure failure#1 is current"),
        (_two_messages, f"{MAILED}: 2 current outcomes"),
        (_message_and_failure, f"{RERUN}: 2 current outcomes"),
        (_message_without_record, f"{UNSURE}: has a message, and there is no record"),
        (_refused_and_recorded, f"{REFUSED}: refused every time, and there is a record"),
        (_refused_and_written, f"{REFUSED}: refused every time, and there is a message"),
        (_refused_and_started, f"{REFUSED}: refused every time, and there is an execution"),
        (_two_receipts, f"{MAILED}: one event was given 2 receipts"),
        (_shared_receipt, "was given for 2 events"),
        (_other_receipt, f"{FAILED}: the receipt that was given is not the one of the record"),
        (_two_bodies, f"{MAILED}: 2 bodies were accepted"),
        (_other_body, f"{MAILED}: the body that is kept"),
        (_two_records, f"{MAILED}: one event has 2 records"),
        (_two_inputs, "was started with 2 inputs"),
        (_two_names, "was started under 2 names"),
    ],
)
def test_each_way_to_break_it_is_seen(spoil: Callable[[History], None], said: str) -> None:
    history = History()
    spoil(history)
    assert [line for line in history.violations() if said in line]
