"""What a check by the guardrail costs, from one dated list: so much for each thousand characters and each policy."""

import json
from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from functools import cache
from pathlib import Path
from typing import Any

_CHARACTERS_OF_A_UNIT = 1000
_UNITS_OF_A_PRICE = 1000
_MICROS = 1_000_000


@cache
def price_list() -> dict[str, Any]:
    """The prices of the policies that our guardrail has: `dated`, `source`, and USD for a thousand text units."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "prices.json").read_text())
    return loaded


def price_version() -> str:
    """Which prices these are, for whoever later asks what a check was booked by."""
    return f"Bedrock Guardrails, {price_list()['dated']}"


def text_units(characters: int) -> int:
    """How many units a text of so many characters is billed as."""
    return -(-characters // _CHARACTERS_OF_A_UNIT)


def most_cost(characters: int) -> int:
    """What a check of so many characters costs at most, in millionths of a USD: every policy reads all of them."""
    return _micros(dict.fromkeys(price_list()["prices"], text_units(characters)))


def cost_of(usage: Mapping[str, Any]) -> int | None:
    """What a check costs by the units that the answer tells, rounded up; None if one of them has no price here."""
    told = {kind: units for kind, units in usage.items() if units}
    return None if told.keys() - price_list()["prices"].keys() else _micros(told)


def _micros(units: Mapping[str, int]) -> int:
    prices = price_list()["prices"]
    exact = sum((Decimal(prices[kind]) * number for kind, number in units.items()), Decimal(0))
    return int((exact * _MICROS / _UNITS_OF_A_PRICE).to_integral_value(ROUND_CEILING))
