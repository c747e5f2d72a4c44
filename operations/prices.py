"""The price list of models, made from the package genai-prices: what each kind of token costs, and where.

What the package doesn't say stands in prices_by_hand.json, each with its source. A model or a kind of token that
neither knows is told, and nothing is written: an unknown price is an error, never 0.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

from agent_platform.inference.prices import foundation_model
from genai_prices.data import providers

from operations.stack import ROOT
from operations.terminal import Problem, arguments, out, run

LIST = ROOT / "layers/agent_platform/agent_platform/inference/prices.json"
BY_HAND = Path(__file__).parent / "prices_by_hand.json"
# One id of each class: whom a call may be routed to decides the price, not where it comes from.
_CLASSES = {"regional": "{}", "geography": "us.{}", "global": "global.{}"}
_KINDS = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cache_read": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
}
_BEDROCK = next(provider for provider in providers if provider.id == "aws")


_DEFAULT = re.compile(r"^  (\w+):\n(?:    .*\n)*?    Default: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Wanted:
    """The models that need a price: which write and judge, and which embeds, and so has no output to pay for."""

    conversing: frozenset[str]
    embedding: frozenset[str]


def wanted(root: Path = ROOT) -> Wanted:
    """What the template and the profiles of samconfig.toml allow, what the shipped agents use, and what is by hand."""
    defaults = dict(_DEFAULT.findall((root / "template.yaml").read_text()))
    given = [defaults, *_overrides(root)]
    allowed = {model for each in given for model in each.get("AllowedModels", "").split(",") if model}
    used = {json.loads(path.read_text())["model"] for path in root.glob("agents/*/config.json")}
    also = json.loads(BY_HAND.read_text())["also"]
    return Wanted(
        conversing=frozenset(foundation_model(model) for model in allowed | used | set(also)),
        embedding=frozenset(each["EmbeddingModel"] for each in given if "EmbeddingModel" in each),
    )


def _overrides(root: Path) -> Iterator[dict[str, str]]:
    profiles = tomllib.loads((root / "samconfig.toml").read_text())
    for profile in profiles.values():
        if isinstance(profile, dict):
            pairs = profile.get("deploy", {}).get("parameters", {}).get("parameter_overrides", [])
            yield dict(pair.split("=", 1) for pair in pairs)


def price_list(models: Wanted, *, dated: str) -> dict[str, Any]:
    """The list as it is kept; Problem names everything that has no price."""
    by_hand = json.loads(BY_HAND.read_text())["models"]
    priced = {model: _entry(model, by_hand.get(model, {})) for model in sorted(models.conversing | models.embedding)}
    if missing := list(_missing(priced, models)):
        raise Problem(
            f"These have no price: {'; '.join(missing)}. Take a newer genai-prices (requirements/dev.txt), or write "
            f"the price with its source into {BY_HAND.relative_to(ROOT)}"
        )
    return {
        "dated": dated,
        "package": f"genai-prices {version('genai-prices')}",
        "currency": "USD",
        "unit": "per million tokens, on demand, standard tier",
        "source": _BEDROCK.pricing_urls[0] if _BEDROCK.pricing_urls else "",
        "models": priced,
    }


def _entry(model: str, by_hand: Mapping[str, Any]) -> dict[str, Any]:
    classes: dict[str, dict[str, str]] = {}
    context = by_hand.get("context_tokens", 0)
    for name, pattern in _CLASSES.items():
        known = _BEDROCK.find_model(pattern.format(model))
        told = _told(known.prices) if known else {}
        context = (known.context_window if known else None) or context
        prices = {kind: by_hand[kind]["price"] for kind in _KINDS if kind in by_hand} | told
        if name == "regional" or prices != classes["regional"]:
            classes[name] = {kind: prices[kind] for kind in _KINDS if kind in prices}
    return {"context_tokens": context, "prices": classes}


def _told(prices: Any) -> dict[str, str]:
    """The plain prices; one that depends on the time of day or the prompt's length is none that this list can hold."""
    amounts = {kind: getattr(prices, name, None) for kind, name in _KINDS.items()}
    return {kind: str(amount) for kind, amount in amounts.items() if isinstance(amount, Decimal)}


def _missing(priced: Mapping[str, Mapping[str, Any]], models: Wanted) -> Iterator[str]:
    for model, entry in priced.items():
        needed = _KINDS if model in models.conversing else ("input",)
        for name, prices in entry["prices"].items():
            if lacking := [kind for kind in needed if kind not in prices]:
                yield f"{name} {model} ({', '.join(lacking)})"
        if not entry["context_tokens"]:
            yield f"{model} (context_tokens)"


def written(content: Mapping[str, Any]) -> str:
    """The list as its file has it."""
    return json.dumps(content, indent=2) + "\n"


def main(argv: Sequence[str]) -> None:
    """Write the price list anew; its date changes only with its prices."""
    arguments("prices", "Make the price list of models from the package genai-prices.", account=False).parse_args(argv)
    known = json.loads(LIST.read_text())
    made = price_list(wanted(), dated=known["dated"])
    if made != known:
        made["dated"] = datetime.now(UTC).date().isoformat()
        LIST.write_text(written(made))
    out.print(f"{len(made['models'])} models, {made['package']}, {made['dated']}")


if __name__ == "__main__":
    run(main)
