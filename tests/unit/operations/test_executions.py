"""The steps of a run, read from its history."""

from datetime import UTC, datetime, timedelta
from typing import Any

from operations.executions import steps

BEGAN = datetime(2026, 11, 20, 9, tzinfo=UTC)


def _event(seconds: float, kind: str, **details: Any) -> dict[str, Any]:
    return {"timestamp": BEGAN + timedelta(seconds=seconds), "type": kind, **details}


def _entered(seconds: float, name: str) -> dict[str, Any]:
    return _event(seconds, "TaskStateEntered", stateEnteredEventDetails={"name": name})


def _exited(seconds: float, name: str) -> dict[str, Any]:
    return _event(seconds, "TaskStateExited", stateExitedEventDetails={"name": name})


def _failed(seconds: float, error: str) -> dict[str, Any]:
    return _event(seconds, "LambdaFunctionFailed", lambdaFunctionFailedEventDetails={"error": error})


def test_a_state_has_its_duration_its_retries_and_the_error_that_it_was_tried_again_for() -> None:
    scheduled = "LambdaFunctionScheduled"
    history = [
        _entered(0, "Validate"), _event(0, scheduled), _exited(1.5, "Validate"),
        _entered(1.5, "Generate"), _event(1.5, scheduled), _failed(2, "TransientError"), _event(3, scheduled),
        _exited(4, "Generate"),
    ]  # fmt: skip
    validate, generate = steps(history)
    assert (validate.seconds, validate.retries, validate.error) == (1.5, 0, None)
    assert (generate.seconds, generate.retries, generate.error) == (2.5, 1, "TransientError")


def test_the_state_in_which_a_run_ended_has_its_error_and_no_duration() -> None:
    (step,) = steps([_entered(0, "Validate"), _event(0, "LambdaFunctionScheduled"), _failed(1, "InvalidEvent")])
    assert (step.state, step.seconds, step.error) == ("Validate", None, "InvalidEvent")
