"""What MiniStack's Step Functions lack: a prompt start, a Map's concurrency by path, and tasks in turns where one
machine stands for Lambda's many.

A thousand executions would start a thousand processes at once, and every task would time out.
"""

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from ministack.services import stepfunctions

from local_aws import seams

# Twenty model calls may wait at once, which is what evaluations ask for at most, and two cores still answer in time.
TASKS_AT_ONCE = 24


def install() -> None:
    """Start executions without a pause, and let further functions wait for their turn before their timeout begins."""
    stepfunctions.time = _PromptClock()
    stepfunctions._run_distributed_map = _as_many_as_said(stepfunctions._run_distributed_map)
    stepfunctions._invoke_resource_with_timeout = _in_turns(stepfunctions._invoke_resource_with_timeout)


def _as_many_as_said(run_map: Callable[..., Any]) -> Callable[..., Any]:
    def run(state_def: dict[str, Any], raw_input: Any, effective: Any, *rest: Any) -> Any:
        if path := state_def.get("MaxConcurrencyPath"):
            ctx = rest[-1]
            at_once = stepfunctions._resolve_path_or_ctx(path, effective, ctx)
            state_def = state_def | {"MaxConcurrency": at_once}
        return run_map(state_def, raw_input, effective, *rest)

    return run


def _in_turns(invoke: Callable[[str, Any, float], Any]) -> Callable[[str, Any, float], Any]:
    turns = threading.Semaphore(TASKS_AT_ONCE)

    def invoke_in_turn(resource: str, given: Any, timeout: float) -> Any:
        # A nested execution would hold a turn that its own tasks wait for.
        with turns if ":lambda:" in resource else nullcontext():
            return invoke(resource, given, timeout)

    return invoke_in_turn


class _PromptClock:
    """The time module without the pause before an execution's first state."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    @staticmethod
    def sleep(seconds: float) -> None:
        if seconds != seams.START_DELAY_SECONDS:
            time.sleep(seconds)
