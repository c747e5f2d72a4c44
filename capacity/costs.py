"""What a thousand messages cost at a scale, by group: docs/costs.md's parts, and the standing bill shared by all."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from capacity.inputs import assumptions
from capacity.message import Message
from operations import message_cost, standing_costs
from operations.message_cost import DAYS_OF_A_MONTH
from operations.service_prices import usd

GROUPS = {
    "Models": ("Models",),
    "Step Functions": ("Step Functions",),
    "Lambda": ("Lambda, requests", "Lambda, compute"),
    "DynamoDB": ("DynamoDB, writes", "DynamoDB, reads", "DynamoDB, storage", "DynamoDB, recovery"),
    "Retrieval": ("Embeddings", "S3 Vectors, queries", "S3 Vectors, writes", "S3"),
    "API, bus and queues": ("API Gateway", "EventBridge", "SQS"),
    "Logs and traces": ("CloudWatch Logs", "X-Ray"),
    "Standing": ("Standing",),
}
_A_THOUSAND = 1000
# What Step Functions bills an Express run with: no run of ours needs more.
_EXPRESS_GB = Decimal(64) / 1024


def by_group(message: Message, scale: float) -> dict[str, Decimal]:
    """USD a thousand messages, at so many times today's; rewrites included."""
    parts = _parts(message)
    a_month = Decimal(message.demand.whole_day * scale) * DAYS_OF_A_MONTH
    lines = standing_costs.standing(message=sum(parts.values(), Decimal(0)), judging=message.calls["judge"].cost())
    standing = sum((line.cost for line in lines), Decimal(0))
    costs = {name: cost * _A_THOUSAND for name, cost in parts.items()} | {"Standing": standing / a_month * _A_THOUSAND}
    return {group: sum((costs[name] for name in names), Decimal(0)) for group, names in GROUPS.items()}


def _parts(message: Message) -> Mapping[str, Decimal]:
    calls = list(message.calls.values())
    parts = message_cost.parts(message.took, model_calls=len(calls), days_kept=message_cost.days_kept())
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for part in parts:
        costs[part.service] += part.cost
    again = message_cost.rewrite(message.took, calls) * Decimal(str(message.demand.rewritten))
    costs["Models"] = sum((call.cost() for call in calls), again)
    return costs


def express_saves(message: Message) -> Decimal:
    """What a thousand messages cost less if their states were an Express workflow."""
    seconds = Decimal(str(message.open_seconds))
    express = usd("express_request") + usd("express_gb_second", seconds * _EXPRESS_GB)
    return (usd("state_transition", message.took.transitions) - express) * _A_THOUSAND


def flex_saves(message: Message) -> Decimal:
    """What a thousand messages cost less if both models answered in the Flex tier."""
    share = 1 - Decimal(str(assumptions()["prices"]["flex_to_standard"]))
    return by_group(message, 1)["Models"] * share
