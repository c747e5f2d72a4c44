"""A whole day as a flow, minute by minute: what comes in, what can be written, and what waits meanwhile.

Where a campaign brings far more than can be written at once, chance plays no part; so this needs no simulation.
"""

from dataclasses import dataclass

from capacity.inputs import Demand
from capacity.limits import open_executions
from capacity.message import Message

_MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class Day:
    """What waited after each minute of one day, and of the next as long as anything of the first did."""

    waiting: tuple[float, ...]
    a_second: float
    campaign_minute: int

    @property
    def most(self) -> float:
        """The most that waited within the day."""
        return max(self.waiting[:_MINUTES_OF_A_DAY])

    @property
    def left(self) -> float:
        """What the day leaves to the next one."""
        return self.waiting[_MINUTES_OF_A_DAY - 1]

    @property
    def longest_wait(self) -> float:
        """Seconds for which the last of the longest queue waits."""
        return self.most / self.a_second

    @property
    def drained(self) -> int | None:
        """Minutes from the campaign until nothing waits; None if something still does a day later."""
        after = enumerate(self.waiting[self.campaign_minute :], start=1)
        return next((minute for minute, waits in after if waits == 0), None)


def day(scale: float, a_second: float, demand: Demand) -> Day:
    """Two days of so many times today's messages, where so many a second can be written."""
    waiting, curve, campaign = 0.0, [], demand.campaign_hour * 60
    for minute in range(2 * _MINUTES_OF_A_DAY):
        of_day = minute % _MINUTES_OF_A_DAY
        rush = campaign <= of_day < campaign + demand.campaign_minutes
        comes = demand.ordinary(of_day // 60) * 60 + (demand.campaign / demand.campaign_minutes if rush else 0)
        waiting = max(0.0, waiting + scale * comes - 60 * a_second)
        curve.append(waiting)
    return Day(tuple(curve), a_second, campaign)


def writes_a_second(message: Message, slots: float | None = None) -> float:
    """How many messages a second a number of open executions comes to, by Little's law; as shipped unless given."""
    return (slots or open_executions(message)) / message.open_seconds
