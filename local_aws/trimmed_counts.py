"""CloudWatch's trimmed count, TC(low:high): how many values are above low and at most high; MiniStack has none."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import cloudwatch

_RANGE = re.compile(r"TC\(([\d.]*):([\d.]*)\)")


def install() -> None:
    """Answer TC(low:high); of what it doesn't know, MiniStack gives the average."""
    cloudwatch._stat_value = _with_trimmed_counts(cloudwatch._stat_value)


def _with_trimmed_counts(stat_value: Callable[..., Any]) -> Callable[..., Any]:
    def answer(stats: Mapping[str, float], stat_name: str, points: list[dict[str, Any]] | None = None) -> Any:
        wanted = _RANGE.fullmatch(stat_name or "")
        if not wanted:
            return stat_value(stats, stat_name, points)
        low, high = float(wanted[1] or -math.inf), float(wanted[2] or math.inf)
        samples = cloudwatch._percentile_samples(points or [])
        return sum(weight for value, weight in samples or [] if low < value <= high)

    return answer
