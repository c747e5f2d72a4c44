"""What a model call costs and how much fits into it, from one dated list; `python -m operations.prices` writes it."""

import json
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_CEILING, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from agent_platform.errors import ConfigurationError
from agent_platform.patterns import lazy_pattern

_GEOGRAPHY = lazy_pattern(r"^(us|eu|apac|jp|au|in|ca|global|us-gov)\.")


@dataclass(frozen=True)
class Usage:
    """What a call is billed for: tokens by kind; what was read from a cache or written to one is no `input`."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0


@cache
def price_list() -> dict[str, Any]:
    """The prices: when and from what they were made, and for each foundation model its context and its prices.

    A price is USD per million tokens of a kind, by the class of regions that a call is routed in: `regional`, and
    `geography` and `global` for an inference profile where that costs something else.
    """
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "prices.json").read_text())
    return loaded


def price_version() -> str:
    """Which prices these are, for whoever later asks what a call was booked by."""
    return f"{price_list()['package']}, {price_list()['dated']}"


def foundation_model(model: str) -> str:
    """The foundation model behind a model id, which may be an inference profile's (us.amazon.nova-…)."""
    return _GEOGRAPHY.sub("", model)


def region_class(model: str) -> str:
    """Where a model id lets a call be routed: regional, geography or global."""
    profile = _GEOGRAPHY.match(model)
    if profile is None:
        return "regional"
    return "global" if profile[1] == "global" else "geography"


def is_priced(model: str) -> bool:
    """Whether the list knows what this model costs."""
    return foundation_model(model) in price_list()["models"]


def context_tokens(model: str) -> int:
    """How many tokens a priced model takes, prompt and answer together."""
    return int(price_list()["models"][foundation_model(model)]["context_tokens"])


def cost_of(model: str, usage: Usage) -> int:
    """The cost of one call in millionths of a USD, rounded up; ConfigurationError for what has no price."""
    prices = _prices(model)
    taken = {kind: tokens for kind, tokens in asdict(usage).items() if tokens}
    if missing := taken.keys() - prices.keys():
        raise ConfigurationError(f"no price for {', '.join(sorted(missing))} of {model} in inference/prices.json")
    # USD per million tokens is at the same time millionths of a USD per token.
    exact = sum((Decimal(prices[kind]) * tokens for kind, tokens in taken.items()), Decimal(0))
    return int(exact.to_integral_value(ROUND_CEILING))


def cost_micros(model: str, *, input_tokens: int, output_tokens: int) -> int:
    """The cost of a call without a cache."""
    return cost_of(model, Usage(input_tokens, output_tokens))


def worst_case(model: str, *, input_tokens: int, output_tokens: int) -> int:
    """The most that a call with at most so many tokens can cost, whatever of its input a cache reads or writes."""
    kinds = _prices(model).keys() - {"output"}
    return max(cost_of(model, replace(Usage(output=output_tokens), **{kind: input_tokens})) for kind in kinds)


def _prices(model: str) -> dict[str, str]:
    if not is_priced(model):
        raise ConfigurationError(f"no price for model {model} in inference/prices.json")
    classes = price_list()["models"][foundation_model(model)]["prices"]
    prices: dict[str, str] = classes.get(region_class(model), classes["regional"])
    return prices
