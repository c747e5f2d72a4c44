"""A pytest plugin for tests of the deployed stack: runs each for each grant that is taken from a role meanwhile."""

import json
import os
import signal
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from operations.stack import Stack
from tests.campaigns.grants import Grant, removed
from tests.campaigns.needs import Decisions

# Names the file with what to remove for which test, and the one that the findings are written to.
PLAN, FINDINGS = "REMOVALS_PLAN", "REMOVALS_FINDINGS"
# A test that misses a grant may wait for what never comes: this many times as long as it takes otherwise, and some.
PATIENCE, MORE_SECONDS = 2, 4
# Characters of a failure, its end.
MOST_TOLD = 1_000


class TooSlowError(Exception):
    """A test waited in vain."""


class Removals:
    """Runs a test as ever, then for each of its grants without and again with it; what it found is a line each."""

    def __init__(self, plan: dict[str, Any], findings: Path) -> None:
        self._plan, self._findings, self._stack = plan, findings, Stack("local")
        self._limit = 0.0

    def pytest_runtest_protocol(self, item: pytest.Item) -> bool:
        """Only without the grant it must fail, and because it was refused that."""
        self._limit, begun = 0, time.monotonic()
        before = self._failure(item)
        self._limit = (time.monotonic() - begun) * PATIENCE + MORE_SECONDS
        for grant in (Grant(**each) for each in self._plan[item.nodeid]):
            with removed(self._stack, grant):
                decisions = Decisions()
                without = self._failure(item)
                denied = any(not each["allowed"] and grant.covers(each) for each in decisions.news())
            after = self._failure(item)
            missed = before is None and without is not None and denied and after is None
            told = {"missed": missed, "denied": denied, "before": before, "without": without, "after": after}
            self._note(grant.as_json() | {"test": item.nodeid} | told)
        return True

    def _failure(self, item: pytest.Item) -> str | None:
        """Run it: what it failed with, None if it passed."""
        reports = runtestprotocol(item, log=False, nextitem=_of_another_module(item))
        return next((report.longreprtext[-MOST_TOLD:] for report in reports if report.failed), None)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        with _at_most(self._limit):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        with _at_most(self._limit):
            return (yield)

    def _note(self, finding: dict[str, Any]) -> None:
        with self._findings.open("a") as file:
            file.write(json.dumps(finding) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Remove what the plan says."""
    plan = json.loads(Path(os.environ[PLAN]).read_text())
    config.pluginmanager.register(Removals(plan, Path(os.environ[FINDINGS])))


def _of_another_module(item: pytest.Item) -> pytest.Item:
    """A test for which everything of this one's module is taken down, and nothing of the session's."""
    return next((each for each in item.session.items if each.path != item.path), item)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """End what takes longer; no limit without seconds."""

    def end(signum: int, frame: FrameType | None) -> None:
        raise TooSlowError(f"took longer than {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
