"""A file's promise: whatever stops its run, every line is reported on once, and every event is there once."""

import csv
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from local_aws import processes, service
from operations.seed import FIRST_SOURCE
from operations.uploads.standing import RUNNING, Run, inbox_of, now_of, progress, run_of
from tests.campaigns.crashes import functions_of
from tests.workflow.deployed import Deployed, said

REFUSED_OF, REPEATED_OF = 50, 40


class Upload:
    """JSON Lines: the first and one in fifty break their contract in two places, one in forty repeats another."""

    def __init__(self, path: Path, lines: int, random: Random) -> None:
        self.path, self.lines = path, lines
        self.refused: set[int] = set()
        self.said: dict[str, int] = {}
        with path.open("w") as file:
            for number in range(1, lines + 1):
                file.write(self._line(number, random) + "\n")

    def _line(self, number: int, random: Random) -> str:
        if self.said and random.randrange(REPEATED_OF) == 0:
            return random.choice(list(self.said))
        event: dict[str, Any] = {
            "type": "customer.updated", "version": 1, "timestamp": "2026-05-12T16:00:00Z",
            "data": {"customer": {"id": f"bulk-{self.path.stem}-{number}", "name": f"Customer {number}"}},
        }  # fmt: skip
        if number == 1 or random.randrange(REFUSED_OF) == 0:
            self.refused.add(number)
            event |= {"timestamp": "some day", "data": {"customer": {"id": " "}}}
        else:
            self.said[json.dumps(event)] = number
        return json.dumps(event)


@pytest.fixture
def _small_steps(deployed: Deployed, trials) -> Iterator[None]:
    """Ranges so small, and so few at a time, that some are done while others are not begun."""
    client, name = deployed.stack.client("lambda"), functions_of(deployed.stack)["BulkIngestPlanUpload"]
    own = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]

    def give(**changes: str) -> None:
        client.update_function_configuration(FunctionName=name, Environment={"Variables": own | changes})

    give(BULK_BATCH_LINES=str(trials(20, 50)), BULK_CONCURRENCY=str(trials(1, 4)))
    yield
    give()


@pytest.mark.usefixtures("_small_steps")
def test_every_line_counts_once_though_its_run_is_killed_and_the_file_comes_again(
    deployed: Deployed, trials, seed, tell, tmp_path
):
    upload = Upload(tmp_path / f"bulk-{seed}.jsonl", trials(120, 20_000), Random(seed))
    before, began = receipts(deployed), time.monotonic()
    said("upload", str(upload.path), "--source", FIRST_SOURCE)
    killed = kill_some_that_take_lines_in(deployed, taking_in(deployed, upload.path.name), enough=trials(10, 50))
    said("upload", "resume", upload.path.name, status=1)
    seconds = time.monotonic() - began
    rows = list(csv.DictReader(said("upload", "report", upload.path.name).splitlines()))
    assert list(wrong_in(rows, upload)) == []
    new = receipts(deployed) - before
    assert len(new) == len(upload.said)
    assert {row["receipt"] for row in rows if row["receipt"]} == new
    again = upload.path.rename(tmp_path / f"again-{seed}.jsonl")
    told = said("upload", str(again), "--source", FIRST_SOURCE, "--follow", status=1)
    known = upload.lines - len(upload.refused)
    assert f"0 accepted, {known:,} duplicate, {len(upload.refused):,} refused" in told
    assert receipts(deployed) == before | new
    tell(f"seed {seed}: {upload.lines:,} lines, {len(upload.refused):,} refused, {known - len(new):,} said twice;"
         f" {killed} processes killed, then resumed: every line once, {upload.lines / seconds:,.0f} a second;"
         " the same file again: nothing new")  # fmt: skip


def wrong_in(rows: list[dict[str, str]], upload: Upload) -> Iterator[str]:
    """What a report says that isn't so."""
    if [int(row["line"]) for row in rows] != list(range(1, upload.lines + 1)):
        yield "not every line is there once"
    if {int(row["line"]) for row in rows if row["result"] == "refused"} != upload.refused:
        yield "others are refused than break their contract"
    for row in rows:
        if row["result"] == "refused" and not all(place in row["problems"] for place in ("/timestamp", "/data/cust")):
            yield f"line {row['line']} has two problems, and is told of {row['problems']}"
    # What a killed process had recorded is a duplicate when its range is begun again.
    if Counter(row["result"] for row in rows)["accepted"] > len(upload.said):
        yield "more are accepted than say something"


def receipts(deployed: Deployed) -> set[str]:
    """Every event of the stack."""
    return {each["record"].replace("#", ".", 1) for each in deployed.items("EventRecords") if each["part"] == "receipt"}


def taking_in(deployed: Deployed, name: str) -> Run:
    """The run over a file, once some of its lines are taken in."""
    inbox = inbox_of(deployed.stack)
    deployed.until(lambda: progress(inbox, run_of(deployed.stack, name)).lines_done, "the first lines")
    return run_of(deployed.stack, name)


def kill_some_that_take_lines_in(deployed: Deployed, run: Run, *, enough: int) -> int:
    """Kill the function's processes one after another, and let the run come to its end, which is none; how many."""
    function, killed = functions_of(deployed.stack)["BulkIngestAcceptLines"], set()
    while (run := now_of(deployed.stack, run)).status == RUNNING:
        for process in of_function(function) if len(killed) < enough else ():
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
                killed.add(process)
        time.sleep(0.1)
    assert run.status == "FAILED"
    return len(killed)


def of_function(name: str) -> Iterator[processes.Process]:
    """The processes in which a function runs now, on this local AWS and on no other."""
    for process in processes.of_instance(service.home() / "tmp"):
        # It may have come to its end meanwhile.
        with suppress(FileNotFoundError, ProcessLookupError):
            environment = Path("/proc", str(process.pid), "environ").read_bytes().split(b"\0")
            if f"AWS_LAMBDA_FUNCTION_NAME={name}".encode() in environment:
                yield process
