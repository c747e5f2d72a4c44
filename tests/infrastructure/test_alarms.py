"""Alarms: each says what it means and what to do first, reaches somebody, rings when it should, and falls silent."""

import json
import re
import subprocess
import sys
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from agent_platform.drift.reports import Ticket
from agent_platform.drift.telling import DRIFT_FOUND
from agent_platform.ingest.bus import EVENT_SOURCE

from tests.cloudwatch import ALARM, LOOKED_BACK, OK, CloudWatch, Metric, rings
from tests.infrastructure.alarms import (
    BANDS,
    COURSES,
    PAGE,
    TICKET,
    Alarm,
    alarm,
    alarms,
    composites,
    runbook,
    symptoms,
)
from tests.infrastructure.template import ALARMS, ROOT, functions, resources, text, written

EVERY_ALARM = pytest.mark.parametrize("alarm", alarms(), ids=str)
EVERY_COMPOSITE = pytest.mark.parametrize("composite", composites(), ids=str)
ENDINGS = ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"]
EITHER = pytest.mark.parametrize("alarm", [*alarms(), *composites()], ids=str)
DAY, WEEK = 86_400, 604_800
# There a ticket for each cause comes by DriftTicketRule, once a day.
TOLD_BY_A_RULE = {"Drift"}
# What is wrong is that nothing is heard.
ABOUT_SILENCE = {"SyntheticMissing", "OutreachVolume"}
GOOD, BAD, SILENT = range(3)
SLOT, HOUR = 300, 3_600
# A quarter of an hour, and longer than CloudWatch looks back for data that are missing.
EVERY_NOW_AND_THEN = pytest.mark.parametrize("every", [3, 6])


def through(alarm: Alarm, *phases: tuple[int, int], courses: dict = COURSES) -> list[str]:
    """The alarm's states at the end of each period, through phases of good or bad times, or silence, of so many."""
    cloudwatch, state, states = CloudWatch(), OK, []
    watched = [Metric.of(each) for each in alarm.metrics]
    cloudwatch.bands = {metric: BANDS[metric.name] for metric in watched if metric.name in BANDS}
    times = [time for time, periods in phases for _ in range(periods)]
    for number, time in enumerate(times):
        for metric in set(watched) if time != SILENT else ():
            cloudwatch.put(metric, courses[metric.name][time], at=(number + 0.5) * alarm.period)
        state = cloudwatch.state(alarm.properties, now=(number + 1) * alarm.period, before=state)
        states.append(state)
    return states


def minute_by_minute(alarm: Alarm, times: list[tuple[int, float]], *, until: int) -> list[str]:
    """The alarm's states every five minutes; its newest period is not over yet, and has what there is of it by then."""
    [metric] = {Metric.of(each) for each in alarm.metrics}
    state, states = OK, []
    for now in range(0, until, SLOT):
        cloudwatch = CloudWatch(bands={metric: BANDS.get(metric.name, (0, 0))})
        for at, value in times:
            if at <= now:
                cloudwatch.put(metric, [value], at=at)
        state = cloudwatch.state(alarm.properties, now=(now // alarm.period + 1) * alarm.period, before=state)
        states.append(state)
    return states


def coming_and_going(alarm: Alarm, every: int) -> list[str]:
    """The alarm's states every five minutes of six hours, in which one cause is felt every so many of them."""
    cloudwatch, state, states = CloudWatch(), OK, []
    watched = {Metric.of(each) for each in alarm.metrics}
    cloudwatch.bands = {metric: BANDS[metric.name] for metric in watched if metric.name in BANDS}
    for number in range(6 * HOUR // SLOT):
        for metric in watched:
            cloudwatch.put(metric, COURSES[metric.name][BAD if number % every == 2 else GOOD], at=(number + 0.5) * SLOT)
        if (number + 1) * SLOT % alarm.period == 0:
            state = cloudwatch.state(alarm.properties, now=(number + 1) * SLOT, before=state)
        states.append(state)
    return states


def beginnings(states: list[bool]) -> int:
    """How often something begins."""
    return sum(after and not before for before, after in pairwise([False, *states]))


# What it says


@EITHER
def test_it_says_how_bad_it_is_what_it_means_what_to_do_first_and_where_to_read_on(alarm):
    said = alarm.description

    assert re.fullmatch(r"(Page|Ticket)\. [A-Z].*[.] First: scripts/.*\. See \$\{RunbookUrl\}#[a-z-]+", said), said
    assert len(said) <= 400, "a phone shows no more at once, and CloudWatch keeps 1,024"


@EITHER
def test_its_name_says_whose_it_is(alarm):
    assert re.fullmatch(r"\$\{AWS::StackName\}-[a-z-]+", alarm.properties["AlarmName"])
    # Those are a rollout's own, and take it back.
    assert not alarm.properties["AlarmName"].startswith("${AWS::StackName}-rollout.")


def test_no_two_have_the_same_name():
    names = [each.properties["AlarmName"] for each in (*alarms(), *composites())]

    assert len(names) == len(set(names))


@EITHER
def test_the_first_thing_to_do_is_there(alarm):
    [script] = re.findall(r"First: (scripts/[a-z-]+)", alarm.description)

    assert (ROOT / script).is_file()


@EVERY_ALARM
def test_the_runbook_names_it_and_begins_with_what_it_says(alarm):
    section = runbook()[alarm.anchor]
    [first, *_] = re.findall(r"^```bash\n(.*)\n```$", section, re.MULTILINE)

    assert alarm.properties["AlarmName"].removeprefix("${AWS::StackName}-") in re.findall(r"[a-z-]+", section)
    assert re.search(rf"First: {first}[.,]", alarm.description)


def test_the_runbook_s_links_lead_somewhere():
    text = (ROOT / "docs/runbook.md").read_text()

    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(runbook())
    assert all((ROOT / "docs" / file).is_file() for file in re.findall(r"\]\(([\w-]+\.md)\)", text))


def test_the_runbook_has_a_section_for_each_and_no_other():
    linked = {each.anchor for each in (*alarms(), *composites())} | {"a-rollout-was-taken-back"}

    assert set(runbook()) == linked


def test_what_drifted_is_told_with_whose_it_is_and_what_to_do_first():
    rule = resources("AWS::Events::Rule")["DriftTicketRule"]["Properties"]
    [tell] = rule["Targets"]

    assert rule["EventPattern"] == {"source": [EVENT_SOURCE], "detail-type": [DRIFT_FOUND]}
    assert tell["Arn"] == TICKET
    paths = {each.removeprefix("$.detail.") for each in tell["InputTransformer"]["InputPathsMap"].values()}
    assert paths <= {field.name for field in fields(Ticket)}
    assert re.fullmatch(r'"Ticket\. .*<tenant>.* First: scripts/drift list\. See \$\{RunbookUrl\}#runs-have-drifted"',
                        text(tell["InputTransformer"]["InputTemplate"]))  # fmt: skip


@pytest.mark.parametrize("rule", ["AgentRolloutAlarmRule", "AgentRolloutFailureRule"])
def test_who_takes_a_rollout_back_tells_of_it(rule):
    [tell] = [each for each in resources("AWS::Events::Rule")[rule]["Properties"]["Targets"] if each["Id"] == "tell"]

    assert tell["Arn"] == TICKET
    assert re.fullmatch(r'"Ticket\. .*<\w+>.* First: scripts/agents list\. See \$\{RunbookUrl\}#[a-z-]+"',
                        text(tell["InputTransformer"]["InputTemplate"]))  # fmt: skip


# Whom it reaches


@EITHER
def test_it_tells_the_same_people_when_it_is_over(alarm):
    begins = [TICKET] if alarm.name in TOLD_BY_A_RULE else alarm.written["AlarmActions"]

    assert alarm.written["OKActions"] == begins


def test_what_a_rule_tells_of_an_alarm_does_not_tell_again():
    assert {each.name for each in alarms() if "AlarmActions" not in each.written} == TOLD_BY_A_RULE


@EVERY_ALARM
def test_a_ticket_is_a_ticket_and_a_page_reaches_the_phone(alarm):
    """A symptom pages through its composite, which only AWS knows, so that one cause makes one page."""
    paging = any(alarm.name in symptoms(composite) for composite in composites())
    [action] = alarm.written["OKActions"]
    on_aws = TICKET if paging else PAGE
    if alarm.description.startswith("Ticket."):
        assert (action, paging) == (TICKET, False)
    elif alarm.condition:
        assert (action, alarm.condition) == (on_aws, "IsAws")
    else:
        assert action == ({"Fn::If": ["IsAws", TICKET, PAGE]} if paging else PAGE)


@EVERY_COMPOSITE
def test_a_composite_pages(composite):
    assert composite.condition == "IsAws"
    assert composite.description.startswith("Page.")
    assert composite.written["AlarmActions"] == [PAGE]


def test_no_symptom_pages_twice():
    named = [name for composite in composites() for name in symptoms(composite)]

    assert sorted(named) == sorted(set(named))


def test_a_workflow_s_page_waits_while_the_door_s_rings():
    suppressors = {each.name: each.written.get("ActionsSuppressor") for each in composites()}

    assert suppressors.pop("DoorPage") is None
    assert set(map(text, suppressors.values())) == {"${DoorPage.Arn}"}


# What CloudWatch and CloudFormation take


@EVERY_ALARM
def test_the_local_aws_is_given_only_what_it_takes(alarm):
    """It rolls the stack back for metric math."""
    if "Metrics" in alarm.properties:
        assert alarm.condition == "IsAws"
    else:
        assert alarm.properties["Namespace"] != "AWS/Lambda" or alarm.condition == "IsAws", (
            "it would be read at each call"
        )


@EVERY_ALARM
def test_its_periods_are_within_cloudwatch_s_limits(alarm):
    assert alarm.period % 60 == 0
    assert alarm.period * alarm.properties["EvaluationPeriods"] <= (DAY if alarm.period < 3_600 else WEEK)
    assert alarm.properties.get("DatapointsToAlarm", 1) <= alarm.properties["EvaluationPeriods"]


@EVERY_ALARM
def test_metric_math_is_within_cloudwatch_s_limits(alarm):
    parts = alarm.properties.get("Metrics", [])
    band = alarm.properties.get("ThresholdMetricId")

    assert len(alarm.metrics) <= 10
    assert all(re.fullmatch(r"[a-z]\w*", each["Id"]) for each in parts)
    # An anomaly alarm returns its metric beside the band.
    assert len([each for each in parts if each["ReturnData"]]) == ((2 if band else 1) if parts else 0)


def test_what_is_unusual_is_learned_of_the_metric_that_is_watched():
    detected = [each["Properties"] for each in resources("AWS::CloudWatch::AnomalyDetector").values()]
    watched = [each.written["Metrics"][1:] for each in alarms() if "ThresholdMetricId" in each.properties]

    assert detected == [
        {**queries[0]["MetricStat"]["Metric"], "Stat": queries[0]["MetricStat"]["Stat"]}
        if len(queries) == 1 else {"MetricMathAnomalyDetector": {"MetricDataQueries": queries}}
        for queries in watched
    ]  # fmt: skip


def test_the_snippet_is_what_cloudformation_reads_by_itself():
    """No anchors, which it doesn't know; no short tags, which SafeLoader refuses."""
    events = list(yaml.parse(ALARMS.read_text(), Loader=yaml.SafeLoader))

    assert not [each for each in events if isinstance(each, yaml.AliasEvent) or getattr(each, "anchor", None)]


def test_the_page_with_its_alarms_is_what_cfn_lint_takes(tmp_path: Path):
    """It doesn't read what a page includes."""
    (tmp_path / "page.json").write_text(json.dumps(written()))
    linted = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), tmp_path / "page.json"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip

    assert linted.stdout == ""


# That nothing is left unwatched


def test_every_dead_letter_is_told_of():
    dead = {name for name, queue in resources("AWS::SQS::Queue").items() if "RedrivePolicy" not in queue["Properties"]}

    assert watched("ApproximateNumberOfMessagesVisible", "QueueName") == {f"${{{name}.QueueName}}" for name in dead}


def test_every_queue_that_stands_still_is_told_of():
    consumed = {name for name, queue in resources("AWS::SQS::Queue").items() if "RedrivePolicy" in queue["Properties"]}

    assert watched("ApproximateAgeOfOldestMessage", "QueueName") == {f"${{{name}.QueueName}}" for name in consumed}


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_state_machine_that_does_not_come_to_its_end_is_told_of(ending):
    machines = {f"${{{name}}}" for name in resources("AWS::Serverless::StateMachine")}

    assert watched(ending, "StateMachineArn") == machines


def watched(metric: str, dimension: str) -> set[str]:
    return {each["Value"] for watching in alarms() for named in watching.metrics if named["MetricName"] == metric
            for each in named["Dimensions"] if each["Name"] == dimension}  # fmt: skip


@EVERY_ALARM
def test_what_it_reads_is_what_some_function_emits(alarm):
    code = "".join(path.read_text() for folder in ("layers", "functions") for path in (ROOT / folder).rglob("*.py"))
    emitted = set(re.findall(r'"(\w+)": \(MetricUnit', code))
    words = {function.environment["WORKFLOW"] for function in functions()}
    ours = [each for each in alarm.metrics if each["Namespace"] == "ReferralSystem"]

    assert {each["MetricName"] for each in ours} <= emitted
    assert {each["Dimensions"][0]["Value"] for each in ours} <= words


# When it rings


def test_good_and_bad_times_are_known_of_every_metric():
    assert {each["MetricName"] for watching in alarms() for each in watching.metrics} == set(COURSES)


@EVERY_ALARM
def test_it_rings_in_bad_times_and_is_over_after_them(alarm):
    periods = alarm.properties["EvaluationPeriods"]
    needed = alarm.properties.get("DatapointsToAlarm", periods)
    before, after = periods + LOOKED_BACK, periods + LOOKED_BACK
    states = through(alarm, (GOOD, before), (BAD, periods), (GOOD, after))

    # Before the first period there was nothing, which is filled.
    assert set(states[periods : before + needed - 1]) == {OK}, "it rings too early"
    assert states[before + needed - 1] == ALARM
    assert states[-1] == OK


@EVERY_ALARM
def test_silence_after_good_times_rings_only_where_it_is_what_the_alarm_is_about(alarm):
    assert through(alarm, (GOOD, 9), (SILENT, 20))[-1] == (ALARM if alarm.name in ABOUT_SILENCE else OK)


@EVERY_ALARM
def test_silence_after_bad_times_says_that_they_are_over_only_of_what_is_told_when_it_happens(alarm):
    """A result stands until the next one."""
    stays = alarm.properties["TreatMissingData"] == "ignore" or alarm.name in ABOUT_SILENCE

    assert through(alarm, (BAD, 9), (SILENT, 20))[-1] == (ALARM if stays else OK)


@pytest.mark.parametrize(("rejected", "of", "state"), [(2, 2, OK), (19, 19, OK), (6, 20, OK), (7, 20, ALARM)])
@pytest.mark.parametrize("name", ["OutreachApproval", "OutreachApprovalOfTheDay"])
def test_approval_has_a_minimum_sample(name, rejected, of, state):
    """Two rejected of two is no alarm."""
    samples = [0] * rejected + [100] * (of - rejected)

    assert through(alarm(name), (BAD, 5), courses={"ApprovalRate": ([], samples)})[-1] == state


@pytest.mark.parametrize(("failed", "succeeded", "state"), [(3, 0, OK), (9, 0, OK), (10, 0, ALARM), (2, 8, OK)])
def test_a_share_of_failures_has_a_minimum_sample(failed, succeeded, state):
    courses = COURSES | {"ExecutionsFailed": ([], [1] * failed), "ExecutionsSucceeded": ([], [1] * succeeded)}

    assert through(alarm("OutreachErrorRate"), (BAD, 2), courses=courses)[-1] == state


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", ["OutreachErrorRate", "AgentEvaluationFails", "AgentRolloutFails", "DriftFails"])
def test_what_timed_out_or_was_aborted_failed_as_well(name, ending):
    nothing = {metric: ([], []) for metric in COURSES}

    assert through(alarm(name), (BAD, 2), courses=nothing | {ending: ([], [1] * 10)})[-1] == ALARM


@pytest.mark.parametrize(("missed", "rung"), [([], []), ([5], []), ([5, 6], [7 * HOUR])])
def test_a_synthetic_run_is_missed_twice_before_it_rings_whatever_the_minute(missed, rung):
    """The period that isn't over has no run yet, which is filled as if it were missed."""
    runs = [(hour * HOUR + HOUR // 2, 1.0) for hour in range(12) if hour not in missed]
    states = minute_by_minute(alarm("SyntheticMissing"), runs, until=12 * HOUR)[2 * HOUR // SLOT :]
    begins = [number for number, (before, after) in enumerate(pairwise([OK, *states])) if before != after == ALARM]

    assert [2 * HOUR + number * SLOT for number in begins] == rung


@pytest.mark.parametrize(("quiet", "state"), [([], OK), ([5], OK), ([5, 6, 7], ALARM)])
def test_an_hour_without_messages_is_unusual_and_one_that_just_began_is_not(quiet, state):
    written = [(hour * HOUR + minute * 60, 1.0) for hour in range(8) if hour not in quiet for minute in range(0, 60, 2)]
    states = minute_by_minute(alarm("OutreachVolume"), written, until=8 * HOUR)

    assert (ALARM if ALARM in states[3 * HOUR // SLOT :] else OK) == state


def test_a_synthetic_run_is_missed_after_three_periods_and_no_later():
    """Unless missing values were filled, CloudWatch would go on with the last one for two periods more."""
    missing = alarm("SyntheticMissing")
    [right] = missing.metrics
    read = {**right, "Statistic": "Sum", "Period": missing.period, "TreatMissingData": "breaching"}
    compared = {name: missing.properties[name] for name in ("EvaluationPeriods", "Threshold", "ComparisonOperator")}
    unfilled = Alarm("unfilled", None, read | compared)
    course = ((GOOD, 5), (SILENT, 5))

    assert through(missing, *course)[5:] == [OK, OK, ALARM, ALARM, ALARM]
    assert through(unfilled, *course)[5:] == [OK, OK, OK, OK, ALARM]


def test_a_synthetic_message_that_is_wrong_is_as_good_as_none():
    assert through(alarm("SyntheticMissing"), (BAD, 4), courses={"SyntheticOk": ([1], [0])})[-1] == ALARM


def test_synthetic_runs_that_are_turned_off_are_not_missed():
    switched = alarm("SyntheticMissing").written
    expression, missing = switched["Metrics"][0]["Expression"], switched["TreatMissingData"]
    off = {"Metrics": [{**switched["Metrics"][0], "Expression": expression["Fn::If"][2]}, switched["Metrics"][1]],
           "TreatMissingData": missing["Fn::If"][2]}  # fmt: skip

    assert expression["Fn::If"][0] == missing["Fn::If"][0] == "SyntheticRuns"
    assert set(through(Alarm("off", "IsAws", switched | off), (GOOD, 5), (SILENT, 9))) == {OK}


@EVERY_COMPOSITE
def test_one_cause_makes_one_page(composite):
    """However many of its symptoms come, in whatever order, the composite rings once and until the last is gone."""
    names = sorted(f"${{{name}}}" for name in symptoms(composite))
    rule = composite.properties["AlarmRule"]
    course = [names[:count] for count in range(len(names) + 1)]
    states = [rings(rule, ringing) for ringing in (*course, *reversed(course))]

    assert sum(after and not before for before, after in pairwise(states)) == 1
    assert (states[0], states[-1]) == (False, False)
    assert all(rings(rule, [name]) for name in names)


@EVERY_COMPOSITE
@EVERY_NOW_AND_THEN
def test_a_cause_that_comes_and_goes_makes_one_page_as_well(composite, every):
    courses = {f"${{{name}}}": coming_and_going(alarm(name), every) for name in symptoms(composite)}
    rule = composite.properties["AlarmRule"]
    ringing = [rings(rule, [name for name, states in courses.items() if states[at] == ALARM])
               for at in range(6 * HOUR // SLOT)]  # fmt: skip

    assert beginnings(ringing) == 1


@pytest.mark.parametrize("alarm", [each for each in alarms() if {*each.statistics} == {"Sum"}], ids=str)
@EVERY_NOW_AND_THEN
def test_what_counts_errors_tells_of_a_cause_that_comes_and_goes_at_most_once(alarm, every):
    assert beginnings([state == ALARM for state in coming_and_going(alarm, every)]) <= 1


def test_the_door_s_page_is_of_the_webhook_alone():
    """It says that events can't come in, and lets the workflows' pages wait."""
    [door] = [each for each in composites() if each.name == "DoorPage"]
    read = {(each["Name"], each["Value"]) for name in symptoms(door) for named in alarm(name).metrics
            for each in named["Dimensions"]}  # fmt: skip

    assert read == {("ApiName", "${AWS::StackName}-ingest"), ("Stage", "${Environment}"),
                    ("FunctionName", "${ReceiveWebhookFunction}")}  # fmt: skip
