import json

import pytest
from agent_platform.errors import TransientError
from agent_platform.ingest.bus import Bus


class Events:
    """EventBridge, which may refuse an entry inside an answer with status 200."""

    def __init__(self, error_code=None):
        self.entries, self.error_code = [], error_code

    def put_events(self, *, Entries):  # noqa: N803 - the name that the SDK has
        if self.error_code:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": self.error_code, "ErrorMessage": "msg_1"}]}
        self.entries += Entries
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}


def test_an_event_goes_to_the_stacks_own_bus():
    events = Events()
    Bus(name="the-bus", events=events).publish("service.completed", {"event_id": "msg_1"})
    (entry,) = events.entries
    assert (entry["EventBusName"], entry["Source"], entry["DetailType"]) == (
        "the-bus",
        "referral-system",
        "service.completed",
    )
    assert json.loads(entry["Detail"]) == {"event_id": "msg_1"}


def test_an_entry_that_failed_inside_a_good_answer_is_a_failure_without_its_message():
    with pytest.raises(TransientError, match=r"^PutEvents: InternalFailure$"):
        Bus(name="the-bus", events=Events("InternalFailure")).publish("service.completed", {})
