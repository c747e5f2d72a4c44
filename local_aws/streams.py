"""ReportBatchItemFailures for a stream: MiniStack reads none of it there, and what failed would be lost.

The whole batch comes again, where Lambda goes on from the record that failed; who reads streams takes either.
"""

from collections.abc import Callable
from typing import Any

from ministack.services import lambda_svc

_SOURCES = {"aws:kinesis", "aws:dynamodb"}


def install() -> None:
    """Let a batch of which a record failed have failed."""
    lambda_svc._execute_function_warm = _failing(lambda_svc._execute_function_warm)


def _failing(execute_warm: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def execute(func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        answer = execute_warm(func, event, request_id)
        body = answer.get("body")
        failed = isinstance(body, dict) and body.get("batchItemFailures")
        return answer | {"error": True} if failed and _is_of_a_stream(event) else answer

    return execute


def _is_of_a_stream(event: Any) -> bool:
    records = event.get("Records", []) if isinstance(event, dict) else []
    return any(record.get("eventSource") in _SOURCES for record in records)
