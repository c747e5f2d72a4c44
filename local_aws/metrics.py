"""The CloudWatch metrics that MiniStack leaves out: EMF, AWS/States, AWS/Lambda however a function is invoked."""

from collections.abc import Callable, Set
from typing import Any

from ministack.services import cloudwatch, lambda_svc, stepfunctions

from local_aws.embedded_metrics import data_in

# A start is RUNNING's status event; MiniStack never times an execution out.
_STATES_METRICS = {
    "RUNNING": "ExecutionsStarted",
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "ABORTED": "ExecutionsAborted",
}
_OF_AN_INVOCATION = {("AWS/Lambda", name) for name in ("Invocations", "Errors", "Throttles", "Duration")}


def install() -> None:
    """Count executions, and leave the counting of invocations to `record_invocation`."""
    lambda_svc._emit_lambda_metrics = _record_throttle
    stepfunctions._emit_execution_status_event = _recording(stepfunctions._emit_execution_status_event)


def record_invocation(function_name: str, *, milliseconds: float, failed: bool, log: str) -> None:
    """One invocation's own metrics and those that its log lines carry; alarms follow at once, as with PutMetricData."""
    function = {"FunctionName": function_name}
    cloudwatch.record_metric("AWS/Lambda", "Invocations", 1, "Count", function)
    cloudwatch.record_metric("AWS/Lambda", "Errors", int(failed), "Count", function)
    cloudwatch.record_metric("AWS/Lambda", "Throttles", 0, "Count", function)
    cloudwatch.record_metric("AWS/Lambda", "Duration", milliseconds, "Milliseconds", function)
    read = [datum for line in log.split("\n") for datum in data_in(line)]
    for datum in read:
        cloudwatch.record_metric(datum.namespace, datum.name, datum.value, datum.unit, datum.dimensions)
    _evaluate_if_watched(_OF_AN_INVOCATION | {(datum.namespace, datum.name) for datum in read})


def _evaluate_if_watched(recorded: Set[tuple[str, str]]) -> None:
    # MiniStack reads every value of a metric for each alarm, which no function has to wait for that none is about.
    if any((alarm.get("Namespace"), alarm.get("MetricName")) in recorded for alarm in cloudwatch._alarms.values()):
        cloudwatch._evaluate_all_alarms()


def _record_throttle(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None:  # noqa: ARG001
    # MiniStack reports a throttle where it refuses, without a duration, and again where the Invoke API answers.
    if throttle and not duration_ms:
        cloudwatch.record_metric("AWS/Lambda", "Throttles", 1, "Count", {"FunctionName": function_name})
        _evaluate_if_watched(_OF_AN_INVOCATION)


def _recording(emit_status_event: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def emit(execution: dict[str, Any]) -> None:
        machine = {"StateMachineArn": execution["stateMachineArn"]}
        if metric := _STATES_METRICS.get(execution["status"]):
            cloudwatch.record_metric("AWS/States", metric, 1, "Count", machine)
            _evaluate_if_watched({("AWS/States", metric)})
        emit_status_event(execution)

    return emit
