"""What came of a simulated campaign."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Results:
    """Counted while it runs: latencies in seconds from the first attempt to send until the message is stored.

    Of the others are those companies that have no campaign.
    """

    campaign: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    # So many messages each one of these is counted for.
    stands_for: int = 1
    over: int = 0
    failed: int = 0
    throttled: int = 0
    calls: int = 0
    refused: int = 0
    most_open: int = 0
    waiting: list[tuple[float, int]] = field(default_factory=list)
    drained_at: float = 0.0
    last_stored: float = 0.0

    @property
    def most_waiting(self) -> int:
        """The highest number of events that waited for a slot."""
        return max((count for _, count in self.waiting), default=0)

    @property
    def failed_share(self) -> float:
        """Of all runs, those that ended without a message."""
        return self.failed / self.over if self.over else 0.0

    @property
    def throttled_share(self) -> float:
        """Of all calls of models and of Retrieve, those that were refused."""
        return self.throttled / self.calls if self.calls else 0.0


def percentile(times: Sequence[float], share: float) -> float:
    """The time within which that share was done."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]
