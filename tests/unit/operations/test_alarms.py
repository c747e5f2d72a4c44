import json
import shlex
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from operations import alarms as door
from operations.alarms import Logged, Watched, alarms, errors

STACK = "referral-email-system-local"
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SAYS = "Page. Runs fail."
ADVISED = f"{SAYS} First: scripts/executions list --failed. See docs/runbook.md#runs-fail"


class Pages:
    """A client whose every paginator answers two pages."""

    def __init__(self, key, *pages):
        self.key, self.pages, self.asked = key, pages, []

    def get_paginator(self, operation):
        return self

    def paginate(self, **asked):
        self.asked.append(asked)
        return [{self.key: page} for page in self.pages]


def stack(**clients):
    return SimpleNamespace(local=True, client=clients.__getitem__, profile={"stack_name": STACK})


def alarm(name, state, *, minutes, description=ADVISED):
    return {"AlarmName": f"{STACK}-{name}", "StateValue": state, "AlarmDescription": description,
            "StateUpdatedTimestamp": NOW - timedelta(minutes=minutes)}  # fmt: skip


def test_those_that_ring_come_first_and_the_newest_of_them():
    cloudwatch = Pages("MetricAlarms", [alarm("a", "OK", minutes=1), alarm("b", "ALARM", minutes=9)],
                       [alarm("c", "ALARM", minutes=5)])  # fmt: skip

    assert [each.name for each in alarms(stack(cloudwatch=cloudwatch))] == ["c", "b", "a"]
    assert cloudwatch.asked == [{"AlarmNamePrefix": f"{STACK}-"}]


def test_an_alarm_says_what_it_means_what_to_do_first_and_where_to_read_on():
    found = Watched.of(alarm("runs-fail", "ALARM", minutes=0), f"{STACK}-")

    assert (found.name, found.state, found.since) == ("runs-fail", "ALARM", NOW)
    assert (found.says, found.first) == (SAYS, "scripts/executions list --failed")
    assert found.more == "docs/runbook.md#runs-fail"


def test_a_rollout_s_alarm_has_nothing_to_be_done_first():
    found = Watched.of(alarm("rollout.a.b.1.errors", "OK", minutes=0, description="Rollout 1 is taken back."), "")

    assert (found.says, found.first) == ("Rollout 1 is taken back.", "")


@pytest.mark.parametrize(("state", "said"), [("OK", "None of 1 alarm rings: 1 is OK."), ("ALARM", "runs-fail")])
def test_the_list_has_what_rings(monkeypatch, capsys, state, said):
    cloudwatch = Pages("MetricAlarms", [alarm("runs-fail", state, minutes=0)])
    monkeypatch.setattr(door, "Stack", lambda account: stack(cloudwatch=cloudwatch))

    door.main([])

    printed = capsys.readouterr()
    assert said in printed.out
    assert ("First: scripts/executions list --failed" in printed.out) is (state == "ALARM")
    assert ("Next: scripts/alarms errors" in printed.err) is (state == "ALARM")


def test_those_that_do_not_ring_are_counted_by_how_they_stand(monkeypatch, capsys):
    states = ["OK", "OK", "INSUFFICIENT_DATA"]
    cloudwatch = Pages("MetricAlarms", [alarm(f"a{place}", each, minutes=0) for place, each in enumerate(states)])
    monkeypatch.setattr(door, "Stack", lambda account: stack(cloudwatch=cloudwatch))

    door.main([])

    first, second = capsys.readouterr().out.splitlines()
    assert first == "None of 3 alarms rings: 2 are OK, 1 has no data yet."
    assert second.startswith("On AWS there are more")


def line(minutes, **said):
    return {"message": json.dumps(said), "timestamp": int((NOW - timedelta(minutes=minutes)).timestamp() * 1000)}


class Logs:
    """Log groups with their events, a page each."""

    def __init__(self, groups):
        self.groups = groups

    def get_paginator(self, operation):
        return SimpleNamespace(paginate=getattr(self, operation))

    def describe_log_groups(self, **asked):
        found = [name for name in self.groups if name.startswith(asked["logGroupNamePrefix"])]
        return [{"logGroups": [{"logGroupName": name}]} for name in found]

    def filter_log_events(self, **asked):
        events = self.groups[asked["logGroupName"]]
        return [
            {"events": [event]}
            for event in events
            if event["timestamp"] >= asked["startTime"] and matches(event["message"], asked["filterPattern"])
        ]


def matches(message, pattern):
    """As CloudWatch Logs finds terms: all of those in quotes, and none with a minus before it."""
    terms = shlex.split(pattern)
    return all((term.removeprefix("-") in message) is not term.startswith("-") for term in terms)


def test_errors_are_counted_by_function_and_name():
    logs = Logs({
        f"/aws/lambda/{STACK}-Store": [
            line(50, level="ERROR", error="UnexpectedError", message="task failed"),
            line(40, level="ERROR", error="UnexpectedError", message="task failed"),
            line(30, level="WARNING", error="ModelRefused", message="no ERROR of ours"),
            line(90, level="ERROR", error="TooOld"),
        ],
        f"/aws/lambda/{STACK}-Webhook": [
            line(10, log_level="ERROR", errorType="Runtime.ImportModuleError"),
            {"message": "[ERROR] not JSON\n", "timestamp": int(NOW.timestamp() * 1000)},
        ],
        "/aws/lambda/another-stack-Store": [line(1, level="ERROR", error="NotOurs")],
    })  # fmt: skip

    assert errors(stack(logs=logs), since=NOW - timedelta(hours=1)) == [
        Logged("Webhook", "[ERROR] not JSON", 1, NOW),
        Logged("Webhook", "Runtime.ImportModuleError", 1, NOW - timedelta(minutes=10)),
        Logged("Store", "UnexpectedError", 2, NOW - timedelta(minutes=40)),
    ]


def report(minutes, request, status, **why):
    return line(minutes, type="platform.report", record={"requestId": request, "status": status} | why)


def test_what_was_killed_is_told_once_as_lambda_reports_it():
    """A function that runs out of time or memory logs nothing itself."""
    logs = Logs({
        f"/aws/lambda/{STACK}-Judge": [
            report(50, "a", "success"),
            report(40, "b", "timeout"),
            report(30, "c", "error", errorType="Runtime.OutOfMemory"),
            line(20, log_level="ERROR", errorType="KeyError", requestId="d"),
            report(20, "d", "error", errorType="Function.Unhandled"),
            line(10, level="INFO", message="a platform.report of ours", record={"requestId": "e", "status": "error"}),
        ],
    })  # fmt: skip

    assert [(each.error, each.times) for each in errors(stack(logs=logs), since=NOW - timedelta(hours=1))] == [
        ("KeyError", 1), ("Runtime.OutOfMemory", 1), ("timeout", 1)
    ]  # fmt: skip


def test_errors_of_the_last_hour_are_told_unless_said_otherwise(monkeypatch, capsys):
    old = {"message": json.dumps({"level": "ERROR", "error": "Old"}), "timestamp": 1}
    new = {"message": json.dumps({"level": "ERROR", "error": "New"}),
           "timestamp": int(datetime.now(UTC).timestamp() * 1000)}  # fmt: skip
    logs = Logs({f"/aws/lambda/{STACK}-Store": [old, new]})
    monkeypatch.setattr(door, "Stack", lambda account: stack(logs=logs))

    door.main(["errors"])
    printed = capsys.readouterr().out
    assert "New" in printed
    assert "Old" not in printed


def test_where_no_function_logged_an_error_it_is_said(monkeypatch, capsys):
    monkeypatch.setattr(door, "Stack", lambda account: stack(logs=Logs({})))

    door.main(["errors", "--since", "7d"])

    assert capsys.readouterr().out == "No function logged an error.\n"
