"""What is said of a plan on the command line, and how a plan is said."""

import argparse

import pytest
from agent_platform.experiments.plans import Plan

from operations.agents import rollouts
from operations.agents.statuses import in_words, lasting


@pytest.fixture
def parse():
    parser = argparse.ArgumentParser()
    rollouts.add(parser.add_subparsers(dest="command"))
    return lambda *more: parser.parse_args(["rollout", "outreach-writer", "2", "--reason", "cooler", *more])


@pytest.mark.parametrize(
    ("option", "given", "read"),
    [
        ("margin", "5%", 0.05),
        ("margin", "2.5 %", 0.025),
        ("margin", "0.1", 0.1),
        ("steps", "10,50,100", [1_000, 5_000, 10_000]),
        ("steps", "2.5 %, 100 %", [250, 10_000]),
        ("horizon", "90s", 90),
        ("horizon", "15m", 900),
        ("minimum_time", "6h", 21_600),
        ("horizon", "14d", 1_209_600),
        ("minimum_sample", "40", 40),
        ("most_cost_ratio", "2", 2.0),
    ],
)
def test_an_option_is_read(parse, option, given, read):
    assert getattr(parse(f"--{option.replace('_', '-')}", given), option) == read


@pytest.mark.parametrize(
    ("option", "given"), [("margin", "five"), ("margin", "-5%"), ("steps", "ten"), ("horizon", "14"), ("horizon", "2w")]
)
def test_what_can_t_be_read_is_refused_in_words(parse, capsys, option, given):
    with pytest.raises(SystemExit):
        parse(f"--{option}={given}")

    assert f"{given} {'are' if option == 'steps' else 'is'} no " in capsys.readouterr().err


def test_what_is_shown_as_usual_is_what_a_plan_is_of_which_nothing_is_said():
    document = Plan().document()

    assert {name: kind(usual) for name, (kind, usual, _) in rollouts._PLAN.items()} == {
        name: value for name, value in document.items() if name not in {"metrics", "own_metrics"}
    }


def test_only_what_was_said_is_asked_for(parse):
    given = parse("--margin", "10%")

    assert {name for name in rollouts._PLAN if getattr(given, name) is not None} == {"margin"}


def test_a_plan_in_words_has_everything_that_decides():
    assert in_words(Plan()) == (
        "10 → 50 → 100 % of the customers, as long as ApprovalRate is at most 5.0% worse at α = 0.05. "
        "Each step takes at least 6 h and 100 customers of each arm; a look every 1 h; "
        "back to the baseline after 14 d without a decision."
    )


@pytest.mark.parametrize(("seconds", "said"), [(90, "90 s"), (900, "15 min"), (5_400, "90 min"), (172_800, "2 d")])
def test_a_time_is_said_as_it_would_be_given(seconds, said):
    assert lasting(seconds) == said
