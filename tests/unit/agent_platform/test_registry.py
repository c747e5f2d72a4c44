import json
from pathlib import Path

import pytest
from agent_platform.registry.contents import content_hash, problems_of

ROOT = Path(__file__).parents[3]
CONFIG = {
    "agent": "outreach-writer",
    "role": "writer",
    "model": "us.amazon.nova-lite-v1:0",
    "inference": {"max_tokens": 900, "temperature": 0.6},
    "max_attempts": 3,
}
CRITERION = {"criterion": "clarity", "question": "Is it clear?", "anchors": {"5": "yes", "1": "no"}}
BOOKED = {"name": "JobBooked", "range": [0, 1], "matures_after_days": 30}
JUDGE = {"role": "judge", "threshold": 4.0, "minimum": 3, "rubric": [CRITERION]}
MANIFEST = {"prompt_variables": {"writer": ["company"], "judge": ["company"]}, "slots": ["offer.amount", "offer.link"],
            "required_variables": {"judge": ["company"]}}  # fmt: skip
ALLOWED = ["amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0"]


def problems(prompt="You write for ${company}.", *, owner="platform", label="", **changes):
    given = {"owner": owner, "label": label, "allowed_models": ALLOWED, "manifest": MANIFEST}
    return problems_of(CONFIG | changes, prompt, **given)


def test_good_content_has_no_problem():
    assert problems() == []
    assert problems(**JUDGE) == []


@pytest.mark.parametrize("folder", sorted((ROOT / "agents").glob("*/")), ids=lambda folder: folder.name)
def test_every_agent_that_ships_can_be_registered(folder):
    config = json.loads((folder / "config.json").read_text())
    assert problems_of(config, (folder / "prompt.md").read_text(), allowed_models=ALLOWED) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"model": "unknown.model"}, "model unknown.model has no price in inference/prices.json"),
        (
            {"model": "anthropic.claude-sonnet-4-5-20250929-v1:0"},
            "is not among AllowedModels (amazon.nova-lite-v1:0, amazon.nova-pro-v1:0)",
        ),
        ({"inference": {}}, "inference.max_tokens must be"),
        ({"inference": {"max_tokens": 0}}, "inference.max_tokens must be"),
        ({"inference": {"max_tokens": 8193}}, "inference.max_tokens must be"),
        ({"inference": {"max_tokens": 9.5}}, "inference.max_tokens must be"),
        ({"inference": {"max_tokens": True}}, "inference.max_tokens must be"),
        ({"inference": {"max_tokens": 9, "temperature": 1.1}}, "inference.temperature must be"),
        ({"inference": {"max_tokens": 9, "temperature": "warm"}}, "inference.temperature must be"),
        ({"inference": {"max_tokens": 9, "top_p": -0.1}}, "inference.top_p must be"),
        ({"role": "reader"}, "role must be writer or judge"),
        ({"review": {"share": 2}}, "review.share must be from 0 to 1"),
        ({"max_attempts": None}, "max_attempts must be"),
        ({"max_attempts": 6}, "max_attempts must be"),
        (JUDGE | {"threshold": "4"}, "threshold must be from 1 to 5"),
        (JUDGE | {"claims": "yes"}, "claims must be true or false"),
        (JUDGE | {"minimum": 0}, "minimum must be from 1 to 5"),
        (JUDGE | {"rubric": []}, "rubric must list criteria"),
        (JUDGE | {"rubric": [{"criterion": "clarity"}]}, "rubric must list criteria"),
        ({"output": "tol"}, "output must be tool or json"),
        (
            {
                "model": "anthropic.claude-sonnet-4-5-20250929-v1:0",
                "inference": {"max_tokens": 9, "temperature": 0.5, "top_p": 0.9},
            },
            "temperature or top_p for an Anthropic model, not both",
        ),
        ({"prompt": " \n"}, "prompt.md is empty"),
        ({"prompt": "For ${compny}."}, "prompt.md has an unknown variable: compny (there are: company)"),
        ({"prompt": "It is {{offer.amout}}."}, "prompt.md has an unknown slot: offer.amout (there are: offer.amount"),
        ({"required_slots": {"referral": ["offer.lnik"]}}, "required_slots has an unknown slot: offer.lnik"),
        ({"prompt": "It costs $ 5."}, "prompt.md has a $"),
        ({"prompt": "word" * 300_001}, "prompt.md has about 300001 tokens, and us.amazon.nova-lite-v1:0 takes 300000"),
        (JUDGE | {"prompt": "Judge."}, "prompt.md doesn't use the variable company"),
        ({"agent": "outreach#writer"}, "agent must be a name of a-z, 0-9 and -"),
        ({"owner": "Green Edge"}, "owner must be a name of a-z, 0-9 and -"),
        ({"label": "<b>"}, "label may have letters"),
        ({"inference": "warm"}, "inference must be an object"),
        ({"required_slots": ["offer.link"]}, "required_slots must list slots for each purpose"),
        ({"metrics": "ApprovalRate"}, "metrics must list metrics"),
        ({"metrics": ["CostMicros"]}, "metrics has an unknown metric: CostMicros (there are: ApprovalRate, "),
        ({"metrics": [7]}, "metrics has 7, which is neither a name nor an object"),
        ({"metrics": ["RetryRate", "RetryRate"]}, "metrics has RetryRate twice"),
        ({"metrics": [{"range": [0, 1]}]}, "a metric's name must be like JobBooked"),
        ({"metrics": [BOOKED | {"name": "ApprovalRate"}]}, "ApprovalRate has a range already: declare it by its name"),
        ({"metrics": [BOOKED | {"range": [1, 1]}]}, "JobBooked: range must be the worst and the best value"),
        ({"metrics": [{"name": "JobBooked"}]}, "JobBooked: range must be the worst and the best value"),
        ({"metrics": [BOOKED | {"matures_after_days": 91}]}, "matures_after_days must be a whole number from 0 to 90"),
        ({"metrics": [BOOKED | {"matures": 9}]}, "metric JobBooked has an unknown matures"),
    ],
)
def test_each_problem_is_refused(changes, problem):
    found = problems(**changes)
    assert [each for each in found if problem in each]


def test_a_metric_of_the_agent_s_own_has_a_range():
    assert problems(metrics=["ApprovalRate", BOOKED]) == []


def test_all_problems_are_listed_at_once():
    found = problems_of({"model": "unknown.model"}, "$ 5", allowed_models=ALLOWED)
    expected = [
        "no agent",
        "inference must be an object",
        "no price",
        "not among AllowedModels",
        "role must be",
        "starts no variable",
    ]
    assert all(any(words in each for each in found) for words in expected)
    assert len(found) == len(expected)


def test_the_hash_changes_with_everything_that_decides_behaviour_and_with_nothing_else():
    reordered = dict(reversed(CONFIG.items()))
    assert content_hash(CONFIG, "prompt") == content_hash(reordered, "prompt")
    assert content_hash(CONFIG, "prompt") != content_hash(CONFIG, "prompt ")
    assert content_hash(CONFIG, "prompt") != content_hash(CONFIG | {"model": "another"}, "prompt")
