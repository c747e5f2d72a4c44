"""IAM's decisions on whoever took a role, noted in a file: the emulator tells nobody what it looked up and allowed."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.core import iam_evaluator

# Names the file; without it nothing is noted.
SWITCH = "IAM_DECISIONS"


def install() -> None:
    """Note each decision from now on, if the switch is set: a line of JSON with role, action, resource, allowed."""
    if noted_in := os.environ.get(SWITCH):
        iam_evaluator.evaluate = _noting(iam_evaluator.evaluate, Path(noted_in))


def _noting(evaluate: Callable[..., Any], noted_in: Path) -> Callable[..., Any]:
    def noted(ctx: Any, policies: Any, *limits: Any) -> Any:
        result = evaluate(ctx, policies, *limits)
        if ctx.principal_type == "AssumedRole":
            decision = {
                "role": ctx.principal_arn.split("/")[1],
                "action": ctx.action,
                "resource": ctx.resource_arn,
                "allowed": result.decision == "Allow",
            }
            # One write of a line to the end of a file: lines of several threads stay whole.
            with noted_in.open("a") as file:
                file.write(json.dumps(decision) + "\n")
        return result

    return noted
