"""What every function of the review API does around its own work: who asks, and an answer in the API's shapes."""

import base64
import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, telemetry
from agent_platform.errors import Refused, TransientError
from agent_platform.problems import problem
from agent_platform.reviews.reviewers import Reviewer, reviewers
from agent_platform.tenants import TenantContext

type Answer = Callable[[Reviewer, Mapping[str, Any]], dict[str, Any] | None]


def reviewing(handler: Answer) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Answer a signed request of API Gateway, or whoever may invoke the function itself, with its asked fields.

    The handler is given who asks and {id?, decision?}; None is 204, Refused is 409 with every reason. Who invokes the
    function itself, as scripts do, says for whom: {tenant, reviewer, …}; no request of the API can.
    """

    @wraps(handler)
    def run(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - as Lambda calls it
        if "requestContext" not in event:
            reviewer = Reviewer(TenantContext(event["tenant"]), event["reviewer"])
            return _answered(handler, reviewer, {name: event.get(name) for name in ("id", "decision")})
        reviewer_signed = reviewers().signed(event["requestContext"])
        if reviewer_signed is None:
            return problem(403, "Your role reviews for nobody. Ask for it to be bound: scripts/review bind")
        try:
            decision = _body(event)
        except ValueError:
            return problem(400, "The body must be a JSON object.")
        identity = {"id": (event.get("pathParameters") or {}).get("id"), "decision": decision}
        return _answered(handler, reviewer_signed, identity)

    return run


def _answered(handler: Answer, reviewer: Reviewer, asked: Mapping[str, Any]) -> dict[str, Any]:
    log, who = telemetry.log(), {"tenant": reviewer.context.tenant, "review": asked["id"]}
    try:
        answer = handler(reviewer, asked)
    except Refused as refused:
        log.warning("refused", extra=who)
        return problem(409, "The decision can't be taken as it is.", problems=refused.reasons)
    except (ClientError, BotoCoreError, TransientError) as error:
        log.error("not answered", extra={**who, "error": aws.told(error)})  # noqa: TRY400 - a trace quotes values
        return problem(503, "Not done, or not told, just now. Send it again as it is.", headers={"Retry-After": "1"})
    log.info("answered", extra=who)
    if answer is None:
        return {"statusCode": 204, "headers": {}, "body": ""}
    body = json.dumps(answer, ensure_ascii=False)
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", "Cache-Control": "no-store"},
        "body": body,
    }


def _body(event: Mapping[str, Any]) -> Any:
    body = event.get("body") or "null"
    return json.loads(base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body)
