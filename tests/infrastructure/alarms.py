"""The alarms of the stack, as data that CloudWatch's model can read."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.infrastructure.template import ROOT, resources, text, written

TICKET, PAGE = {"Ref": "TicketTopic"}, {"Ref": "PageTopic"}
# What one period has of each metric, in good times and in bad ones.
COURSES = {
    "5XXError": ([], [1] * 5),
    "4XXError": ([1], [1] * 18),
    "Count": ([1] * 30, [1] * 30),
    "Errors": ([0] * 5, [0, 1]),
    "Failures": ([], [1]),
    "ApproximateNumberOfMessagesVisible": ([0], [1]),
    "ApproximateAgeOfOldestMessage": ([2], [4_000]),
    "GetRecords.IteratorAgeMilliseconds": ([2_000], [4_000_000]),
    "Throttles": ([], [1] * 20),
    "ExecutionsSucceeded": ([1] * 12, [1] * 7),
    "ExecutionsFailed": ([], [1] * 3),
    "ExecutionsTimedOut": ([], []),
    "ExecutionsAborted": ([], []),
    "SpendPace": ([80, 95], [80, 130]),
    "BudgetUsed": ([50], [50, 85]),
    "OverBudget": ([], [1]),
    "StillWaiting": ([2_000], [2_000, 4_000_000]),
    "CasesNotIngested": ([0], [1]),
    "DriftedSubjects": ([0], [2]),
    "JudgeSlips": ([0], [1]),
    "SyntheticOk": ([1], []),
    "ApprovalRate": ([100] * 17 + [0] * 3, [100] * 13 + [0] * 7),
    "JudgeScore": ([4.7] * 20, [4.0] * 20),
    "GenerationTime": ([4_000] * 20, [4_000] * 18 + [40_000] * 2),
    "EndToEndTime": ([20_000] * 20, [20_000] * 18 + [900_000] * 2),
    "MessagesGenerated": ([1] * 50, [1] * 5),
    "Cost": ([0.02] * 50, [0.2] * 50),
}
# What CloudWatch has learned to expect of an hour.
BANDS = {"MessagesGenerated": (20, 90), "Cost": (0.2, 2.5)}


@dataclass(frozen=True)
class Alarm:
    """An alarm by its logical id, its properties without functions: what they refer to stands in them as ${…}."""

    name: str
    condition: str | None
    written: dict[str, Any]

    def __str__(self) -> str:
        return self.name

    @property
    def properties(self) -> dict[str, Any]:
        properties: dict[str, Any] = plain(self.written)
        return properties

    @property
    def description(self) -> str:
        return str(self.properties["AlarmDescription"])

    @property
    def anchor(self) -> str:
        return self.description.rpartition("#")[2]

    @property
    def period(self) -> int:
        [period] = {self.properties["Period"]} if "Period" in self.properties else set(self._of_metrics("Period"))
        return int(period)

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """What it reads: namespace, name and dimensions of each."""
        return self._of_metrics("Metric") if "Metrics" in self.properties else [self.properties]

    @property
    def statistics(self) -> list[str]:
        """By which statistic it reads each of them."""
        if "Metrics" in self.properties:
            return self._of_metrics("Stat")
        return [self.properties.get("Statistic") or self.properties["ExtendedStatistic"]]

    def _of_metrics(self, part: str) -> list[Any]:
        return [each["MetricStat"][part] for each in self.properties["Metrics"] if "MetricStat" in each]


@cache
def alarms() -> list[Alarm]:
    """Every alarm on metrics."""
    return _of_type("AWS::CloudWatch::Alarm")


@cache
def composites() -> list[Alarm]:
    """Every alarm over other alarms."""
    return _of_type("AWS::CloudWatch::CompositeAlarm")


def alarm(name: str) -> Alarm:
    return next(each for each in alarms() if each.name == name)


def symptoms(composite: Alarm) -> set[str]:
    """The logical ids that a composite's rule names."""
    return {each.name for each in alarms() if f"${{{each.name}}}" in composite.properties["AlarmRule"]}


def runbook() -> dict[str, str]:
    """The runbook's sections, each by what GitHub makes of its heading in a link."""
    parts = re.split(r"^## (.+)$", (ROOT / "docs/runbook.md").read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-"): body
            for heading, body in zip(parts[1::2], parts[2::2], strict=True)}  # fmt: skip


def plain(value: Any) -> Any:
    """A value whose functions are the text that a person would write with !Sub."""
    match value:
        case {"Fn::If": ["SyntheticRuns", while_they_run, _]}:
            return while_they_run
        case {"Ref": _} | {"Fn::Sub": _} | {"Fn::GetAtt": _} | {"Fn::If": _}:
            return text(value)
        case {"Fn::FindInMap": [mapping, {"Ref": parameter}, key]}:
            return written()["Mappings"][mapping][written()["Parameters"][parameter]["Default"]][key]
        case dict():
            return {name: plain(inner) for name, inner in value.items()}
        case list():
            return [plain(inner) for inner in value]
    return value


def _of_type(kind: str) -> list[Alarm]:
    return [Alarm(name, each.get("Condition"), each["Properties"]) for name, each in resources(kind).items()]
