"""Waiting in a queue without being received for it: a message is sent again with a delay, and the old one is done with.

So what waits is never tried too often, and never lies among the dead. A crash between both only doubles the message.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, settings, telemetry

_WAITED_SINCE = "waitedSince"
# Seconds; the longest is SQS's own limit.
_SHORTEST, _LONGEST = 2, 900
# Of what it has waited so far a message waits again: nobody waits much longer than needed, and who waits for hours
# asks seldom.
_PART = 4


@dataclass(frozen=True)
class _Settings:
    queue_url: str


def waited_since(message: Mapping[str, Any], *, now: datetime) -> int:
    """When a message was sent first, however often it was sent again, in epoch milliseconds."""
    first = message.get("messageAttributes", {}).get(_WAITED_SINCE, {}).get("stringValue")
    return int(first or message.get("attributes", {}).get("SentTimestamp") or now.timestamp() * 1000)


def received_before(message: Mapping[str, Any]) -> bool:
    """Whether a message was received before as it is, so that an earlier try may have come some way."""
    return int(message.get("attributes", {}).get("ApproximateReceiveCount", 1)) > 1


def asks_again(waited: float, *, spread: Callable[[float, float], float] = random.uniform) -> int:
    """Seconds after which a message that waited for so many comes again: a part of them, spread, so that few meet."""
    longest = min(max(waited / _PART, _SHORTEST), _LONGEST)
    return math.ceil(spread(longest / 2, longest))


@dataclass(frozen=True)
class Waiting:
    """A message that is to be delivered again: to whom it belongs, since when it waits and for how long from now."""

    message: Mapping[str, Any]
    tenant: str
    since: int
    seconds: int

    def entry(self, place: int) -> dict[str, Any]:
        """How it is sent again.

        Under its tenant's group SQS lets the messages of others, and those that come for the first time and have no
        group, pass a tenant that many are received of (fair queues); in a standard queue a group means nothing else.
        """
        entry: dict[str, Any] = {
            "Id": str(place),
            "MessageBody": self.message["body"],
            "DelaySeconds": self.seconds,
            "MessageGroupId": self.tenant,
            "MessageAttributes": {_WAITED_SINCE: {"DataType": "Number", "StringValue": str(self.since)}},
        }
        if trace := self.message.get("attributes", {}).get("AWSTraceHeader"):
            entry["MessageSystemAttributes"] = {"AWSTraceHeader": {"DataType": "String", "StringValue": trace}}
        return entry


class WaitingQueue:
    """A workflow's queue, as its own consumer sends to it."""

    def __init__(self, *, url: str, sqs: Any) -> None:
        self._url, self._sqs = url, sqs

    def send_again(self, waiting: Sequence[Waiting]) -> list[str]:
        """Send at most ten messages again; the ids of those that the queue didn't take."""
        if not waiting:
            return []
        entries = [each.entry(place) for place, each in enumerate(waiting)]
        try:
            answer = self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries)
        except (ClientError, BotoCoreError) as error:
            # They come again by themselves, though each time counts; who has a slot starts meanwhile.
            telemetry.log().error("not sent again", extra={"error": aws.told(error)})
            return [each.message["messageId"] for each in waiting]
        return [waiting[int(failed["Id"])].message["messageId"] for failed in answer.get("Failed", [])]


@cache
def waiting_queue() -> WaitingQueue:
    """The queue of this function's workflow, as its environment names it."""
    return WaitingQueue(url=settings.read(_Settings).queue_url, sqs=aws.client("sqs"))
