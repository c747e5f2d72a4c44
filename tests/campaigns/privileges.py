"""Which test misses what a role allows: learnt from IAM's decisions, then shown by taking it away.

What a run found stays in a folder that belongs to the code it was found for, so that a run that was cut short goes on.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from operations.stack import ROOT
from tests.campaigns.grants import Grant
from tests.campaigns.needs import NEEDS
from tests.campaigns.removals import FINDINGS, PLAN
from tests.workflow.deployed import STANDING

type Key = tuple[str, str, str]

# Which test misses which grant: function, action, resource, test; null as long as no run has shown it.
TABLE = ROOT / "tests/campaigns/missed_grants.json"
# What the local AWS doesn't check of a service, and where it is held against what is called or declared.
CALLS, DECLARED = "tests/integration/outreach/test_unchecked_actions.py", "tests/infrastructure/test_service_roles.py"
STREAM = "tests/infrastructure/test_stream.py"
UNCHECKED = {
    "bedrock": CALLS, "s3vectors": CALLS, "logs": DECLARED, "xray": DECLARED, "sqs": DECLARED, "kinesis": STREAM,
}  # fmt: skip
# It calls what isn't there missing, and not forbidden, also for who may not list its bucket.
ABSENT = "tests/infrastructure/test_least_privilege.py"
UNCHECKED_OF = {
    ("BulkIngestAcceptLinesFunction", "s3:ListBucket"): ABSENT,
    ("BulkIngestReportUploadFunction", "s3:ListBucket"): ABSENT,
}
# Tests that may be asked before a grant counts as one that nobody needs.
MOST_TESTS = 8
_FOUND_FOR = ("template.yaml", "statemachines", "functions", "layers", "tests/workflow", "tests/campaigns")


def table() -> dict[Key, str | None]:
    """The test that misses each grant, as the last run left it."""
    return {(function, action, resource): test for function, action, resource, test in json.loads(TABLE.read_text())}


def shown() -> dict[Key, str]:
    """The rows of the table that a run has shown."""
    return {key: test for key, test in table().items() if test}


def folder(kind: str) -> Path:
    """Where a run of this kind and of this code keeps what it found."""
    digest = hashlib.sha256()
    for name in _FOUND_FOR:
        path = ROOT / name
        for file in sorted(path.rglob("*.*")) if path.is_dir() else [path]:
            if file.suffix in {".py", ".json", ".yaml", ".md", ".txt"} and file != TABLE:
                digest.update(file.read_bytes())
    return ROOT / ".local-aws/iam" / kind / digest.hexdigest()[:16]


@dataclass(frozen=True)
class Privileges:
    """The grants of a deployed stack, and what a folder knows of who needs them."""

    grants: list[Grant]
    folder: Path

    def learn(self) -> None:
        """Run the whole workflow suite once, if that wasn't done, and note what each test needs; it must pass."""
        needs = self.folder / "needs.jsonl"
        if needs.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        raw = self.folder / "needs.raw"
        ended = _tests("tests.campaigns.needs", ["tests/workflow"], {NEEDS: raw})
        passed = ended.returncode in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
        assert passed, f"the workflow suite must pass with every policy as written:\n{ended.stdout}"
        unfinished = needs.with_suffix(".part")
        unfinished.write_text("".join(json.dumps(line) + "\n" for line in self._lines(raw)))
        unfinished.rename(needs)

    def candidates(self) -> dict[Key, list[str]]:
        """The tests for which each grant was used, the fastest first."""
        used: dict[Key, list[tuple[float, str]]] = defaultdict(list)
        for line in _read(self.folder / "needs.jsonl"):
            for key in map(tuple, line["keys"]):
                used[key].append((line["seconds"], line["test"]))
        return {key: [test for _, test in sorted(tests)] for key, tests in used.items()}

    def remove(self, of_test: dict[str, list[Grant]]) -> None:
        """Run each test without each of its grants; what doesn't come to a finding is an error of the plan."""
        self.folder.mkdir(parents=True, exist_ok=True)
        plan = self.folder / "plan.json"
        plan.write_text(json.dumps({test: [each.as_json() for each in own] for test, own in of_test.items()}))
        files = {PLAN: plan, FINDINGS: self.folder / "findings.jsonl"}
        ended = _tests("tests.campaigns.removals", of_test, files)
        found = self.found()
        assert all(test in found[each.key] for test, own in of_test.items() for each in own), ended.stdout

    def found(self) -> dict[Key, dict[str, bool]]:
        """Whether each test that was asked missed the grant, by grant."""
        known: dict[Key, dict[str, bool]] = defaultdict(dict)
        for line in _read(self.folder / "findings.jsonl"):
            known[line["function"], line["action"], line["shown"]][line["test"]] = line["missed"]
        return known

    def missed(self) -> dict[Key, str]:
        """The test that missed each grant."""
        return {key: test for key, tests in self.found().items() for test, missed in tests.items() if missed}

    def next_round(self) -> dict[str, list[Grant]]:
        """For each grant that no test missed yet, the next test that may: the table's own, then the fastest."""
        found, missed, candidates, known = self.found(), self.missed(), self.candidates(), shown()
        seconds = {line["test"]: line["seconds"] for line in _read(self.folder / "needs.jsonl")}
        plan: dict[str, list[Grant]] = defaultdict(list)
        for grant in self.grants:
            # What a process reads once, a brand or a key, was read in the suite by whichever test came first.
            before = [known[grant.key]] if grant.key in known else []
            asked = list(dict.fromkeys([*before, *candidates.get(grant.key, [])]))[:MOST_TESTS]
            left = [test for test in asked if test not in found.get(grant.key, {})]
            if left and grant.key not in missed:
                plan[left[0]].append(grant)
        return dict(sorted(plan.items(), key=lambda test: seconds.get(test[0], 0)))

    def unchecked(self) -> list[Grant]:
        """What the local AWS decides nothing on: of a service that it doesn't check, and used by no test."""
        used = self.candidates()
        return [each for each in self.grants if held_elsewhere(each.function, each.action) and each.key not in used]

    def _lines(self, raw: Path) -> Iterator[dict[str, Any]]:
        for line in _read(raw):
            keys = {each.key for each in self.grants if any(each.covers(decision) for decision in line["allowed"])}
            yield {"test": line["test"], "seconds": line["seconds"], "keys": sorted(keys)}


def service_of(action: str) -> str:
    """The service whose action it is."""
    return action.partition(":")[0]


def held_elsewhere(function: str, action: str) -> str | None:
    """Where a function's action is held if the local AWS decides nothing on it."""
    return UNCHECKED_OF.get((function, action)) or UNCHECKED.get(service_of(action))


def _tests(plugin: str, tests: Iterable[str], files: dict[str, Path]) -> subprocess.CompletedProcess[str]:
    """Tests of the stack that stands, with a plugin of ours."""
    environment = os.environ | {STANDING: "1"} | {name: str(path) for name, path in files.items()}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", plugin, *tests],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    # The last line of a run that was killed may be half a line.
    return [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]
