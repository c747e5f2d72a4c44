"""What of the stream was refused: where each record lies and every problem with it, in a queue for people to read.

A message has no body, since that holds personal data; the stream itself has it for as long as it keeps its records.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate
from typing import Any

from agent_platform import aws, settings
from agent_platform.ingest.acceptance import Refused
from agent_platform.moments import iso_milliseconds

# What a message may have, less than SQS's 256 KiB, for the rest of it.
_MOST_BYTES_OF_ERRORS = 240 * 1024


@dataclass(frozen=True)
class Refusal:
    """One record that was refused, or a range that Lambda gave up."""

    shard: str
    first: str
    last: str
    arrived_at: str
    status: int
    detail: str
    errors: tuple[dict[str, str], ...]

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> "Refusal":
        """Read a message: ours, or Lambda's own about records that it gave up."""
        if batch := message.get("KinesisBatchInfo"):
            why = str(message["requestContext"]["condition"])
            arrived_at = batch["approximateArrivalOfFirstRecord"]
            place = batch["shardId"], batch["startSequenceNumber"], batch["endSequenceNumber"]
            return cls(*place, arrived_at, 503, f"Lambda gave up {batch['batchSize']}: {why}.", ())
        return cls(**{**message, "errors": tuple(message["errors"])})


class Refusals:
    """The queue of refusals."""

    def __init__(self, *, queue_url: str, sqs: Any) -> None:
        self._queue_url, self._sqs = queue_url, sqs

    def keep(self, refused: Refused, *, shard: str, sequence_number: str, at: datetime) -> None:
        """Put a refused record's place there, with why, as far as a message has room; again if it is refused again."""
        arrived_at = iso_milliseconds(at)
        refusal = Refusal(
            shard,
            sequence_number,
            sequence_number,
            arrived_at,
            refused.status,
            refused.detail,
            _fitting(refused.errors),
        )
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=json.dumps(asdict(refusal)))


def _fitting(errors: tuple[dict[str, str], ...]) -> tuple[dict[str, str], ...]:
    """As many problems as a message has room for, and how many more there are."""
    sizes = accumulate(len(json.dumps(each)) + 2 for each in errors)
    fit = sum(size <= _MOST_BYTES_OF_ERRORS for size in sizes)
    more = len(errors) - fit
    told = ({"pointer": "", "expected": f"and {more:,} more problems, for which there is no room"},) if more else ()
    return errors[:fit] + told


@dataclass(frozen=True)
class _Settings:
    refusals_queue_url: str


@cache
def refusals() -> Refusals:
    """The stack's queue, as the function's environment names it."""
    return Refusals(queue_url=settings.read(_Settings).refusals_queue_url, sqs=aws.client("sqs"))
