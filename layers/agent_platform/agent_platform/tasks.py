"""What the Lambda behind every Task state does around its own work."""

import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import wraps
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, correlation, telemetry
from agent_platform.errors import PlatformError, UnexpectedError
from agent_platform.tenants import SYNTHETIC

type Handler[S, R] = Callable[[S, Any], R]


def task[S: Mapping[str, Any], R](state_name: str) -> Callable[[Handler[S, R]], Handler[S, R]]:
    """Run a state's work with its name and the run in every log line, and every error under a name of ours.

    An exception that isn't ours becomes UnexpectedError with its type and place only: its message might quote a
    customer, and it would stand in the execution history, which anyone may open in the console.
    """

    def decorate(handler: Handler[S, R]) -> Handler[S, R]:
        @wraps(handler)
        def run(state: S, context: Any) -> R:
            log, began = telemetry.log(), time.monotonic()
            telemetry.count_cold_start(context.function_name)
            with correlation.one_document(), _counted(state), _errors_named():
                correlation.name(state, state=state_name, function=context.function_name)
                log.debug("began", extra={"keys": sorted(state)})
                result = handler(state, context)
                log.info("done", extra={"milliseconds": round((time.monotonic() - began) * 1000)})
                return result

        return run

    return decorate


def _counted(state: Mapping[str, Any]) -> AbstractContextManager[None]:
    return telemetry.no_metrics() if state.get("tenant") == SYNTHETIC else nullcontext()


@contextmanager
def _errors_named() -> Iterator[None]:
    log = telemetry.log()
    try:
        yield
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


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name} ({Path(last.filename).name}:{last.lineno})"
