"""What a thousand messages cost at each scale."""

from collections.abc import Mapping
from decimal import Decimal

from capacity import costs
from capacity.document.words import table, times, usd
from capacity.scenarios import SCALES, Scenarios

# The parts that have a colour of their own in the picture.
_DRAWN = ("Models", "Step Functions", "DynamoDB", "Standing")


def values(told: Scenarios) -> dict[str, str]:
    """For the chapter of that name."""
    found = [costs.by_group(told.message, scale) for scale in SCALES]
    rows = [(group, *(usd(each[group]) for each in found)) for group in costs.GROUPS]
    whole = ("**Together**", *(f"**{usd(sum(each.values(), Decimal(0)))}**" for each in found))
    return {"costs": table(("", *map(times, SCALES)), [*rows, whole])}


def drawn(told: Scenarios) -> dict[str, Mapping[str, Decimal]]:
    """The rows of the picture: today, a thousand times as many, and what two choices would make of that."""
    today, most = (costs.by_group(told.message, scale) for scale in (SCALES[0], SCALES[-1]))
    express = most | {"Step Functions": most["Step Functions"] - costs.express_saves(told.message)}
    flex = most | {"Models": most["Models"] - costs.flex_saves(told.message)}
    rows = {"today": today, "1,000×": most, "1,000×, Express": express, "1,000×, both models in Flex": flex}
    return {name: _few(row) for name, row in rows.items()}


def _few(row: Mapping[str, Decimal]) -> dict[str, Decimal]:
    rest = sum((cost for group, cost in row.items() if group not in _DRAWN), Decimal(0))
    return {group: row[group] for group in _DRAWN} | {"everything else": rest}
