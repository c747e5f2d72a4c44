"""What every function has, whatever it does."""

import ast
import json
import re

import pytest

from tests.bench.start_up import CLIENTS
from tests.infrastructure import template
from tests.infrastructure.definitions import definitions
from tests.infrastructure.template import NEUTRAL, ROOT, Function, resources, text, transformed

WORKFLOWS = {path.name.partition(".")[0] for path in ROOT.glob("statemachines/*.asl.json")}
EVERY_FUNCTION = pytest.mark.parametrize("function", template.functions(), ids=str)


@EVERY_FUNCTION
def test_a_function_is_a_folder_with_one_file(function):
    assert [path.name for path in function.folder.iterdir() if path.name != "__pycache__"] == ["app.py"]
    assert function.setting("Handler") == "app.lambda_handler"


def test_every_folder_is_deployed():
    folders = {path.parent for path in ROOT.glob("functions/*/*/app.py")}

    assert {function.folder.resolve() for function in template.functions()} == folders


@EVERY_FUNCTION
def test_a_function_has_an_event_to_be_invoked_with(function):
    event = ROOT / "events" / function.folder.relative_to(ROOT / "functions").with_suffix(".json")

    assert isinstance(json.loads(event.read_text()), dict)


def test_every_event_is_for_a_function_or_from_a_crm():
    events = {path.relative_to(ROOT / "events").with_suffix("") for path in ROOT.glob("events/*/*.json")}
    folders = {function.folder.relative_to(ROOT / "functions") for function in template.functions()}

    # A function that is asked in several ways has an event for each: <function>-<way>.json.
    assert {event.with_name(event.name.partition("-")[0]) for event in events if event.parts[0] != "crm"} == folders


@EVERY_FUNCTION
def test_a_function_has_a_log_group_that_forgets(function):
    groups = [each["Properties"] for each in resources("AWS::Logs::LogGroup").values()]
    [own] = [each for each in groups if text(each["LogGroupName"]) == f"/aws/lambda/${{{function}}}"]

    assert isinstance(own["RetentionInDays"], int)


@EVERY_FUNCTION
def test_a_function_says_in_one_sentence_what_it_does(function):
    assert re.fullmatch(r"[A-Z][^.]+\.", function.properties["Description"])


@EVERY_FUNCTION
def test_a_function_is_traced_and_logs_json(function):
    assert function.setting("Runtime") == "python3.13"
    assert function.setting("Tracing") == "Active"
    assert function.setting("LoggingConfig")["LogFormat"] == "JSON"


def test_every_function_has_a_role_of_its_own():
    roles = [each["Properties"]["Role"] for each in resources("AWS::Lambda::Function", of=transformed()).values()]

    assert sorted(map(text, roles)) == sorted(f"${{{function}Role.Arn}}" for function in template.functions())


@EVERY_FUNCTION
def test_a_workflow_s_layer_is_attached_to_its_own_functions_only(function):
    word = function.folder.parent.name

    assert function.packages & WORKFLOWS <= {word}
    assert word in NEUTRAL | WORKFLOWS


@EVERY_FUNCTION
def test_a_function_s_workflow_is_the_word_of_its_section(function):
    """Metrics and logs carry it: a neutral function that a workflow has an instance of speaks for that workflow."""
    own = function.folder.parent.name
    section = next((word for word in WORKFLOWS if function.name.lower().startswith(word)), own)

    assert function.environment["WORKFLOW"] == section


@pytest.mark.parametrize("definition", definitions(), ids=str)
def test_a_task_s_function_is_the_folder_with_its_name(definition):
    for name, task in definition.functions.items():
        given = definition.properties["DefinitionSubstitutions"]
        logical_id, attribute = given[task["Resource"].strip("${}")]["Fn::GetAtt"]
        function: Function = template.function(logical_id)
        assert attribute == "Arn", "an alias would wrap the document"
        assert function.folder == ROOT / "functions" / definition.word / snake_case(name)


@pytest.mark.parametrize("definition", definitions(), ids=str)
def test_a_task_s_function_logs_under_its_state(definition):
    for name, task in definition.functions.items():
        given = definition.properties["DefinitionSubstitutions"]
        function = template.function(given[task["Resource"].strip("${}")]["Fn::GetAtt"][0])
        app = ast.parse((function.folder / "app.py").read_text())
        [decorated] = [node for node in app.body if isinstance(node, ast.FunctionDef) and node.name == "lambda_handler"]
        assert [ast.unparse(decorator) for decorator in decorated.decorator_list] == [f"task({name!r})"]


@EVERY_FUNCTION
def test_lambda_lets_through_what_our_logger_does(function):
    assert function.setting("LoggingConfig")["ApplicationLogLevel"] == "DEBUG"
    assert {"LOG_LEVEL", "DEBUG_SAMPLE_RATE"} <= set(function.environment)


def snake_case(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip("?")).lower()


def test_the_bench_knows_the_clients_of_every_function():
    assert set(CLIENTS) == {function.name for function in template.functions()}
