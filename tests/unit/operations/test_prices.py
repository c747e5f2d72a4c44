import json
from importlib.metadata import version

import pytest

from operations import prices
from operations.prices import LIST, Wanted, price_list, wanted, written
from operations.terminal import Problem
from tests.infrastructure.template import ROOT

LITE = "amazon.nova-lite-v1:0"


def conversing(*models: str) -> Wanted:
    return Wanted(conversing=frozenset(models), embedding=frozenset())


def test_the_list_is_what_the_package_says():
    """A newer package, another allowed model or another agent: python -m operations.prices"""
    kept = LIST.read_text()

    assert kept == written(price_list(wanted(), dated=json.loads(kept)["dated"]))


def test_the_pinned_package_is_the_one_that_is_installed():
    assert f"genai-prices=={version('genai-prices')}" in (ROOT / "requirements/dev.txt").read_text().splitlines()


def test_what_is_allowed_used_and_embedded_with_needs_a_price(tmp_path):
    (tmp_path / "template.yaml").write_text(
        "Parameters:\n  AllowedModels:\n    # why\n    Default: a.model,b.model\n\n"
        "  EmbeddingModel:\n    Default: an.embedding\nResources:\n  Any: !Ref AllowedModels\n"
    )
    (tmp_path / "samconfig.toml").write_text(
        'version = 0.1\n[dev.deploy.parameters]\nparameter_overrides = ["A=b", "AllowedModels=c.model"]\n'
    )
    (tmp_path / "agents/writer").mkdir(parents=True)
    (tmp_path / "agents/writer/config.json").write_text('{"model": "us.d.model"}')

    needed = wanted(tmp_path)

    assert {"a.model", "b.model", "c.model", "d.model"} <= needed.conversing
    assert needed.embedding == {"an.embedding"}


def test_everything_that_has_no_price_is_named_at_once():
    # An embedding has no output to pay for; who would let it write is told.
    with pytest.raises(Problem) as problem:
        price_list(conversing("an.unknown-model", "amazon.titan-embed-text-v2:0", LITE), dated="2026-11-21")

    told = str(problem.value)
    assert "regional an.unknown-model (input, output, cache_read, cache_write)" in told
    assert "an.unknown-model (context_tokens)" in told
    assert "amazon.titan-embed-text-v2:0 (output, cache_read, cache_write)" in told
    assert LITE not in told


def test_what_the_package_does_not_say_is_by_hand_with_its_source(tmp_path, monkeypatch):
    by_hand = json.loads(prices.BY_HAND.read_text())
    assert all(price["source"] for model in by_hand["models"].values() for price in model.values())

    by_hand["models"].pop(LITE)
    monkeypatch.setattr(prices, "BY_HAND", tmp_path / "by_hand.json")
    monkeypatch.setattr(prices, "ROOT", tmp_path)
    prices.BY_HAND.write_text(json.dumps(by_hand))

    with pytest.raises(Problem, match=r"regional amazon\.nova-lite-v1:0 \(cache_write\)"):
        price_list(conversing(LITE), dated="2026-11-21")


def test_a_price_that_the_package_has_is_not_taken_from_a_hand(tmp_path, monkeypatch):
    by_hand = json.loads(prices.BY_HAND.read_text())
    by_hand["models"][LITE]["input"] = {"price": "99", "source": "nowhere"}
    monkeypatch.setattr(prices, "BY_HAND", tmp_path / "by_hand.json")
    prices.BY_HAND.write_text(json.dumps(by_hand))

    made = price_list(conversing(LITE), dated="2026-11-21")

    assert made["models"][LITE]["prices"]["regional"]["input"] == "0.06"


def test_a_class_of_regions_is_named_where_it_costs_something_else():
    made = price_list(conversing(LITE, "anthropic.claude-haiku-4-5-20251001-v1:0"), dated="2026-11-21")["models"]

    assert list(made[LITE]["prices"]) == ["regional"]
    assert list(made["anthropic.claude-haiku-4-5-20251001-v1:0"]["prices"]) == ["regional", "global"]
