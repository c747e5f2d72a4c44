"""What the Lambda behind every Task state does around its own work."""

import traceback
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, telemetry
from agent_platform.errors import PlatformError, UnexpectedError
from agent_platform.references import EventReference
from agent_platform.tenants import SYNTHETIC

_OF_AN_EVENT = frozenset(field.name for field in fields(EventReference))
# An evaluation works on no event, and its documents have one of these.
_OF_AN_EVALUATION = ("evaluation", "recording", "agent_id")
_NAMES = ("tenant", "execution", *_OF_AN_EVALUATION)

type Handler[S, R] = Callable[[S, Any], R]


def task[S: Mapping[str, Any], R](handler: Handler[S, R]) -> Handler[S, R]:
    """Run a state's work with the run in every log line and every error under a name of ours.

    An exception that isn't ours becomes UnexpectedError with its type and place only: its message might quote a
    customer, and it would stand in the execution history, which anyone may open in the console.
    """

    @wraps(handler)
    def run(state: S, context: Any) -> R:
        telemetry.count_cold_start(context.function_name)
        log = telemetry.log()
        # A process serves documents of both kinds in turn, and keys stay until somebody removes them.
        log.remove_keys(_NAMES)
        try:
            log.append_keys(**_named(state), function=context.function_name)
            with telemetry.no_metrics() if state.get("tenant") == SYNTHETIC else nullcontext():
                return handler(state, context)
        except PlatformError as error:
            log.warning("task failed", extra={"error": type(error).__name__, "detail": str(error)})
            raise
        except (ClientError, BotoCoreError) as error:
            failure = aws.named(error)
            log.warning("task failed", extra={"error": type(failure).__name__, "detail": str(failure)})
            raise failure from None
        except Exception as error:  # noqa: BLE001 - whatever it is, it gets a name and loses its message
            failure = UnexpectedError(_place(error))
            log.error("task failed", extra={"error": "UnexpectedError", "detail": str(failure)})  # noqa: TRY400 - a trace quotes values
            raise failure from None

    return run


def _named(state: Mapping[str, Any]) -> dict[str, Any]:
    """What log lines are found by: the run of an event, or what an evaluation's document names.

    A document with nothing of an event is refused by its own handler, who can say what is missing.
    """
    about = state.get("pair", state)
    if _OF_AN_EVENT.isdisjoint(about) or not set(_OF_AN_EVALUATION).isdisjoint(about):
        return {name: about[name] for name in ("tenant", *_OF_AN_EVALUATION) if name in about}
    reference = EventReference.of(state)
    return {"tenant": reference.tenant, "execution": reference.execution_name}


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name} ({Path(last.filename).name}:{last.lineno})"
