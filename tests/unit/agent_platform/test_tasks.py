import json
import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from agent_platform import errors
from agent_platform.correlation import NAMES, name_agent
from agent_platform.errors import ConfigurationError, MalformedOutput, PlatformError, TransientError, UnexpectedError
from agent_platform.references import EventReference
from agent_platform.tasks import task
from agent_platform.tenants import SYNTHETIC
from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import ClientError, EndpointConnectionError

ROOT = Path(__file__).parents[3]
STATE = {
    "tenant": "greenedge",
    "source": "greenedge-crm",
    "event_id": "msg_1",
    "event_type": "service.completed",
    "run": 1,
}
SECRET = "marisol@mail.example"


def raising(error):
    @task("Generate")
    def handler(state, context):
        raise error

    return handler


def refused(code, status=400):
    response = {"Error": {"Code": code, "Message": SECRET}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "PutItem")


def test_a_handlers_answer_is_handed_on(telemetry, context):
    @task("Generate")
    def lambda_handler(state, context):
        return {"subject": state["event_id"]}

    assert lambda_handler(STATE, context) == {"subject": "msg_1"}
    assert lambda_handler.__name__ == "lambda_handler"


def test_an_error_of_ours_keeps_its_name_and_message(telemetry, context):
    with pytest.raises(MalformedOutput, match=r"^twice no JSON$"):
        raising(MalformedOutput("twice no JSON"))(STATE, context)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (refused("ThrottlingException"), TransientError),
        (refused("InternalServerError", 500), TransientError),
        (refused("AccessDeniedException"), ConfigurationError),
        (refused("ResourceNotFoundException"), ConfigurationError),
        (EndpointConnectionError(endpoint_url="https://nowhere"), TransientError),
    ],
)
def test_a_failed_aws_call_gets_a_name_that_the_state_machine_knows(telemetry, context, logged, error, name):
    with pytest.raises(PlatformError) as raised:
        raising(error)(STATE, context)
    assert type(raised.value) is name
    assert SECRET not in str(raised.value) + json.dumps(logged())


def test_an_unforeseen_exception_shows_its_place_and_never_its_message(telemetry, context, logged):
    with pytest.raises(UnexpectedError) as raised:
        raising(KeyError(SECRET))(STATE, context)
    assert re.fullmatch(r"KeyError in handler \(test_tasks\.py:\d+\)", str(raised.value))
    # `from None`: Lambda prints the exceptions behind an exception.
    assert raised.value.__suppress_context__
    assert SECRET not in json.dumps(logged())


@pytest.fixture
def handler(telemetry):
    """A handler that logs a line of its own, as the writer's first version."""

    @task("Generate")
    def handler(state, context):
        name_agent({"agent_id": "platform#writer", "version": 1})
        telemetry.log().info("working")

    return handler


def test_the_run_and_its_trace_are_in_every_log_line(handler, context, logged, monkeypatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
    handler(STATE, context)
    lines = logged()
    assert [line["message"] for line in lines] == ["working", "done"]
    for line in lines:
        assert (line["tenant"], line["workflow"], line["event"]) == ("greenedge", "outreach", "msg_1")
        assert (line["function"], line["state"]) == ("generate", "Generate")
        assert (line["agent"], line["version"]) == ("platform#writer", 1)
        assert re.fullmatch("[0-9a-f]{64}", line["execution"])
        assert line["correlation_id"] == EventReference.of(STATE).receipt
        assert line["xray_trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert lines[-1]["milliseconds"] >= 0


def test_what_a_run_was_found_by_is_forgotten_when_it_ends(handler, context, telemetry, logged):
    handler(STATE, context)
    telemetry.log().info("idle")
    assert logged()[-1].keys().isdisjoint(NAMES)


def test_the_next_run_in_the_same_process_has_its_own_keys(handler, context, logged):
    handler(STATE, context)
    handler({**STATE, "tenant": "brightnest"}, context)
    assert [line["tenant"] for line in logged()] == ["greenedge"] * 2 + ["brightnest"] * 2


@pytest.mark.parametrize("fails", [False, True])
def test_of_a_synthetic_run_nothing_is_counted_and_of_the_next_one_is(telemetry, context, capsys, fails):
    @task("Generate")
    def handler(state, context):
        with telemetry.errors_counted({"agent_id": "platform#outreach-writer", "version": 1}):
            telemetry.emit({"MessagesGenerated": (MetricUnit.Count, 1)})
            if fails and state["tenant"] == SYNTHETIC:
                raise MalformedOutput

    with pytest.raises(MalformedOutput) if fails else nullcontext():
        handler({**STATE, "tenant": SYNTHETIC}, context)
    said = capsys.readouterr().out
    # A cold start is a process's, whoever it first works for.
    assert [name for name in ("ColdStarts", "Errors", "MessagesGenerated") if name in said] == ["ColdStarts"]
    handler(STATE, context)
    assert '"MessagesGenerated"' in capsys.readouterr().out


def test_a_run_after_an_evaluations_document_is_logged_without_the_recording_and_the_other_way_round(
    handler, context, logged
):
    handler({"tenant": "greenedge", "recording": "ab12"}, context)
    handler(STATE, context)
    handler({"agent_id": "platform#writer"}, context)
    seen = [line.keys() & {"tenant", "recording", "execution", "agent_id"} for line in logged()][::2]

    assert seen == [{"tenant", "recording"}, {"tenant", "execution"}, {"agent_id"}]


@pytest.mark.parametrize("document", [{}, {"tenant": "brightnest"}, {"tenant": "brightnest", "event_id": "msg_1"}])
def test_what_a_document_lacks_is_for_its_handler_to_refuse(handler, context, logged, document):
    handler(document, context)
    assert [line.get("tenant") for line in logged()] == [document.get("tenant")] * 2


def ours():
    return {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, PlatformError)}


@pytest.mark.parametrize("machine", sorted((ROOT / "statemachines").glob("*.asl.json")), ids=lambda path: path.name)
def test_the_names_that_a_state_machine_matches_are_classes_that_are_raised(machine):
    matched = set(re.findall(r'"([A-Za-z.]+)"', "".join(re.findall(r'"ErrorEquals": \[(.*?)\]', machine.read_text()))))
    own = {name for name in matched if "." not in name}
    assert own == {"TransientError"}
    assert own <= ours()


def test_a_retryable_error_has_no_subclasses():
    assert TransientError.__subclasses__() == []


def test_the_tree_in_the_docstring_is_the_tree():
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__)) - {"final"} | {"PlatformError"}
    assert drawn == ours()


def test_an_evaluations_document_needs_no_event_and_is_found_by_what_it_names(telemetry, context, capsys):
    with pytest.raises(MalformedOutput):
        raising(MalformedOutput("no JSON"))({"tenant": "greenedge", "recording": "ab12", "draft": SECRET}, context)
    line = json.loads(capsys.readouterr().out.splitlines()[-1])

    assert (line["tenant"], line["recording"]) == ("greenedge", "ab12")
    assert SECRET not in json.dumps(line)
