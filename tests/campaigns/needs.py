"""A pytest plugin for tests of the deployed stack: notes what each needs the functions' roles for, and its time."""

import json
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

# Names the file that the needs are written to.
NEEDS = "TESTS_NEEDS"


class Decisions:
    """What IAM decided since one looked last."""

    def __init__(self) -> None:
        self._log = Path(os.environ["IAM_DECISIONS"])
        self._read = self._log.stat().st_size

    def news(self) -> list[dict[str, Any]]:
        """The decisions since then, each once."""
        with self._log.open() as file:
            file.seek(self._read)
            lines = file.read()
            self._read = file.tell()
        return [json.loads(line) for line in dict.fromkeys(lines.splitlines())]


class Notes:
    """Writes a line for each test that passed: its id, its seconds, and what was allowed for it.

    Who begins again with the same file runs what has no line yet.
    """

    # What a test leaves behind, as executions do that it didn't wait for, ends before the next one begins.
    _QUIET_SECONDS, _MOST_SECONDS = 0.4, 5.0

    def __init__(self, path: Path) -> None:
        self._path, self._failed = path, False

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what was noted before."""
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        noted = {json.loads(line)["test"] for line in lines}
        items[:] = [item for item in items if item.nodeid not in noted]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Run it, and note what it was about."""
        self._failed, decisions, begun = False, Decisions(), time.monotonic()
        done = yield
        seconds = time.monotonic() - begun
        if not self._failed:
            allowed = [each for each in decisions.news() if each["allowed"]]
            with self._path.open("a") as file:
                file.write(json.dumps({"test": item.nodeid, "seconds": seconds, "allowed": allowed}) + "\n")
        self._wait_for_quiet(decisions)
        return done

    def _wait_for_quiet(self, decisions: Decisions) -> None:
        ends = time.monotonic() + self._MOST_SECONDS
        while time.monotonic() < ends:
            time.sleep(self._QUIET_SECONDS)
            if not decisions.news():
                return

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that didn't pass shows nothing."""
        self._failed = self._failed or not report.passed


def pytest_configure(config: pytest.Config) -> None:
    """Note from now on."""
    config.pluginmanager.register(Notes(Path(os.environ[NEEDS])))
