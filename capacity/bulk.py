"""A million lines in one file, on paper: what the Distributed Map, the tenant's rate and the model make of them."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from capacity import deployed
from capacity.backlog import writes_a_second
from capacity.limits import WEBHOOK
from capacity.message import Message

LINES = 1_000_000
# Of a child's history: started, entered, exited, succeeded; and what each try of its one state adds.
_EVENTS_OF_A_CHILD, _EVENTS_OF_A_TRY = 4, 3


@dataclass(frozen=True)
class Bulk:
    """One file of so many lines, each of which asks for a message."""

    message: Message
    batch: int
    concurrency: int
    tenant_rate: int
    tries: int
    timeout: int
    lines: int = LINES

    @classmethod
    def deployed(cls, message: Message) -> "Bulk":
        """As template.yaml and the state machine have it."""
        state = deployed.state_of_a_range()
        return cls(
            message,
            batch=deployed.parameter("BulkBatchLines"),
            concurrency=deployed.parameter("BulkConcurrency"),
            tenant_rate=deployed.parameter("TenantEventsPerSecond"),
            tries=1 + state["Retry"][0]["MaxAttempts"],
            timeout=state["TimeoutSeconds"],
        )

    @property
    def children(self) -> int:
        """Ranges of the file, each a child of the Map."""
        return ceil(self.lines / self.batch)

    @property
    def longest_history(self) -> int:
        """Events of a child that was refused until its last try."""
        return _EVENTS_OF_A_CHILD + self.tries * _EVENTS_OF_A_TRY

    @cached_property
    def range_seconds(self) -> float:
        """How long a range takes: one invocation, and for each line the calls that the webhook makes for an event."""
        return self.message.batch_seconds(self.batch, WEBHOOK)

    @property
    def accepted_a_second(self) -> float:
        """Lines that are taken in while nobody slows them down."""
        return self.concurrency * self.batch / self.range_seconds

    @property
    def taken_in_seconds(self) -> float:
        """Until all are recorded, at the tenant's rate or as fast as it goes."""
        return self.lines / min(self.accepted_a_second, self.tenant_rate)

    @property
    def written_seconds(self) -> float:
        """Until all messages are written, by a stack as it is deployed that has nothing else to do."""
        return self.lines / writes_a_second(self.message)
