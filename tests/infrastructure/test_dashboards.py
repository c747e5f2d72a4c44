"""Dashboards as data: each widget asks a question of metrics that are there, and every name in it is substituted."""

import ast
import json
import re
from typing import Any
from urllib.parse import unquote

import pytest
import yaml

from operations.dashboards.expressions import names
from operations.dashboards.questions import Asked, Question, sections
from tests.infrastructure.sources import modules
from tests.infrastructure.template import ROOT, resources, walk, written

# What AWS itself measures, with the dimensions that it measures by.
OF_AWS = {
    "AWS/Lambda": ({"Duration", "Errors", "Throttles", "Invocations"}, "FunctionName", "AWS::Serverless::Function"),
    "AWS/SQS": (
        {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
        "QueueName",
        "AWS::SQS::Queue",
    ),
    "AWS/States": (
        {"ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"},
        "StateMachineArn",
        "AWS::Serverless::StateMachine",
    ),
}
DAY = 86_400
STATISTIC = re.compile(r"Average|Sum|Maximum|Minimum|SampleCount|p\d\d?(\.\d)?|TC\([\d.]*:[\d.]+\)")
PSEUDO = {"AWS::Region", "AWS::StackName", "AWS::AccountId"}
# CloudWatch's limits for a dashboard.
MOST_WIDGETS, MOST_METRICS, MOST_METRICS_OF_A_WIDGET = 500, 2500, 500
# Half of the page or all of it; a phone shows either as wide as itself.
WIDTHS = {12, 24}

DASHBOARDS = resources("AWS::CloudWatch::Dashboard")
EVERY_DASHBOARD = pytest.mark.parametrize("dashboard", DASHBOARDS)


def substituted(dashboard: str) -> tuple[str, dict[str, Any]]:
    """The text of a dashboard's body before CloudFormation fills it in, and the variables that it is given for it."""
    include = DASHBOARDS[dashboard]["Properties"]["DashboardBody"]["Fn::Transform"]
    assert include["Name"] == "AWS::Include"
    text, variables = yaml.safe_load((ROOT / include["Parameters"]["Location"]).read_text())["Fn::Sub"]
    return text, variables


def body(dashboard: str) -> str:
    """The body as CloudWatch gets it, a resource under its logical id."""
    text, _ = substituted(dashboard)
    return re.sub(r"\$\{(?!!)([\w:.]+)\}", r"<\1>", text).replace("${!", "${")


def questions(dashboard: str) -> list[Question]:
    return [question for section in sections(body(dashboard)) for question in section.questions]


def asked(dashboard: str) -> list[Asked]:
    return [each for question in questions(dashboard) for each in question.asks]


def emitted() -> set[str]:
    """The metrics that deployed code emits: keys of a dict whose values begin with a unit."""
    deployed = (module.tree for module in modules().values() if module.top not in {"operations", "local_aws"})
    dicts = (node for tree in deployed for node in ast.walk(tree) if isinstance(node, ast.Dict))
    return {
        key.value
        for each in dicts
        for key, value in zip(each.keys, each.values, strict=True)
        if isinstance(key, ast.Constant) and ast.unparse(value).startswith("(MetricUnit.")
    }


@EVERY_DASHBOARD
def test_the_body_is_json_within_cloudwatch_s_limits(dashboard):
    widgets = json.loads(body(dashboard))["widgets"]
    shown = [each["properties"].get("metrics", []) for each in widgets]

    assert len(widgets) <= MOST_WIDGETS
    assert sum(map(len, shown)) <= MOST_METRICS
    assert max(map(len, shown)) <= MOST_METRICS_OF_A_WIDGET


@EVERY_DASHBOARD
def test_every_name_is_substituted_by_something_that_there_is(dashboard):
    text, variables = substituted(dashboard)
    named = set(re.findall(r"\$\{(?!!)([\w:.]+)\}", text))

    assert {name.partition(".")[0] for name in named} <= {*resources(), *PSEUDO, *written()["Parameters"], *variables}
    assert set(variables) <= named
    assert {name.partition(".")[2] for name in named} <= {"", "QueueName"}
    inside = [value for each in variables.values() for value in walk(each)]
    used = {value["Ref"] for value in inside if isinstance(value, dict) and "Ref" in value}
    assert used <= set(resources("AWS::Logs::QueryDefinition"))


@EVERY_DASHBOARD
def test_what_is_made_on_aws_only_is_named_there_only(dashboard):
    text, variables = substituted(dashboard)
    only_on_aws = {name for name, each in resources().items() if "Condition" in each}

    assert not only_on_aws & set(re.findall(r"\$\{(\w+)", text))
    for value in variables.values():
        assert set(value) == {"Fn::If"}
        assert value["Fn::If"][0] == "IsAws"


@EVERY_DASHBOARD
def test_each_title_is_a_question_that_is_asked_once(dashboard):
    titles = [question.title for question in questions(dashboard)]

    assert not [title for title in titles if not title.endswith("?")]
    assert len(titles) == len(set(titles))


@EVERY_DASHBOARD
def test_widgets_lie_beside_and_below_each_other_without_gaps_and_overlaps(dashboard):
    taken: dict[tuple[int, int], str] = {}
    for widget in json.loads(body(dashboard))["widgets"]:
        assert widget["width"] in WIDTHS
        for x in range(widget["x"], widget["x"] + widget["width"]):
            for y in range(widget["y"], widget["y"] + widget["height"]):
                assert taken.setdefault((x, y), str(widget)) == str(widget)

    assert len(taken) == 24 * (1 + max(y for _, y in taken))


@EVERY_DASHBOARD
def test_every_metric_of_aws_is_one_with_its_dimension_and_its_resource(dashboard):
    for each in asked(dashboard):
        if each.query is None or each.query.namespace == "ReferralSystem":
            continue
        known, dimension, kind = OF_AWS[each.query.namespace]
        assert each.query.name in known
        [(name, value)] = each.query.dimensions
        assert name == dimension
        assert value.strip("<>").removesuffix(".QueueName") in resources(kind)


@EVERY_DASHBOARD
def test_every_metric_of_ours_is_emitted_somewhere(dashboard):
    wanted = {each.query.name for each in asked(dashboard) if each.query and each.query.namespace == "ReferralSystem"}
    wanted |= {search.name for each in asked(dashboard) for search in each.searches}

    assert wanted - emitted() == set()


@EVERY_DASHBOARD
def test_metrics_of_ours_begin_with_their_workflow(dashboard):
    for each in asked(dashboard):
        if each.query and each.query.namespace == "ReferralSystem":
            assert dict(each.query.dimensions).keys() in ({"workflow"}, {"workflow", "function"})
        for search in each.searches:
            assert search.namespace == "ReferralSystem"
            assert search.dimensions[0] == "workflow"
            assert dict(search.given).keys() == {"workflow"}


@EVERY_DASHBOARD
def test_statistics_and_periods_are_ones_that_cloudwatch_knows(dashboard):
    for each in asked(dashboard):
        for wanted in (*([each.query] if each.query else []), *each.searches):
            assert STATISTIC.fullmatch(wanted.stat), wanted
            assert wanted.period in {300, 3600, 86_400}


@EVERY_DASHBOARD
def test_what_is_asked_by_the_day_is_shown_by_the_day_and_for_days(dashboard):
    """CloudWatch would choose periods of its own for the span that it shows."""
    shown = json.loads(body(dashboard))
    daily = [each["properties"] for each in shown["widgets"] if each["properties"].get("period", 0) >= DAY]

    assert shown["periodOverride"] == "inherit"
    assert daily
    assert all(re.fullmatch(r"-P([7-9]|\d\d)D", each["start"]) for each in daily)
    asked = [(question.title, wanted.period) for question in questions(dashboard) for each in question.asks
             for wanted in (*([each.query] if each.query else []), *each.searches)]  # fmt: skip
    assert {title for title, period in asked if period >= DAY} == {each["title"] for each in daily}


@EVERY_DASHBOARD
def test_expressions_compute_with_metrics_of_their_own_widget(dashboard):
    for question in questions(dashboard):
        ids = [each.id for each in question.asks if each.id]

        assert len(ids) == len(set(ids)), question.title
        assert all(re.fullmatch(r"[a-z]\w*", each) for each in ids)
        used = set().union(*(names(each.expression) for each in question.asks if each.expression))
        assert used <= {each.id for each in question.asks if each.query}
        assert {each.id for each in question.asks if not each.visible} <= used


def test_the_names_that_were_given_are_on_outreach_s_dashboard():
    shown = {each.query.name for each in asked("OutreachDashboard") if each.query}

    assert shown >= {"ApprovalRate", "JudgeScore", "GenerationTime", "MessagesGenerated", "RetryRate"}


def test_every_state_of_the_workflow_is_timed_and_counted():
    definition = json.loads((ROOT / "statemachines/outreach.asl.json").read_text())
    states = [name for name, state in definition["States"].items() if state["Type"] == "Task"]

    for metric in ("Duration", "Errors", "Throttles"):
        timed = {value for each in asked("OutreachDashboard") if each.query and each.query.name == metric
                 for _, value in each.query.dimensions}  # fmt: skip
        assert timed >= {f"<Outreach{state}Function>" for state in states}


def test_every_queue_and_every_dead_letter_queue_of_the_stack_is_watched():
    watched = {value.strip("<>").removesuffix(".QueueName") for each in asked("OutreachDashboard")
               if each.query and each.query.namespace == "AWS/SQS" for _, value in each.query.dimensions}  # fmt: skip

    assert watched == set(resources("AWS::SQS::Queue"))


def test_saved_queries_are_made_on_aws_and_read_logs_of_the_stack():
    for name, query in resources("AWS::Logs::QueryDefinition").items():
        assert query["Condition"] == "IsAws", name
        groups = {each["Ref"] for each in query["Properties"]["LogGroupNames"]}
        assert groups <= set(resources("AWS::Logs::LogGroup"))
        assert {f"Outreach{state}Logs" for state in ("Validate", "Generate", "Store")} <= groups


@EVERY_DASHBOARD
def test_every_saved_query_has_a_link_that_the_console_reads(dashboard):
    text, variables = substituted(dashboard)
    links = re.findall(r"#logsV2:logs-insights\$3FqueryDetail\$3D([^)]*)\)", text)
    # As the console writes them: what % stands for, twice, with $ for the first of them.
    told = [unquote(link.replace("$25", "%")) for link in links]

    assert [re.fullmatch(r"~\(end~0~.*~queryId~'\$\{(\w+)\}\)", each)[1] for each in told] == list(variables)


def test_a_dashboard_is_an_output_that_the_report_finds():
    for name in DASHBOARDS:
        assert written()["Outputs"][name]["Value"] == {"Ref": name}
