"""The time that a report is about, and the periods in which its figures are asked for."""

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from operations import terminal

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
# As CloudWatch keeps them: from 15 days on by five minutes, from 63 days on by the hour, for 455 days in all.
_PERIODS = (5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR, 6 * _HOUR, _DAY)
_MOST_PERIODS = 32
_LONGEST = 455 * _DAY


@dataclass(frozen=True)
class Span:
    """From the start of a period until now."""

    start: datetime
    end: datetime
    period: int

    @classmethod
    def lasting(cls, since: timedelta, *, now: datetime) -> "Span":
        """The span of this length that ends now, begun with a whole period, with at most 32 periods if days allow."""
        seconds = since.total_seconds()
        period = next((each for each in _PERIODS if seconds / each <= _MOST_PERIODS), _PERIODS[-1])
        start = int((now.timestamp() - seconds) // period) * period
        return cls(datetime.fromtimestamp(start, UTC), now, period)

    def times(self) -> list[datetime]:
        """When each of its periods begins."""
        number = -int((self.start - self.end).total_seconds() // self.period)
        return [self.start + timedelta(seconds=self.period * place) for place in range(number)]

    @property
    def one_period(self) -> int:
        """A period in seconds that holds the whole span, wherever periods are counted from.

        A percentile of a span can't be had from those of its parts, so the span has to be asked for as one. CloudWatch
        counts periods from the start that is asked for, others from 1970: here no such boundary falls into the span.
        """
        start, last = int(self.start.timestamp()), int(self.end.timestamp())
        period = -(-(last - start + 1) // _HOUR) * _HOUR
        while start // period != last // period:
            period += _HOUR
        return period


def length(given: str) -> timedelta:
    """A length of time as it is typed: 90m, 24h, 7d or 2w."""
    read = terminal.length(given) or timedelta(0)
    if not _PERIODS[0] <= read.total_seconds() <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{given} is no length of time from 5m to 455d, such as 90m, 24h, 7d or 2w")
    return read
