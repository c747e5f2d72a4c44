"""What is compared, and capacity/load.json: the measurement, with the bench of its hour for the simulation."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from capacity.inputs import HERE
from capacity.simulation.results import percentile
from capacity.simulation.stack import SAMPLED_EVERY

LOAD = HERE / "load.json"
SLOTS, MODEL_SECONDS, SECONDS = 6, 2.0, 60


@dataclass(frozen=True)
class Figures:
    """Of messages: seconds from sending until they were stored, how many a minute were, and how many waited at most."""

    median: float
    p95: float
    a_minute: float
    waiting: int

    @classmethod
    def of(cls, times: Sequence[float], *, seconds: float, waiting: int) -> Self:
        """Of so many messages that were stored within so many seconds."""
        return cls(percentile(times, 0.5), percentile(times, 0.95), 60 * len(times) / seconds, waiting)


@dataclass(frozen=True)
class Lived:
    """When a message's event was sent, its run began and its run was over, in seconds since sending began."""

    sent: float
    began: float
    over: float


def measured(lived: Sequence[Lived]) -> Figures:
    """What messages went through, looked at as often as the simulation looks."""
    ends = max(each.over for each in lived)
    looks = range(0, int(ends) + 1, SAMPLED_EVERY)
    waiting = max(sum(each.sent <= now < each.began for each in lived) for now in looks)
    return Figures.of([each.over - each.sent for each in lived], seconds=ends, waiting=waiting)


@dataclass(frozen=True)
class Rate:
    """What was sent a second on average, how many that were, and what came of them."""

    a_second: float
    sent: int
    figures: Figures


@cache
def recorded() -> dict[str, Any]:
    """capacity/load.json as it is in the repository."""
    read: dict[str, Any] = json.loads(LOAD.read_text(encoding="utf-8"))
    return read


def rates(found: Mapping[str, Any]) -> list[Rate]:
    """Each rate of such a file."""
    return [Rate(each["a_second"], each["sent"], Figures(**each["figures"])) for each in found["rates"]]
