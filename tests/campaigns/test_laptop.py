"""On a laptop: the demo is interrupted, repeated and left without a network, in a copy of the project."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from local_aws import processes
from operations.scenarios import SCENARIOS
from operations.stack import ROOT
from tests.campaigns.conftest import whole_only

# While modules are loaded, in the build, and in the deployment; the whole form draws others, up to the end.
EARLY = [0.35, 1.5, 6.0]
WHOLE_DEMO_SECONDS = 20.0
AT_ONCE_SECONDS = 15.0
# A namespace of its own has no network but the loopback's, which the local AWS is on.
NO_NETWORK = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$0" "$@"']


@dataclass(frozen=True)
class Laptop:
    """A copy of the project with a local AWS of its own; what is interrupted there spoils nobody's build."""

    root: Path
    home: Path

    def start(self, *arguments: str, network: bool = True) -> subprocess.Popen[str]:
        """The demo in a session of its own, as a terminal has one."""
        return subprocess.Popen(
            [*([] if network else NO_NETWORK), self.root / "scripts/demo", *arguments],
            cwd=self.root, start_new_session=True, text=True,
            env=os.environ | {"LOCAL_AWS_HOME": str(self.home)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def demo(self, *, network: bool = True) -> CompletedProcess[str]:
        """The demo up to its end."""
        running = self.start("--json", network=network)
        out, err = running.communicate(timeout=300)
        return CompletedProcess(running.args, running.returncode, out, err)

    def interrupted(self, after: float) -> CompletedProcess[str]:
        """The demo, ended by Ctrl-C after so many seconds, with nothing of it left running."""
        running = self.start()
        try:
            out, err = running.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGINT)
            out, err = running.communicate(timeout=AT_ONCE_SECONDS)
        assert processes.of_instance(self.home / "tmp") == []
        # What was killed is gone a moment later.
        deadline = time.monotonic() + 5
        while (left := _of_session(running.pid)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert left == []
        return CompletedProcess(running.args, running.returncode, out, err)


def _of_session(leader: int) -> list[str]:
    """The command lines of the processes of a session that still run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader and fields[0] not in "ZX":
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Laptop:
    """A clone as somebody has it who never built: with environments, which take a minute to make, and nothing else."""
    root = tmp_path_factory.mktemp("laptop") / "project"
    left_out = shutil.ignore_patterns(".git", ".venvs", ".aws-sam", ".local-aws", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, root, ignore=left_out, symlinks=True)
    for name in ("dev", "sam", "local-aws", "lambda-runtime"):
        _lend_environment(root, name)
    return Laptop(root, tmp_path_factory.mktemp("home"))


def _lend_environment(root: Path, name: str) -> None:
    """Let the copy use an environment of this project as if scripts/environments had made it there."""
    lent = root / ".venvs" / name
    lent.mkdir(parents=True)
    for part in ("bin", "lib", "pyvenv.cfg"):
        (lent / part).symlink_to(ROOT / ".venvs" / name / part)
    requirements = (root / f"requirements/{name}.txt").read_bytes()
    checksum = subprocess.run(["cksum"], input=requirements, capture_output=True, check=True).stdout.decode().strip()
    (lent / ".made-from").write_text(f"{checksum} {root}\n")


def _check_interrupted(ended: CompletedProcess[str], after: float) -> None:
    assert ended.returncode == 130, (after, ended.stderr)
    assert ended.stderr.rstrip().endswith("interrupted"), (after, ended.stderr)
    assert "Traceback" not in ended.stderr, (after, ended.stderr)


def _check_shown(ended: CompletedProcess[str]) -> None:
    assert ended.returncode == 0, ended.stderr
    outcomes = [event["outcome"] for event in json.loads(ended.stdout)["events"]]
    assert outcomes == [scenario.expected for scenario in SCENARIOS]


def test_ctrl_c_ends_the_demo_at_once_and_leaves_nothing(laptop: Laptop) -> None:
    for after in EARLY:
        _check_interrupted(laptop.interrupted(after), after)


@whole_only
def test_after_ctrl_c_at_any_moment_the_next_demo_succeeds(
    laptop: Laptop, seed: int, trials: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    rng, count, late = random.Random(seed), trials(0, 8), 0
    for number in range(count):
        if number % 4 == 0:
            # A build that begins with nothing takes longest, and can be left half done.
            shutil.rmtree(laptop.root / ".aws-sam", ignore_errors=True)
        after = rng.uniform(0.05, WHOLE_DEMO_SECONDS)
        ended = laptop.interrupted(after)
        if ended.returncode == 0:
            late += 1
        else:
            _check_interrupted(ended, after)
    tell(f"laptop: seed {seed}, Ctrl-C at {count} moments of the demo, {late} of them after its end")
    assert late < count / 2
    _check_shown(laptop.demo())


@whole_only
def test_the_demo_works_twice_in_a_row_and_then_without_a_network(laptop: Laptop, tell: Callable[[str], None]) -> None:
    seconds = []
    for network in (True, True, False):
        began = time.monotonic()
        _check_shown(laptop.demo(network=network))
        seconds.append(f"{time.monotonic() - began:.0f} s")
        assert processes.of_instance(laptop.home / "tmp") == []
    tell(f"laptop: the demo once, again, and without a network: {', '.join(seconds)}")
