"""What a judge does in use: how often it approves, and how often people who saw approved messages upheld it.

A workflow counts as it goes, under its judge's version: `JudgeApproval` for every message that was judged, `JudgeDrawn`
for those of them of which people see what is approved, since all are seen or a lot fell on them, and `JudgeUpheld` for
the approved ones of these when people decided. What came to people because something spoke against it is no fair
sample. Companies are seen more or less often, so what people say is held beside what was drawn, not beside all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from measurement.judge_in_use import InUse

from agent_platform import telemetry

JUDGED, DRAWN, UPHELD = "JudgeApproval", "JudgeDrawn", "JudgeUpheld"
# As long as people's decisions speak for the judge that made its today: the worlds that it judges change.
SPEAKS_FOR = timedelta(days=30)
_DAY = 86_400


@dataclass(frozen=True)
class JudgeVersion:
    """A version of a workflow's judge."""

    workflow: str
    agent_id: str
    version: int


class Practice:
    """The metrics of judges, as CloudWatch has them."""

    def __init__(self, cloudwatch: Any) -> None:
        self._cloudwatch = cloudwatch

    def lately(self, judge: JudgeVersion, *, now: datetime) -> InUse:
        """What a version did in the last weeks with the messages that were drawn for people, and what these said."""
        return self._used(judge, DRAWN, _midnight(now - SPEAKS_FOR), now, _DAY)

    def yesterday(self, judge: JudgeVersion, *, now: datetime) -> InUse:
        """What it did on the day before a moment's."""
        return self.between(judge, _midnight(now - timedelta(days=1)), _midnight(now))

    def between(self, judge: JudgeVersion, start: datetime, end: datetime, *, period: int = _DAY) -> InUse:
        """What it did with all messages from the start of a period until a moment."""
        return self._used(judge, JUDGED, start, end, period)

    def _used(self, judge: JudgeVersion, counted: str, start: datetime, end: datetime, period: int) -> InUse:
        named = {"workflow": judge.workflow, "agent": judge.agent_id, "version": str(judge.version)}
        dimensions = [{"Name": name, "Value": value} for name, value in named.items()]
        asked = [
            {"Id": f"{metric[0].lower()}{metric[1:]}{stat}", "MetricStat": {"Period": period, "Stat": stat, "Metric": {
                "Namespace": telemetry.NAMESPACE, "MetricName": metric, "Dimensions": dimensions,
            }}}
            for metric in (counted, UPHELD) for stat in ("SampleCount", "Sum")
        ]  # fmt: skip
        found = dict.fromkeys([each["Id"] for each in asked], 0.0)
        pages = self._cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=asked, StartTime=start, EndTime=end
        )
        for page in pages:
            for each in page["MetricDataResults"]:
                found[each["Id"]] += sum(each["Values"])
        judged, approved, seen, upheld = found.values()
        # A message counts 100 or 0, as percents do.
        return InUse(round(judged), round(approved / 100), round(seen), round(upheld / 100))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
