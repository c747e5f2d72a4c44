"""SQS's batches are allowed to whoever may do the same one by one: IAM knows no action of their own, MiniStack does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ministack.core import iam_evaluator

_ONE_BY_ONE = {
    f"sqs:{action}Batch": f"sqs:{action}" for action in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")
}


def install() -> None:
    """Decide on a batch as on each of its messages, from now on."""
    iam_evaluator.evaluate = _one_by_one(iam_evaluator.evaluate)


def _one_by_one(evaluate: Callable[..., Any]) -> Callable[..., Any]:
    def evaluated(ctx: Any, policies: Any, *limits: Any) -> Any:
        return evaluate(replace(ctx, action=_ONE_BY_ONE.get(ctx.action, ctx.action)), policies, *limits)

    return evaluated
