"""What AWS's services other than the models cost, from one dated list."""

import json
from decimal import Decimal
from functools import cache
from typing import Any

from operations.stack import ROOT

LIST = ROOT / "operations" / "service_prices.json"


@cache
def price_list() -> dict[str, Any]:
    """The prices: `dated`, `currency`, `region`, and by name `usd` for `per` units, in words `of`, and its source."""
    read: dict[str, Any] = json.loads(LIST.read_text())
    return read


def usd(name: str, quantity: Decimal | int = 1) -> Decimal:
    """What a quantity of something costs, exactly; KeyError for what has no price."""
    price = price_list()["prices"][name]
    return Decimal(price["usd"]) * quantity / Decimal(price["per"])


def quoted(name: str) -> str:
    """A price as a person reads it: $0.20 a million invocations."""
    price = price_list()["prices"][name]
    return f"${price['usd']} {price['of']}"
