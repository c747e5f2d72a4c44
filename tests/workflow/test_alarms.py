"""Alarms on the deployed stack: those that the local AWS evaluates ring and fall silent, somebody is told, and the
runbook's first command for each works."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from tests.infrastructure.alarms import COURSES, runbook
from tests.workflow.deployed import Deployed, said

KEPT = ("Namespace", "MetricName", "Dimensions", "Statistic", "ExtendedStatistic", "Period", "EvaluationPeriods",
        "DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData")  # fmt: skip
# So soon after its evaluation a value is as old as the alarm looks back.
LEAVES_AFTER = timedelta(seconds=4)
GOOD, BAD = 0, 1


class Account:
    """An account of the local AWS with nothing in it but a copy of one alarm, and a queue that hears its topic."""

    def __init__(self, deployed: Deployed, number: int, alarm: dict[str, Any]) -> None:
        assert deployed.stack.local
        self._reach = {"endpoint_url": deployed.stack.local.endpoint, "region_name": deployed.stack.profile["region"],
                       "aws_access_key_id": f"{number:012}", "aws_secret_access_key": "any"}  # fmt: skip
        self._cloudwatch, self._sqs = self._client("cloudwatch"), self._client("sqs")
        topic = self._client("sns").create_topic(Name="topic")["TopicArn"]
        self._queue, _ = listening("queue", topic, sns=self._client("sns"), sqs=self._sqs)
        self.alarm = {name: alarm[name] for name in KEPT if alarm.get(name) is not None}
        self._cloudwatch.put_metric_alarm(AlarmName="copy", AlarmActions=[topic], OKActions=[topic], **self.alarm)

    def put(self, time: int, at: datetime) -> None:
        """What the alarm's metric has in one period of good or bad times."""
        values = COURSES[self.alarm["MetricName"]][time] or [0]
        datum = {"MetricName": self.alarm["MetricName"], "Dimensions": self.alarm["Dimensions"], "Timestamp": at}
        self._cloudwatch.put_metric_data(
            Namespace=self.alarm["Namespace"], MetricData=[datum | {"Value": value} for value in values]
        )

    @property
    def state(self) -> str:
        [alarm] = self._cloudwatch.describe_alarms(AlarmNames=["copy"])["MetricAlarms"]
        return str(alarm["StateValue"])

    def heard(self) -> list[str]:
        """The states that its topic told of, in order."""
        found: list[str] = []
        while messages := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
                found.append(json.loads(json.loads(message["Body"])["Message"])["NewStateValue"])
        return found

    def _client(self, service: str) -> Any:
        return boto3.client(service, **self._reach)


def listening(name: str, topic: str, *, sns: Any, sqs: Any) -> tuple[str, str]:
    """A queue that hears what a topic tells from now on, and its subscription."""
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    may_send = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [may_send | {"Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    return queue, sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]


def alarms(deployed: Deployed) -> dict[str, dict[str, Any]]:
    """The stack's own alarms, by what follows the stack's name in theirs."""
    prefix = f"{deployed.stack.profile['stack_name']}-"
    found = deployed.stack.client("cloudwatch").describe_alarms(AlarmNamePrefix=prefix)["MetricAlarms"]
    own = {each["AlarmName"].removeprefix(prefix): each for each in found}
    return {name: each for name, each in own.items() if not name.startswith("rollout.")}


def course(account: Account) -> tuple[str, str, list[str]]:
    """The alarm's state in bad times and after them, and what was told."""
    looks_back = timedelta(seconds=account.alarm["Period"] * account.alarm["EvaluationPeriods"])
    account.put(BAD, datetime.now(UTC) - looks_back + LEAVES_AFTER)
    rung = account.state
    time.sleep(LEAVES_AFTER.total_seconds() + 1)
    account.put(GOOD, datetime.now(UTC))
    return rung, account.state, account.heard()


def test_every_alarm_that_the_local_aws_evaluates_rings_and_falls_silent_and_tells_of_both(deployed: Deployed) -> None:
    accounts = {name: Account(deployed, number, alarm) for number, (name, alarm) in
                enumerate(alarms(deployed).items(), start=700_000_000_001)}  # fmt: skip
    with ThreadPoolExecutor(len(accounts)) as pool:
        courses = dict(zip(accounts, pool.map(course, accounts.values()), strict=True))

    assert "runs-fail" in courses
    assert courses == dict.fromkeys(accounts, ("ALARM", "OK", ["ALARM", "OK"]))


@pytest.fixture
def tickets(deployed: Deployed) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What the topic of tickets tells from now on."""
    sqs, sns = deployed.stack.client("sqs"), deployed.stack.client("sns")
    queue, subscription = listening("tickets", deployed.stack.outputs["TicketTopicArn"], sns=sns, sqs=sqs)

    def tickets() -> list[dict[str, Any]]:
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(json.loads(message["Body"])["Message"]) for message in messages]

    yield tickets
    sns.unsubscribe(SubscriptionArn=subscription)
    sqs.delete_queue(QueueUrl=queue)


def test_a_run_that_fails_becomes_a_ticket_that_says_what_to_do(
    deployed: Deployed, sample: Callable[..., dict[str, Any]], tickets: Callable[[], list[dict[str, Any]]]
) -> None:
    name = alarms(deployed)["runs-fail"]["AlarmName"]
    cloudwatch = deployed.stack.client("cloudwatch")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="a test begins")
    deployed.fault({"kind": "access_denied", "times": 1})
    receipt = str(deployed.send(sample("good-referral")).body["receipt"])
    assert deployed.outcome(receipt)["status"] == "ModelRefused"

    def told() -> str | None:
        found = [each for each in tickets() if (each["AlarmName"], each["NewStateValue"]) == (name, "ALARM")]
        return found[0]["AlarmDescription"] if found else None

    description = deployed.until(told, "the ticket")
    assert "First: scripts/executions list --failed. See docs/runbook.md#runs-fail" in description
    printed = said("alarms")
    assert "runs-fail" in printed
    assert "First: scripts/executions list --failed" in printed


# The command of the last one is what test_synthetic.py is about, which counts the runs that it sent.
@pytest.mark.parametrize("section", sorted(runbook().keys() - {"the-synthetic-run-is-missing"}))
def test_the_runbook_s_first_command_works(deployed: Deployed, section: str) -> None:
    [command] = [line for line in runbook()[section].splitlines() if line.startswith("scripts/")][:1]
    script, *arguments = command.split()

    said(script.removeprefix("scripts/"), *arguments)
