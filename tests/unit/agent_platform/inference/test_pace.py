"""How much of its budgets a tenant has used, and how fast."""

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from agent_platform.inference.budgets import Budget
from agent_platform.inference.caps import Spent
from agent_platform.inference.pace import share_over, standings
from hypothesis import given
from hypothesis import strategies as st

# A third of November is over.
NOW = datetime(2026, 11, 11, tzinfo=UTC)
TODAY, MONTH = "2026-11-11", "2026-11"


def found(*spent, budget, now=NOW):
    """Where the lines stand, of which these amounts (line, period, settled, held) are used under one budget."""
    caps = SimpleNamespace(of=lambda _, period: (Spent(line, at, 0, settled, held)
                                                 for line, at, settled, held in spent if at == period))  # fmt: skip
    budgets = SimpleNamespace(of=lambda _, line: budget)
    return {each.line: each for each in standings("greenedge", caps=caps, budgets=budgets, now=now)}


def test_the_pace_is_what_is_used_over_what_might_be_by_now():
    assert share_over(NOW) == pytest.approx(1 / 3)
    [runs] = found(("runs", MONTH, 20, 10), budget=Budget(day=1000, month=90)).values()

    assert runs.used == pytest.approx(100 / 3)
    assert runs.pace == pytest.approx(100)


def test_what_is_used_is_the_day_s_or_the_month_s_share_whichever_is_nearer_to_its_cap():
    spent = [("runs", TODAY, 0, 40), ("runs", MONTH, 40, 40)]

    assert found(*spent, budget=Budget(day=50, month=1000))["runs"].used == 80
    assert found(*spent, budget=Budget(day=1000, month=100))["runs"].used == 80


def test_each_line_that_was_used_this_month_has_its_own():
    spent = [("runs", MONTH, 50, 0), ("evaluations", MONTH, 100, 0), ("rollouts", "2026-10", 100, 0)]

    assert {line: each.used for line, each in found(*spent, budget=Budget(1000, 100)).items()} == {
        "runs": 50,
        "evaluations": 100,
    }


def test_a_burst_on_the_first_of_a_month_is_no_pace_yet():
    early = datetime(2026, 11, 1, 2, tzinfo=UTC)
    [runs] = found(("runs", MONTH, 10, 0), budget=Budget(1000, 100), now=early).values()

    assert runs.pace == pytest.approx(100)


def test_of_a_cap_of_nothing_everything_is_used():
    [runs] = found(("runs", MONTH, 1, 0), budget=Budget(0, 0)).values()

    assert (runs.used, runs.pace) == (100, pytest.approx(300))


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2031, 1, 1)))  # noqa: DTZ001 - made aware below
def test_a_month_is_over_when_it_ends_in_utc_whatever_zone_it_is_told_in(moment):
    aware = moment.replace(tzinfo=UTC)

    assert 3 / 31 <= share_over(aware) <= 1
    assert share_over(aware) == share_over(aware.astimezone(timezone(timedelta(hours=-7))))
