"""What the stack costs without anybody's message: what stands in it, and what it sends and counts by itself.

How many there are of each is read from the templates and the code, as they are written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from agent_platform.probes.watching import HALF_WIDTH, REPEATED
from measurement.imperfect_judge import probes_needed

from operations.message_cost import DAYS_OF_A_MONTH
from operations.service_prices import quoted, usd
from operations.stack import ROOT

TEMPLATE = ROOT / "template.yaml"
# The bounds of what CloudWatch has learned to expect are billed as a metric each.
_METRICS_OF_A_BAND = 2
# Lambda asks each queue by five long polls of 20 s at a time.
_POLLS_A_MONTH = 5 * 3 * 60 * 24 * DAYS_OF_A_MONTH
_SECONDS_OF_A_MONTH = DAYS_OF_A_MONTH * 24 * 60 * 60


@dataclass(frozen=True)
class Standing:
    """One line of the month's bill: how many there are, the price of one in words, and what all cost in USD."""

    what: str
    count: int
    price: str
    cost: Decimal


def standing(*, message: Decimal, judging: Decimal) -> Iterator[Standing]:
    """Every line, where a message costs so many USD, and of that what its judge is asked for."""
    types = [kind for kind, _ in _resources()]
    yield _counted("Secrets", types.count("AWS::SecretsManager::Secret"), "secret_month")
    yield _counted("Keys", types.count("AWS::KMS::Key"), "key_month")
    yield _counted("Alarms, each metric in them", metrics_of_alarms(), "alarm_metric_month")
    yield _counted("Alarms over alarms", types.count("AWS::CloudWatch::CompositeAlarm"), "composite_month")
    yield _counted("Dashboards", types.count("AWS::CloudWatch::Dashboard"), "dashboard_month")
    yield _counted("Metrics of our own, at least", len(own_metrics()), "metric_month")
    queues = len(re.findall(r"^ +Type: SQS$", TEMPLATE.read_text(), re.MULTILINE))
    polls = usd("queue_request", queues * _POLLS_A_MONTH)
    yield Standing("Queues that Lambda polls", queues, quoted("queue_request"), polls)
    every, seconds = synthetic_interval()
    runs = _SECONDS_OF_A_MONTH / seconds
    each = f"${message * 1000:.2f} a thousand messages"
    yield Standing(f"Synthetic runs, by `SyntheticSchedule` {every}", round(runs), each, runs * message)
    asked = judgings_a_night() * DAYS_OF_A_MONTH
    each = f"${judging * 1000:.2f} a thousand judgings"
    yield Standing("Probes of a judge in production, every night", round(asked), each, asked * judging)


def judgings_a_night() -> int:
    """How often a judge in production is asked in a night: about good and bad probes, and about some twice."""
    return 2 * probes_needed(HALF_WIDTH) + REPEATED


def metrics_of_alarms() -> int:
    """The metrics that alarms are billed for: those that each reads, and the bounds of a learned band."""
    alarms = [body for kind, body in _resources() if kind == "AWS::CloudWatch::Alarm"]
    bands = sum(body.count("ANOMALY_DETECTION_BAND(") for body in alarms)
    return sum(body.count("MetricName: ") for body in alarms) + _METRICS_OF_A_BAND * bands


def own_metrics() -> set[str]:
    """The names of the metrics that deployed code emits."""
    code = (path.read_text() for folder in ("layers", "functions") for path in (ROOT / folder).rglob("*.py"))
    return {name for text in code for name in re.findall(r'"(\w+)": \(MetricUnit\.', text)}


def synthetic_interval() -> tuple[str, int]:
    """How often a synthetic event is sent unless one says otherwise: as the parameter calls it, and in seconds."""
    page = TEMPLATE.read_text()
    [every] = re.findall(r"^  SyntheticSchedule:\n(?:    .*\n)*?    Default: (\S+)$", page, re.MULTILINE)
    [seconds] = re.findall(rf"^    {every}: {{.*\bSeconds: (\d+)}}$", page, re.MULTILINE)
    return every, int(seconds)


def _counted(what: str, count: int, price: str) -> Standing:
    return Standing(what, count, quoted(price), usd(price, count))


@cache
def _resources() -> list[tuple[str, str]]:
    """The type of each resource, and what is written from there to the next one's."""
    pages: list[Path] = [TEMPLATE, *sorted(ROOT.glob("observability/*.yaml"))]
    return [
        found
        for page in pages
        for found in re.findall(r"^ *Type: (AWS::\S+)$(.*?)(?=^ *Type: AWS::|\Z)", page.read_text(), re.M | re.S)
    ]
