import json
from datetime import date
from pathlib import Path

import pytest
from agent_platform.errors import ConfigurationError
from agent_platform.inference.prices import (
    Usage,
    cost_micros,
    cost_of,
    foundation_model,
    is_priced,
    price_list,
    price_version,
    region_class,
    worst_case,
)
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[4]
tokens = st.integers(0, 10_000_000)


@pytest.mark.parametrize("config", sorted((ROOT / "agents").glob("*/config.json")), ids=lambda path: path.parent.name)
def test_every_shipped_agents_model_has_a_price(config):
    assert is_priced(json.loads(config.read_text())["model"])


def test_the_list_says_of_when_it_is_and_what_it_counts_in():
    assert date.fromisoformat(price_list()["dated"])
    assert price_list()["currency"] == "USD"


@pytest.mark.parametrize(
    ("model", "read", "written", "micros"),
    [
        # 0.06 and 0.24 USD a million: 1,000,000 tokens in are 60,000 micros.
        ("amazon.nova-lite-v1:0", 1_000_000, 0, 60_000),
        ("amazon.nova-lite-v1:0", 0, 1_000_000, 240_000),
        ("us.amazon.nova-lite-v1:0", 1000, 500, 180),
        # 1 and 5 USD a million wherever there is room, a tenth more within a geography.
        ("global.anthropic.claude-haiku-4-5-20251001-v1:0", 1000, 1000, 6_000),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", 1000, 1000, 6_600),
        ("anthropic.claude-haiku-4-5-20251001-v1:0", 1000, 1000, 6_600),
        ("amazon.nova-lite-v1:0", 0, 0, 0),
    ],
)
def test_costs_are_exact(model, read, written, micros):
    assert cost_micros(model, input_tokens=read, output_tokens=written) == micros


def test_a_fraction_is_rounded_up():
    # 0.035 and 0.14 micros a token.
    assert cost_micros("amazon.nova-micro-v1:0", input_tokens=1, output_tokens=0) == 1
    assert cost_micros("amazon.nova-micro-v1:0", input_tokens=1000, output_tokens=1) == 36


@given(tokens, tokens)
def test_no_amount_of_tokens_is_rounded_by_a_float(read, written):
    # 0.80 and 3.20 USD a million, in hundredths of a micro: 80 and 320.
    exact, rest = divmod(80 * read + 320 * written, 100)
    assert cost_micros("amazon.nova-pro-v1:0", input_tokens=read, output_tokens=written) == exact + bool(rest)


def test_tokens_of_a_cache_have_their_own_prices():
    took = Usage(input=1_000_000, output=0, cache_read=1_000_000, cache_write=1_000_000)

    # 1 and, of the cache, 0.10 and 1.25 USD a million.
    assert cost_of("global.anthropic.claude-haiku-4-5-20251001-v1:0", took) == 1_000_000 + 100_000 + 1_250_000


def test_a_kind_of_token_without_a_price_has_no_cost():
    with pytest.raises(ConfigurationError, match=r"output of amazon\.titan-embed"):
        cost_of("amazon.titan-embed-text-v2:0", Usage(input=1, output=1))


CONVERSING = sorted(model for model, entry in price_list()["models"].items() if "output" in entry["prices"]["regional"])


@given(st.sampled_from(CONVERSING), st.sampled_from(["", "us.", "global."]), tokens, tokens, tokens, tokens)
def test_nothing_costs_more_than_the_worst_case(model, profile, plain, read, written, output):
    took = Usage(input=plain, output=output, cache_read=read, cache_write=written)
    most = worst_case(profile + model, input_tokens=plain + read + written, output_tokens=output)

    assert cost_of(profile + model, took) <= most


def test_the_worst_case_is_the_dearest_kind_of_input():
    # 1.25 USD a million to write a cache, 5 a million of output.
    most = worst_case("global.anthropic.claude-haiku-4-5-20251001-v1:0", input_tokens=1000, output_tokens=100)

    assert most == 1250 + 500


@pytest.mark.parametrize(
    ("model", "routed"),
    [("amazon.nova-lite-v1:0", "regional"), ("us.amazon.nova-lite-v1:0", "geography"), ("eu.x", "geography"),
     ("global.x", "global")],
)  # fmt: skip
def test_a_model_s_id_says_where_its_calls_are_routed(model, routed):
    assert region_class(model) == routed


def test_what_was_booked_is_told_with_the_version_of_its_prices():
    assert price_version() == f"{price_list()['package']}, {price_list()['dated']}"


@pytest.mark.parametrize("geography", ["us", "eu", "apac", "jp", "in", "ca", "global", "us-gov"])
def test_an_inference_profile_costs_what_its_model_costs(geography):
    assert foundation_model(f"{geography}.amazon.nova-lite-v1:0") == "amazon.nova-lite-v1:0"


def test_a_model_whose_name_begins_like_a_geography_is_itself():
    assert foundation_model("usual.model-v1:0") == "usual.model-v1:0"


def test_a_model_without_a_price_has_no_cost():
    assert not is_priced("unknown.model")
    with pytest.raises(ConfigurationError, match=r"unknown\.model"):
        cost_micros("unknown.model", input_tokens=1, output_tokens=1)
