"""Publishing to the event bus; an entry that failed inside a successful answer is a failure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.errors import TransientError

EVENT_SOURCE = "referral-system"


@dataclass(frozen=True)
class _Settings:
    bus_name: str


class Bus:
    """The stack's own event bus."""

    def __init__(self, *, name: str, events: Any) -> None:
        self._name, self._events = name, events

    def publish(self, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Put one event on the bus; TransientError if the bus took it not, whatever the status of its answer."""
        entry = {
            "EventBusName": self._name,
            "Source": EVENT_SOURCE,
            "DetailType": detail_type,
            "Detail": json.dumps(detail),
        }
        answer = self._events.put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise TransientError("PutEvents: " + str(answer["Entries"][0].get("ErrorCode", "unknown")))


@cache
def bus() -> Bus:
    """The stack's bus, as the function's environment names it."""
    return Bus(name=settings.read(_Settings).bus_name, events=aws.client("events"))
