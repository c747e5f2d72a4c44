"""Asking another function: its answer, or its error under its own name."""

import io
import json
from types import SimpleNamespace

import pytest
from agent_platform import aws, invocations
from agent_platform.errors import MalformedOutput, Refused, TransientError, UnexpectedError


@pytest.fixture
def answering(monkeypatch):
    """Let the other function answer this."""

    def answering(answer, **more):
        payload = io.BytesIO(json.dumps(answer).encode())
        made = SimpleNamespace(invoke=lambda **asked: {"Payload": payload} | more)
        monkeypatch.setattr(aws, "client", lambda service: made)

    return answering


def test_an_answer_is_handed_on(answering):
    answering({"approved": True})
    assert invocations.invoke("judge", {"probe": "ü"}) == {"approved": True}


@pytest.mark.parametrize("error", [TransientError, MalformedOutput, Refused])
def test_an_error_of_ours_is_raised_under_its_name(answering, error):
    answering({"errorType": error.__name__, "errorMessage": "why"}, FunctionError="Unhandled")
    with pytest.raises(error, match=r"^why$"):
        invocations.invoke("judge", {})


@pytest.mark.parametrize("name", ["Sandbox.Timedout", "PlatformErrors", "Iterable", "KeyError"])
def test_what_else_a_function_ends_with_is_a_defect_without_its_words(answering, name):
    answering({"errorType": name, "errorMessage": "Maria Oliveira"}, FunctionError="Unhandled")
    with pytest.raises(UnexpectedError) as raised:
        invocations.invoke("judge", {})
    assert "Maria" not in str(raised.value)
