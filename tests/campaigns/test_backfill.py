"""A backfill's promise: every service of a file is in its customer's row once, wherever a run is stopped."""

import csv
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from agent_platform.features.store import FeatureStore
from agent_platform.moments import iso
from agent_platform.tenants import customer_reference
from outreach.features.customer import CUSTOMER

from operations.stack import ROOT
from tests.workflow.deployed import Deployed

SERVICES_EACH, BROKEN_OF = 4, 100
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


class Export:
    """A CRM's export in no order, one in a hundred of its lines broken; and what must come of it."""

    def __init__(self, path: Path, lines: int, random: Random) -> None:
        self.path, self.broken = path, 0
        self.counts: Counter[str] = Counter()
        self.paid: dict[str, int] = defaultdict(int)
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("customer_id", "id", "date", "type", "price", "currency", "satisfaction"))
            for number in range(lines):
                writer.writerow(self._line(number, f"past-{random.randrange(lines // SERVICES_EACH)}", random))

    def _line(self, number: int, customer: str, random: Random) -> tuple[str, ...]:
        date, minor = NOW - timedelta(minutes=random.randrange(3 * 365 * 1440)), random.randrange(1000, 30_000)
        broken = random.randrange(BROKEN_OF) == 0
        if broken:
            self.broken += 1
        else:
            self.counts[customer] += 1
            self.paid[customer] += minor
        day = "someday" if broken else iso(date)
        return customer, f"s-{number}", day, "weekly mow", f"{minor / 100:.2f}", "USD", str(random.randint(1, 5))


def begin(export: Export, folder: Path) -> "subprocess.Popen[str]":
    """scripts/backfill on the local AWS, as a process that may be stopped."""
    command = [sys.executable, "-m", "operations.backfill", str(export.path), "--report", str(folder),
               "--per-second", "100000"]  # fmt: skip
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def stop(process: "subprocess.Popen[str]", progress: Path, how: signal.Signals) -> None:
    """Stop it once it has come further than it was."""
    before = progress.read_bytes() if progress.exists() else b""
    while (progress.read_bytes() if progress.exists() else b"") == before:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(how)
    process.communicate(timeout=120)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGKILL: -9}[how]


def test_every_service_is_there_once_though_the_run_was_stopped_and_killed(
    deployed: Deployed, trials, seed, tell, tmp_path
):
    export = Export(tmp_path / "export.csv", trials(1_000, 100_000), Random(seed))
    progress = tmp_path / "backfill-export-local-greenedge.json"
    began = time.monotonic()
    for how in (signal.SIGINT, signal.SIGKILL):
        stop(begin(export, tmp_path), progress, how)
    told, problems = begin(export, tmp_path).communicate()
    seconds = time.monotonic() - began
    taken_in = export.counts.total()
    assert f"{taken_in:,} taken in, {export.broken:,} refused" in told, problems
    reported = progress.with_suffix(".report.jsonl").read_text().splitlines()
    assert len(reported) == export.broken
    wrong = list(violations(deployed, export))
    assert wrong == []
    tell(f"seed {seed}: {taken_in:,} services of {len(export.counts):,} customers, {export.broken:,} lines refused,"
         f" stopped by Ctrl-C and by kill -9: every row right; {taken_in / seconds:,.0f} a second")  # fmt: skip


def violations(deployed: Deployed, export: Export):
    """Customers of whom something else is read than the file says."""
    stack = deployed.stack
    store = FeatureStore(table=stack.outputs["CustomerFeatures"], dynamodb=stack.dynamodb)
    for customer, count in export.counts.items():
        reference = customer_reference(deployed.tenant, customer, key=stack.reference_key)
        row = store.read(deployed.tenant, reference, CUSTOMER, now=datetime.now(UTC))
        found = row and (row.values["service_count"]["value"], row.values["lifetime_value"]["value"])
        if found != (count, {"USD": export.paid[customer]}):
            yield f"{customer}: {found}, not {count} services for {export.paid[customer]}"
