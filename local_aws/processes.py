"""The processes of one instance, told apart from all others on the machine (Linux and WSL2: read from /proc)."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Process:
    """A process by its id and the clock tick in which it started: a recycled id is another process."""

    pid: int
    started: int

    @property
    def alive(self) -> bool:
        """Whether it still runs; one that ended and waits to be collected doesn't."""
        return identify(self.pid) == self


def identify(pid: int) -> Process | None:
    """The process that has this id now."""
    try:
        # The name before the last parenthesis may hold anything, spaces and parentheses included.
        fields = Path(_PROC, str(pid), "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, started = fields[0], int(fields[19])
    return None if state in "ZX" else Process(pid, started)


def start(command: Sequence[str | Path], *, environment: Mapping[str, str], folder: Path, log: Path) -> Process:
    """Start a process that outlives this one, in a session of its own, writing to its log."""
    with log.open("wb") as output:
        pid = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ).pid
    # One that has already ended can't be told by a start time; no process has this one.
    return identify(pid) or Process(pid, -1)


def of_instance(temporary: Path) -> list[Process]:
    """Every process whose TMPDIR is the instance's own: its servers, the functions, and whatever those started."""
    return [process for process in _running() if _has_tmpdir(process.pid, temporary)]


def end(temporary: Path, *, politely: Collection[Process], grace_seconds: float) -> list[Process]:
    """End every process of an instance, some of them by asking first; gives back what could not be ended."""
    asked = [process for process in of_instance(temporary) if process in politely]
    for process in asked:
        _signal(process, signal.SIGTERM)
    _wait_until(lambda: not any(process.alive for process in asked), grace_seconds)
    _wait_until(lambda: not _kill_all(temporary), grace_seconds)
    return of_instance(temporary)


def _kill_all(temporary: Path) -> list[Process]:
    remaining = of_instance(temporary)
    for process in remaining:
        _signal(process, signal.SIGKILL)
    return remaining


def _wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)


def _running() -> Iterator[Process]:
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (process := identify(int(entry.name))):
            yield process


def _has_tmpdir(pid: int, folder: Path) -> bool:
    try:
        variables = Path(_PROC, str(pid), "environ").read_bytes().split(b"\0")
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        # Another user's, or gone.
        return False
    own = b"TMPDIR=" + os.fsencode(folder)
    return any(variable == own or variable.startswith(own + b"/") for variable in variables)


def _signal(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        if process.alive:
            os.kill(process.pid, number)
