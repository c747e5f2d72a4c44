"""What a model call costs and how much fits into it, from one dated list."""

import json
import re
from decimal import ROUND_CEILING, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from agent_platform.errors import ConfigurationError

_GEOGRAPHY = re.compile(r"^(?:us|eu|apac|jp|au|ca|global|us-gov)\.")


@cache
def price_list() -> dict[str, Any]:
    """The prices: `dated`, `currency`, and for each foundation model USD per million tokens, and its context."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "prices.json").read_text())
    return loaded


def foundation_model(model: str) -> str:
    """The foundation model behind a model id, which may be an inference profile's (us.amazon.nova-…)."""
    return _GEOGRAPHY.sub("", model)


def is_priced(model: str) -> bool:
    """Whether the list knows what this model costs."""
    return foundation_model(model) in price_list()["models"]


def context_tokens(model: str) -> int:
    """How many tokens a priced model takes, prompt and answer together."""
    return int(price_list()["models"][foundation_model(model)]["context_tokens"])


def cost_micros(model: str, *, input_tokens: int, output_tokens: int) -> int:
    """The cost of one call in millionths of a USD, rounded up; ConfigurationError for a model without a price."""
    if not is_priced(model):
        raise ConfigurationError(f"no price for model {model} in inference/prices.json")
    price = price_list()["models"][foundation_model(model)]
    # USD per million tokens is at the same time millionths of a USD per token.
    exact = Decimal(price["input"]) * input_tokens + Decimal(price["output"]) * output_tokens
    return int(exact.to_integral_value(ROUND_CEILING))
