"""Metrics that CloudWatch has by itself on AWS: from a function's log lines, of functions and of state machines."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from local_aws.embedded_metrics import Datum, data_in

EMITTER = """
    import json, time

    def lambda_handler(event, context):
        directive = {
            "Namespace": event["namespace"],
            "Dimensions": [["workflow"], ["workflow", "agent"]],
            "Metrics": [{"Name": "JudgeScore", "Unit": "None"}, {"Name": "GenerationTime", "Unit": "Milliseconds"}],
        }
        print(json.dumps({
            "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
            "workflow": "outreach",
            "agent": "outreach-writer",
            "JudgeScore": 4.5,
            "GenerationTime": [100, 250],
        }))
        if event.get("fail"):
            raise ValueError("after the metric")
"""


@pytest.mark.parametrize("dimensions", [{"workflow": "outreach"}, {"workflow": "outreach", "agent": "outreach-writer"}])
def test_an_emf_line_becomes_metrics_under_each_set_of_dimensions(account, dimensions):
    namespace = f"Of{len(dimensions)}"

    account.invoke(account.deploy(EMITTER), {"namespace": namespace})

    assert account.sum_of(namespace, "JudgeScore", dimensions) == 4.5
    assert account.sum_of(namespace, "GenerationTime", dimensions) == 350


def test_an_alarm_on_an_emf_metric_goes_off(account):
    of_outreach = watched(account, "score", namespace="Alarmed", metric="JudgeScore", of={"workflow": "outreach"})

    account.invoke(account.deploy(EMITTER), {"namespace": "Alarmed"})

    assert of_outreach() == "ALARM"


def test_an_alarm_hears_only_the_series_that_has_its_dimensions(account):
    failing = account.deploy("def lambda_handler(event, context): raise KeyError('offer')")
    errors = {"namespace": "AWS/Lambda", "metric": "Errors"}
    of_it = watched(account, "failing", of={"FunctionName": failing.name}, **errors)
    of_another = watched(account, "another", of={"FunctionName": "another"}, **errors)

    account.invoke(failing)

    assert (of_it(), of_another()) == ("ALARM", "INSUFFICIENT_DATA")


def test_a_metric_without_dimensions_is_another_than_those_with_some(account):
    of_none = watched(account, "of-none", namespace="Undivided", metric="JudgeScore", of={})

    account.invoke(account.deploy(EMITTER), {"namespace": "Undivided"})

    assert of_none() == "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("treated", "state"),
    [("notBreaching", "OK"), ("breaching", "ALARM"), ("ignore", "ALARM"), ("missing", "INSUFFICIENT_DATA")],
)
def test_an_alarm_that_rang_takes_silence_as_it_is_told_to(account, treated, state):
    name = f"silent-{treated}"
    read = watched(account, name, namespace=name, metric="Failures", of={}, treated=treated)
    assert read() == "INSUFFICIENT_DATA", "what never had a value has no data yet"

    # In two seconds it is older than the alarm looks back.
    at = datetime.now(UTC) - timedelta(seconds=58)
    account.client("cloudwatch").put_metric_data(
        Namespace=name, MetricData=[{"MetricName": "Failures", "Value": 9, "Timestamp": at}]
    )

    assert read() == "ALARM"
    time.sleep(3)
    assert read() == state


def watched(account, name, *, namespace, metric, of, treated="missing"):
    """A new alarm on whatever is over a half in a minute; reads its state."""
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": key, "Value": value} for key, value in of.items()],
        Statistic="Average",
        ComparisonOperator="GreaterThanThreshold",
        Threshold=0.5,
        Period=60,
        EvaluationPeriods=1,
        TreatMissingData=treated,
    )
    return lambda: cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]


def test_a_failed_invocation_is_counted_once_and_keeps_its_metrics(account):
    function = account.deploy(EMITTER)

    account.invoke(function, {"namespace": "Failing"})
    account.invoke(function, {"namespace": "Failing", "fail": True})

    of_function = {"FunctionName": function.name}
    assert account.sum_of("AWS/Lambda", "Invocations", of_function) == 2
    assert account.sum_of("AWS/Lambda", "Errors", of_function) == 1
    assert account.sum_of("AWS/Lambda", "Duration", of_function) > 0
    assert account.sum_of("Failing", "JudgeScore", {"workflow": "outreach"}) == 9


def test_a_throttled_invocation_is_a_throttle_and_no_invocation(account):
    function = account.deploy("def lambda_handler(event, context): ...")
    client = account.client("lambda")
    client.put_function_concurrency(FunctionName=function.name, ReservedConcurrentExecutions=0)

    with pytest.raises(client.exceptions.TooManyRequestsException):
        client.invoke(FunctionName=function.name)

    of_function = {"FunctionName": function.name}
    assert account.sum_of("AWS/Lambda", "Throttles", of_function) == 1
    assert account.sum_of("AWS/Lambda", "Invocations", of_function) == 0


def test_executions_and_the_functions_in_them_are_counted(account):
    function = account.deploy("def lambda_handler(event, context): raise KeyError('offer')")

    execution = account.execute({"Look": {"Type": "Task", "Resource": function.arn, "End": True}}, start_at="Look")

    machine = {"StateMachineArn": execution["stateMachineArn"]}
    assert account.sum_of("AWS/States", "ExecutionsStarted", machine) == 1
    assert account.sum_of("AWS/States", "ExecutionsFailed", machine) == 1
    assert account.sum_of("AWS/States", "ExecutionsSucceeded", machine) == 0
    assert account.sum_of("AWS/Lambda", "Errors", {"FunctionName": function.name}) == 1


DOCUMENT = {
    "_aws": {"CloudWatchMetrics": [{"Namespace": "N", "Metrics": [{"Name": "M"}], "Dimensions": [["d"]]}]},
    "d": "x",
    "M": 1,
}


def test_a_document_without_dimensions_or_unit_is_read():
    directive = {"Namespace": "N", "Metrics": [{"Name": "M"}]}

    assert data_in(json.dumps({"_aws": {"CloudWatchMetrics": [directive]}, "M": 2})) == [Datum("N", "M", 2, "None", {})]


@pytest.mark.parametrize(
    "line",
    [
        "",
        'a line of text with "_aws"',
        '{"_aws": ',
        '["_aws"]',
        '{"_aws": []}',
        '{"_aws": {"CloudWatchMetrics": null}}',
        json.dumps(DOCUMENT | {"d": None, "M": "not a number"}),
        json.dumps({name: value for name, value in DOCUMENT.items() if name != "d"}),
        json.dumps(DOCUMENT | {"M": True}),
    ],
)
def test_what_is_not_emf_is_passed_over(line):
    assert data_in(json.dumps(DOCUMENT)) == [Datum("N", "M", 1, "None", {"d": "x"})]
    assert data_in(line) == []


def test_metrics_are_answered_by_percentile_and_counted_between_bounds(account):
    cloudwatch, now = account.client("cloudwatch"), datetime.now(UTC)
    values = [1.0, 2.0, 2.5, 3.0, 3.5, 5.0]
    cloudwatch.put_metric_data(Namespace="Scores", MetricData=[
        {"MetricName": "JudgeScore", "Dimensions": [{"Name": "workflow", "Value": "outreach"}], "Value": each}
        for each in values
    ])  # fmt: skip
    metric = {"Namespace": "Scores", "MetricName": "JudgeScore",
              "Dimensions": [{"Name": "workflow", "Value": "outreach"}]}  # fmt: skip
    asked = {"TC(:2)": 2, "TC(2:3)": 2, "TC(3:5)": 2, "TC(5:)": 0, "p50": 2.75}

    answered = cloudwatch.get_metric_data(
        MetricDataQueries=[
            {"Id": f"m{place}", "MetricStat": {"Metric": metric, "Period": 86_400 * 3_650, "Stat": stat}}
            for place, stat in enumerate(asked)
        ],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=1),
    )["MetricDataResults"]

    assert [each["Values"] for each in answered] == [[value] for value in asked.values()]
