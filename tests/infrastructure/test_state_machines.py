"""The state machines: what cfn-lint doesn't read in a definition that SAM brings in."""

import ast
import re
from importlib import import_module
from typing import get_args, get_type_hints

import pytest
from agent_platform import errors

from tests.infrastructure.definitions import Definition, definitions, targets, workflows
from tests.infrastructure.sources import modules
from tests.infrastructure.template import ROOT, resources, text

EVERY_MACHINE = pytest.mark.parametrize("definition", definitions(), ids=str)
# The machines, and those inside their Maps.
EVERY_GRAPH = pytest.mark.parametrize(
    "graph", [graph for each in definitions() for graph in (each, *each.maps.values())], ids=str
)
EVERY_TASK = pytest.mark.parametrize(
    ("definition", "name"),
    [pytest.param(each, name, id=f"{each}-{name}") for each in definitions() for name in each.tasks],
)
EVERY_TASK_OF_A_WORKFLOW = pytest.mark.parametrize(
    ("definition", "name"),
    [pytest.param(each, name, id=f"{each}-{name}") for each in workflows() for name in each.tasks],
)

# Names that Lambda and Step Functions give: worth several more tries, and worth one.
THE_SERVICE_S_FAULT = {
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.TooManyRequestsException",
}
A_KILLED_FUNCTION = {"Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError", "States.Timeout"}


def own_errors() -> dict[str, type[Exception]]:
    """Every class of errors.py, by its name."""
    found = {name: each for name, each in vars(errors).items() if isinstance(each, type)}
    return {name: each for name, each in found.items() if issubclass(each, errors.PlatformError)}


def raised() -> set[str]:
    """The classes of errors.py that some module makes, or names in a table of what to raise."""
    names = set()
    for module in modules().values():
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name != "isinstance":
                    names.add(name)
                case ast.Raise(exc=ast.Name(id=name)):
                    names.add(name)
                case ast.Dict(values=values):
                    names |= {each.id for value in values for each in ast.walk(value) if isinstance(each, ast.Name)}
    return names & set(own_errors())


@EVERY_GRAPH
def test_every_target_exists(graph):
    found = {target for state in graph.states.values() for target in targets(state)}

    assert found | {graph.machine["StartAt"]} <= set(graph.states)


@EVERY_GRAPH
def test_every_state_is_reachable_and_leads_to_an_end(graph):
    def within_reach(start: set[str], edges: dict[str, set[str]]) -> set[str]:
        seen, ahead = set(), set(start)
        while ahead:
            seen |= ahead
            ahead = {target for name in ahead for target in edges[name]} - seen
        return seen

    forwards = {name: set(targets(state)) for name, state in graph.states.items()}
    backwards = {name: {other for other in forwards if name in forwards[other]} for name in forwards}
    ends = {name for name, state in graph.states.items() if state.get("End") or state["Type"] == "Succeed"}

    assert within_reach({graph.machine["StartAt"]}, forwards) == set(graph.states)
    assert within_reach(ends, backwards) == set(graph.states)


@EVERY_GRAPH
def test_every_state_says_in_one_line_what_it_is_for(graph):
    machines = [graph.machine] if isinstance(graph, Definition) else []
    for comment in (each.get("Comment") for each in (*machines, *graph.states.values())):
        assert comment
        assert "\n" not in comment
        assert comment.endswith(".")


@EVERY_MACHINE
def test_a_machine_speaks_jsonpath_and_has_an_end_in_time(definition):
    assert definition.machine.get("QueryLanguage", "JSONPath") == "JSONPath"
    assert all("QueryLanguage" not in state for state in definition.states.values())
    assert definition.machine["TimeoutSeconds"] > sum(task["TimeoutSeconds"] for task in definition.tasks.values())


@EVERY_MACHINE
def test_what_is_substituted_is_given_and_what_is_given_is_substituted(definition):
    wanted = re.findall(r"\$\{(\w+)\}", definition.text)

    assert set(wanted) == set(definition.properties["DefinitionSubstitutions"])
    assert definition.text.count("${") == len(wanted)


@EVERY_MACHINE
def test_a_machine_is_traced_and_logs_errors_without_data(definition):
    logging = definition.properties["Logging"]
    [destination] = logging["Destinations"]
    group = text(destination["CloudWatchLogsLogGroup"]["LogGroupArn"]).removeprefix("${").partition(".")[0]

    assert definition.properties["Tracing"] == {"Enabled": True}
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    assert isinstance(resources("AWS::Logs::LogGroup")[group]["Properties"]["RetentionInDays"], int)


@EVERY_TASK_OF_A_WORKFLOW
def test_a_task_adds_one_key_of_its_handler_s_type(definition: Definition, name):
    """The key is in the contracts: where a later state reads it, with the type that the handler returns."""
    contracts = import_module(f"{definition.word}.contracts")
    task = definition.tasks[name]
    key = re.fullmatch(r"\$\.([a-z_]+)", task["ResultPath"])[1]
    documents = [get_type_hints(each) for each in vars(contracts).values() if isinstance(each, type)]
    returned = {getattr(contracts, kind) for kind in returned_by(definition, name).split(" | ")}

    read = {kind for document in documents if key in document for kind in get_args(document[key]) or [document[key]]}
    assert read == returned or (task.get("End") and not read)
    assert "OutputPath" not in task
    assert "Parameters" not in task, "the payload is the document and nothing around it"


@EVERY_TASK
def test_a_task_adds_one_key(definition, name):
    assert re.fullmatch(r"\$\.[a-z_]+", definition.tasks[name]["ResultPath"])


@EVERY_TASK
def test_a_function_is_invoked_by_its_arn_unless_a_manifest_names_it(definition, name):
    """`lambda:invoke` wraps the answer: only where the function's name is known no sooner than the run begins."""
    task = definition.tasks[name]

    if name not in definition.functions:
        assert definition not in workflows()
        assert task["Resource"] == "arn:aws:states:::lambda:invoke"
        assert re.fullmatch(r"\$\.functions\.[a-z_]+", task["Parameters"]["FunctionName.$"])
        assert task["ResultSelector"] == {"answer.$": "$.Payload"}


def returned_by(definition: Definition, name: str) -> str:
    """The annotation of what the handler behind a task returns."""
    path = ROOT / "functions" / definition.word / re.sub(r"\W+", "_", name).lower() / "app.py"
    [handler] = [
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "lambda_handler"
    ]
    return ast.unparse(handler.returns)


@EVERY_MACHINE
def test_no_two_tasks_add_the_same_key(definition):
    keys = [task["ResultPath"] for task in definition.tasks.values()]

    assert len(keys) == len(set(keys))


@EVERY_MACHINE
def test_choices_ask_about_keys_that_tasks_add(definition):
    added = {task["ResultPath"] for task in definition.tasks.values()}
    # What a Map hands to each of its items is there as well.
    handed = [state.get("ItemSelector", {}) for state in definition.states.values()]
    added |= {f"$.{name.removesuffix('.$')}" for names in handed for name in names}
    asked = re.findall(r'"Variable": "(\$\.\w+)[."]', definition.text)

    assert asked
    assert set(asked) <= added


@EVERY_TASK
def test_a_task_retries_what_may_pass(definition, name):
    transient, killed = definition.tasks[name]["Retry"]

    assert set(transient["ErrorEquals"]) == THE_SERVICE_S_FAULT | {"TransientError"}
    assert transient["MaxAttempts"] > 1
    assert transient["BackoffRate"] > 1
    assert transient["MaxDelaySeconds"] <= 60
    assert set(killed["ErrorEquals"]) == A_KILLED_FUNCTION
    assert killed["MaxAttempts"] == 1
    assert {retry["JitterStrategy"] for retry in (transient, killed)} == {"FULL"}


@EVERY_MACHINE
def test_every_name_that_is_matched_can_come(definition):
    matched = {
        error
        for state in (*definition.states.values(), *definition.tasks.values())
        for rule in (*state.get("Retry", []), *state.get("Catch", []))
        for error in rule["ErrorEquals"]
    }
    # One item of a Map may fail of anything without ending the others; a workflow's run tells each failure's name.
    if definition not in workflows():
        matched -= {"States.ALL"}

    assert matched <= THE_SERVICE_S_FAULT | A_KILLED_FUNCTION | raised()


@EVERY_MACHINE
def test_nothing_is_retried_whatever_it_is(definition):
    retried = {error for task in definition.tasks.values() for retry in task["Retry"] for error in retry["ErrorEquals"]}

    assert not retried & {"States.ALL", "States.TaskFailed"}


@EVERY_MACHINE
def test_a_failure_stays_where_it_happened(definition):
    """An execution that is led to a Fail state can't be redriven at the state that failed."""
    caught = {rule["Next"] for state in definition.states.values() for rule in state.get("Catch", [])}

    assert "Fail" not in {definition.states[name]["Type"] for name in caught}


@EVERY_MACHINE
def test_an_error_that_is_matched_has_no_subclasses(definition):
    """Step Functions compares the exact name of the class that was raised."""
    for name in set(own_errors()) & set(re.findall(r'"(\w+)"', definition.text)):
        assert not own_errors()[name].__subclasses__()


def test_every_error_of_ours_is_raised_somewhere():
    assert raised() == set(own_errors()) - {"PlatformError"}


def test_the_tree_of_errors_is_drawn_as_it_is():
    drawn = set(re.findall(r"[├└]── (\w+) ", errors.__doc__)) | {"PlatformError"}

    assert drawn == set(own_errors())


def test_an_execution_that_ends_badly_is_heard_of():
    """Each workflow and each rollout has a rule for its every bad end; whoever waits for an evaluation sees its own."""
    machines = {
        name
        for name, each in resources("AWS::Serverless::StateMachine").items()
        if each["Properties"]["DefinitionUri"] in {f"statemachines/{path.word}.asl.json" for path in workflows()}
    }
    heard = {}
    for rule in resources("AWS::Events::Rule").values():
        detail = rule["Properties"].get("EventPattern", {}).get("detail", {})
        for machine in detail.get("stateMachineArn", []):
            heard[machine["Ref"]] = set(detail["status"])

    heard_of = machines | {"AgentRolloutStateMachine"}
    assert heard == {machine: {"FAILED", "TIMED_OUT", "ABORTED"} for machine in heard_of}
