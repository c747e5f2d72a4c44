"""Alarms as CloudWatch evaluates them: each on the one series that has its dimensions, and silence as it is told to.

MiniStack takes every series of a metric's name together, and what rings keeps ringing until the next value comes.
"""

import operator
import time
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
# "ignore" leaves the state as it is.
_OF_SILENCE = {"notBreaching": "OK", "breaching": "ALARM", "missing": "INSUFFICIENT_DATA"}


def install() -> None:
    """Evaluate alarms so, and again when somebody asks how they are: of silence nobody else tells."""
    cloudwatch._evaluate_alarm = _evaluate
    cloudwatch._describe_alarms = _after_evaluation(cloudwatch._describe_alarms)


def _after_evaluation(describe_alarms: Callable[..., Any]) -> Callable[..., Any]:
    def describe(params: Any, cbor_data: Any, is_cbor: bool, is_json: bool = False) -> Any:
        cloudwatch._evaluate_all_alarms()
        return describe_alarms(params, cbor_data, is_cbor, is_json)

    return describe


def _evaluate(alarm: dict[str, Any]) -> None:
    # One on metric math has no metric of its own, and none is computed here.
    if not alarm.get("MetricName"):
        return
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))
    points = cloudwatch._metrics.get((alarm["Namespace"], alarm["MetricName"], dimensions))
    # What never had a value has no data yet, whatever silence means later.
    if not points:
        return
    since = time.time() - alarm["Period"] * alarm["EvaluationPeriods"]
    recent = [point for point in points if point["Timestamp"] >= since]
    if recent:
        _judge(alarm, recent)
    elif state := _OF_SILENCE.get(alarm.get("TreatMissingData") or "missing"):
        _go_over(alarm, state, "No value in the time that it looks back")


def _judge(alarm: dict[str, Any], recent: list[dict[str, Any]]) -> None:
    statistic = alarm.get("ExtendedStatistic") or alarm["Statistic"]
    value = cloudwatch._stat_value(cloudwatch._calc_stats(recent), statistic, recent)
    threshold, comparison = alarm["Threshold"], alarm["ComparisonOperator"]
    breaching = _OPERATORS[comparison](value, threshold)
    _go_over(alarm, "ALARM" if breaching else "OK", f"Threshold Crossed: {statistic} {value} {comparison} {threshold}")


def _go_over(alarm: dict[str, Any], state: str, reason: str) -> None:
    before = alarm["StateValue"]
    if state == before:
        return
    alarm |= {"StateValue": state, "StateReason": reason, "StateUpdatedTimestamp": int(time.time())}
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)
