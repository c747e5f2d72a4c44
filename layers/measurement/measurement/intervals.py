"""What an interval is, and how its ends are found."""

from collections.abc import Callable
from typing import NamedTuple


class Interval(NamedTuple):
    """All values from low to high that the data leave possible, both included."""

    low: float
    high: float


def last_where(holds: Callable[[float], bool], low: float, high: float, *, precision: float = 0.0) -> float:
    """The last value from low on for which `holds`, by bisection: it holds up to one point and not beyond.

    Low itself if it holds nowhere; precision 0 goes on to neighbouring floats.
    """
    while high - low > precision and low < (middle := low + (high - low) / 2) < high:
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
