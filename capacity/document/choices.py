"""What else could be done, each with its number."""

from decimal import Decimal
from math import ceil

from capacity import costs, deployed
from capacity.document.words import number, percent, usd
from capacity.inputs import quotas
from capacity.limits import STARTER, Limit
from capacity.scenarios import SCALES, Scenarios
from operations.message_cost import DAYS_OF_A_MONTH


def values(told: Scenarios) -> dict[str, str]:
    """For the chapter of that name."""
    message, by_word = told.message, {limit.word: limit for limit in told.limits}
    saves, thousands = costs.express_saves(message), Decimal(message.demand.whole_day) / 1000
    judge = by_word["judge_tokens"].used(SCALES[-1]) * quotas()["judge_tokens"].value
    return {
        "express_saves": usd(saves),
        "express_today": usd(saves * thousands),
        "express_most": usd(saves * thousands * SCALES[-1]),
        "transitions_used": percent(by_word["transitions"].used(told.cell)),
        "batch": str(deployed.consumer(STARTER).batch),
        "events_reached": _reached(by_word["put_events"]),
        "judge_most": f"{number(judge / 1e6)} million",
        "flex_saves": usd(costs.flex_saves(message)),
        "shards": _shards(told),
        "writes_month": usd(costs.by_group(message, 1)["DynamoDB"] * thousands * DAYS_OF_A_MONTH),
    }


def _reached(limit: Limit) -> str:
    return f"{limit.reached_at:,.0f}× today's messages"


def _shards(told: Scenarios) -> str:
    rate, size = told.message.demand.busiest_minute * told.cell, told.message.event_bytes
    records, written = rate / quotas()["shard_records"].a_second, rate * size / quotas()["shard_bytes"].a_second
    shards = ceil(max(records, written))
    return (
        f"A campaign at {told.cell}× is {number(rate)} events of {size:,} bytes a second: "
        f"{shards} shard{'s' if shards > 1 else ''} of the optional stream."
    )
