"""Campaigns: many seeded trials of one promise. Short in scripts/test, whole by scripts/campaigns NAME."""

import os
from collections.abc import Callable

import pytest

from tests.workflow.conftest import deployed, sample

__all__ = ["deployed", "sample"]

WHOLE = os.environ.get("CAMPAIGN") == "whole"
# For what can't be had in a few seconds.
whole_only = pytest.mark.skipif(not WHOLE, reason="takes minutes: scripts/campaigns NAME")


@pytest.fixture
def trials() -> Callable[[int, int], int]:
    """How many trials: trials(short, whole)."""
    return lambda short, whole: whole if WHOLE else short


@pytest.fixture
def seed() -> int:
    """The campaign's seed, CAMPAIGN_SEED or 1; it is printed with the counts."""
    return int(os.environ.get("CAMPAIGN_SEED", "1"))


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a count or a figure, also when the campaign passes."""

    def tell(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}", end="", flush=True)  # noqa: T201 - a campaign's counts are its result

    return tell
