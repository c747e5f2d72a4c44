"""scripts/report: the deployed dashboard's questions, answered by CloudWatch, and how the stack stands."""

import json
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from agent_platform.reviews.items import Decision
from agent_platform.reviews.rows import Given, decision_row

from operations import report
from operations.dashboards.spans import Span, length
from operations.dashboards.standing import standing
from operations.terminal import Problem
from tests.integration.stack import ROOT
from tests.probings import probing
from tests.unit.operations.dashboards.bodies import deployed

WRITER = "platform#outreach-writer"
NOW = datetime.now(UTC)
ANNA = {"by": "anna", "reason": "better"}


@pytest.fixture
def account(account, stack, monkeypatch):
    stack.clients("cloudwatch").put_dashboard(DashboardName="the-dashboard", DashboardBody=deployed())
    account.outputs |= {
        "OutreachDashboard": "the-dashboard",
        "AgentRegistry": stack.table("AgentRegistryTable"),
        "Reviews": stack.table("ReviewTable"),
    }
    account.aliases, account.account = stack.aliases(), "test"
    monkeypatch.setattr(report, "Stack", lambda _: account)
    return account


@pytest.fixture
def measured(account):
    """Put values of a metric of outreach, an hour ago."""

    def measured(name, *values, **dimensions):
        named = [{"Name": key, "Value": value} for key, value in ({"workflow": "outreach"} | dimensions).items()]
        at = NOW - timedelta(hours=1)
        account.client("cloudwatch").put_metric_data(
            Namespace="ReferralSystem",
            MetricData=[{"MetricName": name, "Dimensions": named, "Value": each, "Timestamp": at} for each in values],
        )

    return measured


def found(capsys, *arguments):
    report.main(["--json", *arguments])
    document = json.loads(capsys.readouterr().out)
    questions = [each for section in document["sections"] for each in section["questions"]]
    return document, {each["question"]: each["answers"] for each in questions}


def test_the_deployed_dashboard_s_questions_are_answered(measured, capsys):
    measured("ApprovalRate", 100, 100, 0)
    measured("Skips", 1, 1, reason="no_consent")

    document, answers = found(capsys)

    [approved] = answers["How many messages are approved?"]
    assert (approved["unit"], approved["statistic"]) == ("%", "mean")
    assert approved["whole"] == pytest.approx(200 / 3)
    assert [each["label"] for each in answers["Why was nothing written?"]] == ["no_consent"]
    assert answers["How many events wait?"] == []
    assert len(document["sections"]) == 5


@pytest.fixture
def judge(stack):
    """The shipped judge in production."""
    folder = ROOT / "agents/outreach-judge"
    config, prompt = json.loads((folder / "config.json").read_text()), (folder / "prompt.md").read_text()
    return stack.release(config, prompt, owner="platform", now=NOW)


@pytest.fixture
def judged(measured, judge):
    """Let the judge's first version have judged, and people have seen some of what it approved; 100 is yes, 0 no."""

    def judged(name, yes, no):
        measured(name, *[100] * yes, *[0] * no, agent=judge.agent_id, version="1")

    return judged


def test_beside_the_approved_stands_what_is_good_once_the_judge_s_error_is_taken_out(judged, capsys):
    judged("JudgeApproval", 74, 26)
    good = found(capsys)[0]["headline"]["good"]

    # A judge that is right about 90 % of either kind approves 74 % of 80 % good ones.
    assert good["judge"] == "outreach-judge@1"
    assert good["corrected"]["rate"] == pytest.approx(0.8)
    assert good["corrected"]["interval"][0] < 0.74 < 0.8 < good["corrected"]["interval"][1]
    report.main([])
    said = " ".join(capsys.readouterr().out.split())
    assert re.search(r"80\.0% \(6\d\.\d% to 9\d\.\d%\) good, the judge's error taken out", said)
    assert "By 200 probes outreach-judge@1 approves 90.0% (82.4% to 95.1%) of what is good" in said
    assert "It refuses least often: rude 90 of 100 (82% to 95%)" in said
    assert "nobody decided on a fair sample in the last 30 days" in said
    assert "The good share is of 100 messages judged by outreach-judge@1, synthetic runs left out" in said


def test_people_s_decisions_are_counted_apart_and_make_it_surer(judged, capsys, tmp_path):
    judged("JudgeApproval", 740, 260)
    probes_alone = found(capsys)[0]["headline"]["good"]
    # Of 80 % good ones, 72 of the 74 % that are approved.
    judged("JudgeDrawn", 185, 65)
    judged("JudgeUpheld", 180, 5)
    good = found(capsys)[0]["headline"]["good"]

    assert good["sources"]["probes"] == probes_alone["sources"]["probes"]
    assert good["sources"]["people"] == {"judged": 250, "approved": 185, "seen": 185, "upheld": 180}
    assert good["corrected"]["rate"] == pytest.approx(0.8, abs=0.01)
    (low, high), (least, most) = good["corrected"]["interval"], probes_alone["corrected"]["interval"]
    assert high - low < most - least
    report.main(["--html", str(tmp_path / "report.html")])
    said = " ".join(capsys.readouterr().out.split())
    assert "right about 180 of 185 approved ones that they saw in the last 30 days: 97.3% (93.8% to 99.1%)" in said
    assert "contradict" not in said
    assert "180 of 185 approved ones" in (tmp_path / "report.html").read_text()


def test_probes_and_people_that_contradict_each_other_are_said_to_and_only_probes_count(judged, capsys):
    judged("JudgeApproval", 740, 260)
    probes_alone = found(capsys)[0]["headline"]["good"]
    judged("JudgeDrawn", 185, 65)
    judged("JudgeUpheld", 100, 85)

    assert found(capsys)[0]["headline"]["good"]["corrected"] == probes_alone["corrected"]
    report.main([])
    said = " ".join(capsys.readouterr().out.split())
    assert "Probes and people contradict each other" in said
    assert "By both" not in said


def test_what_another_version_judged_says_nothing_of_this_one(measured, judge, capsys):
    measured("JudgeApproval", 100, 0, agent=judge.agent_id, version="2")

    assert found(capsys)[0]["headline"]["good"] is None


def test_how_often_two_people_agreed_stands_beside_it(stack, account, capsys):
    account.sources = SimpleNamespace(all=lambda: [SimpleNamespace(tenant="greenedge")])
    assert found(capsys)[0]["headline"]["agreement"] is None
    for reviewer, verdict in (("anna", "approve"), ("ben", "edit")):
        given = Given("greenedge", "outreach", "m1", reviewer, Decision(verdict), f"{NOW:%Y-%m-%dT%H:%M:%SZ}", 40)
        row = decision_row(given, expires_at=2_000_000_000)
        stack.clients("dynamodb").put_item(TableName=stack.table("ReviewTable"), Item=row)

    assert found(capsys)[0]["headline"]["agreement"] == "Two people agreed on 1 of 1 messages: 21% to 100% (95 %)"


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (None, "unknown: scripts/agents probe outreach-judge@1"),
        (probing(right=55, discriminates=False), "unknown: outreach-judge@1 isn't shown to tell good from bad"),
    ],
)
def test_of_a_judge_whose_error_is_not_known_nothing_is_corrected(judged, judge, stack, capsys, known, why):
    judged("JudgeApproval", 1, 0)
    if known:
        stack.probings().keep(judge.agent_id, 1, "asked", known)
    else:
        key = {"agentId": {"S": "platform#outreach-judge#probes#asked"}, "version": {"N": "1"}}
        stack.clients("dynamodb").delete_item(TableName="AgentRegistryTable", Key=key)

    good = found(capsys)[0]["headline"]["good"]
    assert (good["judge"], good["corrected"], good["why"]) == ("outreach-judge@1", None, why)


def test_without_a_judge_nothing_is_corrected(measured, capsys):
    measured("ApprovalRate", 100)
    assert found(capsys)[0]["headline"]["good"]["why"] == "no outreach-judge is in production"


def test_how_far_back_is_said(measured, capsys):
    measured("ApprovalRate", 100)

    document, answers = found(capsys, "--since", "20m")

    assert answers["How many messages are approved?"] == []
    assert datetime.fromisoformat(document["end"]) - datetime.fromisoformat(document["start"]) < timedelta(minutes=26)


def test_it_is_printed_and_written_as_a_page(measured, capsys, tmp_path):
    measured("ApprovalRate", 100)

    report.main(["--html", str(tmp_path / "report.html")])

    printed = capsys.readouterr()
    assert "Outreach in the-stack" in printed.out
    assert "100.0 %" in printed.out
    assert f"Next: open {tmp_path / 'report.html'} in a browser" in " ".join(printed.err.split())
    assert "<h1>Outreach in the-stack</h1>" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(
    ("given", "said"),
    [("/nope/x.html", "/nope is no directory"), ("", "nothing is none"), ("/tmp", "/tmp is none")],
)
def test_where_no_page_can_be_written_is_said_before_any_work(monkeypatch, given, said):
    monkeypatch.setattr(report, "Stack", lambda _: pytest.fail("asked first"))

    with pytest.raises(Problem, match=said):
        report.main(["--html", given])


def test_a_stack_from_before_there_was_a_dashboard_says_what_to_do(account):
    del account.outputs["OutreachDashboard"]

    with pytest.raises(Problem, match="scripts/deploy --account test"):
        report.main([])


def stands(account):
    return standing(account, Span.lasting(length("24h"), now=datetime.now(UTC)))


def test_alarms_of_the_stack_that_ring_are_named(account):
    cloudwatch = account.client("cloudwatch")
    for name in ("the-stack-approval-low", "the-stack-slow", "another-slow"):
        cloudwatch.put_metric_alarm(
            AlarmName=name, Namespace="N", MetricName="M", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
            ComparisonOperator="GreaterThanThreshold", AlarmDescription=f"Ticket.\nOf {name}.",
        )  # fmt: skip
    for name in ("the-stack-approval-low", "another-slow"):
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="said so")

    [alarm] = stands(account).alarms

    assert (alarm.name, alarm.says) == ("approval-low", "Ticket. Of the-stack-approval-low.")


def test_queues_are_counted_with_their_dead_letters(account, accept):
    sqs, outputs = account.client("sqs"), account.outputs
    for _ in range(2):
        sqs.send_message(QueueUrl=outputs["OutreachFeaturesQueueUrl"], MessageBody="{}")
    sqs.receive_message(QueueUrl=outputs["OutreachFeaturesQueueUrl"])
    sqs.send_message(QueueUrl=outputs["OutreachFeaturesDeadLettersUrl"], MessageBody="{}")
    sqs.send_message(QueueUrl=outputs["FailureDeadLettersUrl"], MessageBody="{}")

    found = {each.name: (each.waiting, each.in_work, each.dead) for each in stands(account).queues}

    assert found["outreach's features"] == (1, 1, 1)
    assert found["outreach"] == (0, 0, 0)
    assert found["failures that could not be recorded"] == (0, 0, 1)


def test_open_executions_are_counted_and_the_oldest_is_named(account):
    now = datetime.now(UTC)
    pages = [{"executions": [{"startDate": now - timedelta(minutes=age)} for age in (1, 7)]}, {"executions": []}]
    asked = []
    states = SimpleNamespace(
        get_paginator=lambda _: SimpleNamespace(paginate=lambda **wanted: asked.append(wanted) or pages)
    )
    whole, account.client = account.client, lambda name: states if name == "stepfunctions" else whole(name)

    found = stands(account)

    assert (found.open_executions, found.oldest) == (2, now - timedelta(minutes=7))
    assert asked == [{"stateMachineArn": account.outputs["OutreachStateMachineArn"], "statusFilter": "RUNNING"}]


def test_rollouts_of_the_span_are_named_running_or_not(account, stack):
    folder = ROOT / "agents/outreach-writer"
    config, prompt = json.loads((folder / "config.json").read_text()), (folder / "prompt.md").read_text()
    stack.release(config, prompt, owner="platform", now=NOW - timedelta(days=1))
    models = ["amazon.nova-lite-v1:0"]
    stack.registry().register(
        config | {"max_attempts": 2}, prompt, owner="platform", allowed_models=models, now=NOW - timedelta(days=1)
    )
    aliases = stack.aliases()
    number = aliases.open_rollout(WRITER, {}, candidate=2, share=500, **ANNA, now=NOW - timedelta(hours=2))
    aliases.close_rollout(WRITER, number, outcome="aborted", **ANNA, now=NOW - timedelta(hours=1))
    aliases.open_rollout(WRITER, {}, candidate=2, share=2500, **ANNA, now=NOW)

    first, second = stands(account).rollouts

    assert first.words == "outreach-writer, rollout 1: version 2 against 1, aborted"
    assert first.ended
    assert second.words == "outreach-writer, rollout 2: version 2 against 1, open, 25 % of the customers"
    assert standing(account, Span(NOW - timedelta(days=9), NOW - timedelta(days=8), 3600)).rollouts == ()
