import json

import pytest
from agent_platform.failures import failure_of

ARN = "arn:aws:states:us-east-1:000000000000:execution:outreach:abc"


def entered(name):
    return {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": name, "input": "{}"}}


FAILED = {"type": "LambdaFunctionFailed", "lambdaFunctionFailedEventDetails": {"error": "TransientError"}}


def test_a_failed_run_names_its_state_error_and_sentence():
    cause = json.dumps({"errorMessage": "converse: throttled", "errorType": "TransientError", "stackTrace": ["/var/x"]})
    detail = {"executionArn": ARN, "status": "FAILED", "error": "TransientError", "cause": cause}
    assert failure_of(detail, [FAILED, FAILED, entered("Generate"), entered("Validate")]) == {
        "execution": ARN,
        "status": "FAILED",
        "state": "Generate",
        "error": "TransientError",
        "cause": "converse: throttled",
    }


@pytest.mark.parametrize(
    ("status", "error"), [("TIMED_OUT", "States.Timeout"), ("ABORTED", "Aborted"), ("FAILED", "Failed")]
)
def test_a_run_without_an_error_is_named_after_its_end(status, error):
    failure = failure_of({"executionArn": ARN, "status": status, "error": None, "cause": None}, [])
    assert (failure["error"], failure["cause"], failure["state"]) == (error, "", None)


@pytest.mark.parametrize("cause", ["marisol@mail.example was refused", '{"errorMessage": "marisol@mail.example"}'])
def test_a_cause_is_redacted(cause):
    failure = failure_of({"executionArn": ARN, "status": "FAILED", "error": "E", "cause": cause}, [])
    assert "marisol" not in failure["cause"]
    assert "[email]" in failure["cause"]


@pytest.mark.parametrize("cause", ["[1, 2]", "7", "null", '{"other": 1}', "{broken"])
def test_a_cause_of_any_shape_is_read(cause):
    assert isinstance(failure_of({"executionArn": ARN, "status": "FAILED", "cause": cause}, [])["cause"], str)


def test_a_cause_is_bounded():
    failure = failure_of({"executionArn": ARN, "status": "FAILED", "error": "E", "cause": "why " * 5000}, [])
    assert len(failure["cause"]) == 400
