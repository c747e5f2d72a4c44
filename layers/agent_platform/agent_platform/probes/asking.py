"""Asking a workflow's judge about one probe, as its state machine would ask it about a draft."""

import time
from collections.abc import Callable, Mapping
from typing import Any, NotRequired, TypedDict

from agent_platform.errors import (
    ConfigurationError,
    ContextWindowExceeded,
    MalformedOutput,
    OutputBlocked,
    OutputTruncated,
    TransientError,
)
from agent_platform.probes.sets import Probe

# The judge's own failures on a draft: they say something of it, and nothing of the stack.
_OF_THE_JUDGE = (MalformedOutput, OutputBlocked, OutputTruncated, ContextWindowExceeded)
_TRIES = 5

type Invoke = Callable[[str, Mapping[str, Any]], Any]


class Answer(TypedDict):
    """What became of one probe: whether the judge approved it, at what price; or the error that it failed with."""

    approved: NotRequired[bool]
    # What the judge said when it was asked once more.
    again: NotRequired[bool]
    error: NotRequired[str]
    cost_micros: int


def answer_to(
    probe: Probe,
    agent: Mapping[str, Any],
    *,
    function: str,
    twice: bool,
    invoke: Invoke,
    sleep: Callable[[float], None] = time.sleep,
) -> Answer:
    """Ask the version {agent_id, version} about a probe, if wanted twice.

    Raises what isn't the judge's own failure: over budget, not configured, or still no answer after several tries.
    """
    document = {
        "tenant": agent["agent_id"].partition("#")[0],
        "probe": probe["id"],
        "material": probe["material"],
        "text": probe["draft"],
        "agents": {"judge": dict(agent)},
    }
    cost = 0
    said: list[bool] = []
    for _ in range(2 if twice else 1):
        try:
            verdict = _patiently(lambda: invoke(function, document), sleep)
        except _OF_THE_JUDGE as error:
            return {"error": type(error).__name__, "cost_micros": cost}
        said.append(verdict["approved"])
        cost += verdict["attempts"][-1]["judge"]["cost_micros"]
    answer: Answer = {"approved": said[0], "cost_micros": cost}
    return answer | {"again": said[1]} if twice else answer


def _patiently(ask: Callable[[], Any], sleep: Callable[[float], None]) -> Any:
    for number in range(_TRIES - 1):
        try:
            return ask()
        except TransientError:
            sleep(2.0**number)
    return ask()


def judge_of(manifest: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """The function of an agent's workflow that judges; ConfigurationError if it isn't deployed."""
    if "judge" not in manifest.get("functions", {}):
        raise ConfigurationError(f"workflow {config.get('workflow')!r} has no judge to ask")
    return str(manifest["functions"]["judge"])
