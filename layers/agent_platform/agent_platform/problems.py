"""problem+json (RFC 9457): the one shape in which every API of this project says no."""

import json
from http import HTTPStatus
from typing import Any


def problem(status: int, detail: str, *, headers: dict[str, str] | None = None, **members: Any) -> dict[str, Any]:
    """An API Gateway proxy response that says what was wrong and what to do; `members` extend the body."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/problem+json", **(headers or {})},
        "body": json.dumps(body),
    }
