"""scripts/backfill."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from agent_platform import aws
from agent_platform.errors import TransientError
from agent_platform.features.store import FeatureStore
from botocore.exceptions import BotoCoreError, ClientError
from outreach.brands import Brand, parse_brand
from outreach.contacts import Contacts
from outreach.erasure.lifting import Lifting
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from operations.backfill.lines import lines_of
from operations.backfill.pace import Pace
from operations.backfill.progress import DIFFERENT, PARTLY, REFUSED, Progress
from operations.backfill.running import WINDOW, Backfill, may_pass
from operations.customers import tenant_of
from operations.stack import Stack
from operations.terminal import Problem, arguments, err, next_step, out, run

_EXPLANATION = """\
Take services of the past into the feature store, from a CRM's export: CSV with a header, or JSON Lines.

Fields: customer_id and date are needed; id, type, price, currency, satisfaction, satisfaction_scale, crew and comment
say what is known of the service; locale, country and time_zone say how dates and prices are written. They are checked
and prepared as those of an event; crews and comments aren't kept. customer_name is kept nowhere: a type that holds it
is left out. Lines of a customer who was forgotten are refused. A service counts as known since its date, and is kept
for RetentionDays from when the backfill began.

Ctrl-C stops it, and the same command goes on where it was; running it again changes nothing. A line that says
something else of a service that was taken in is reported and changes nothing: let the CRM send service.corrected or
service.voided."""


def main(argv: Sequence[str]) -> int:
    """Take a file in; 1 if any line wasn't."""
    parser = arguments("backfill", _EXPLANATION)
    parser.add_argument("file", metavar="FILE|S3-URI", help="*.csv, *.jsonl or *.ndjson")
    parser.add_argument("--tenant", help="whose customers they are (default: the only tenant)")
    parser.add_argument("--per-second", type=float, default=500, metavar="N", help="services, at most (default: 500)")
    parser.add_argument("--report", type=Path, metavar="FOLDER", default=Path.cwd(),
                        help="where progress and the report of refused lines are kept (default: here)")  # fmt: skip
    given = parser.parse_args(argv)
    if given.per_second <= 0:
        parser.error("--per-second is above 0")
    stack = Stack(given.account)
    tenant = tenant_of(stack, given.tenant)
    with _local(stack, given.file) as path:
        progress = _progress(given.report, path, given.account, tenant)
        try:
            _run(_backfill(stack, tenant, per_second=given.per_second), path, progress)
        except KeyboardInterrupt:
            err.print(f"stopped after {progress.lines:,} lines; the same command goes on from there")
            raise
        except (TransientError, ClientError, BotoCoreError) as error:
            if not may_pass(error):
                raise
            raise Problem(
                f"Stopped after {progress.lines:,} lines: {aws.told(error)}, for minutes. "
                "Next: the same command, which goes on from there, with a smaller --per-second"
            ) from error
    return _told(progress, account=given.account, tenant=tenant)


def _progress(folder: Path, path: Path, account: str, tenant: str) -> Progress:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"backfill-{path.stem}-{account}-{tenant}.json"
    return Progress.of(kept, f"{account} {tenant} {content} by {WINDOW}", now=datetime.now(UTC))


def _backfill(stack: Stack, tenant: str, *, per_second: float) -> Backfill:
    return Backfill(
        tenant=tenant,
        brand=_brand(stack, tenant),
        key=stack.reference_key,
        retention_days=int(stack.parameters["RetentionDays"]),
        store=FeatureStore(table=stack.outputs["CustomerFeatures"], dynamodb=stack.dynamodb),
        contacts=Contacts(table=stack.outputs["OutreachContacts"], dynamodb=stack.dynamodb),
        lifting=Lifting(table=stack.outputs["OutreachContacts"], dynamodb=stack.dynamodb),
        pace=Pace(per_second),
    )


def _brand(stack: Stack, tenant: str) -> Brand:
    try:
        found = stack.client("s3").get_object(Bucket=stack.outputs["Brands"], Key=f"{tenant}/brand.json")
    except ClientError as error:
        raise Problem(f"{tenant} has no brand file ({error}). Next: scripts/seed") from None
    return parse_brand(found["Body"].read())


def _run(backfill: Backfill, path: Path, progress: Progress) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn())  # fmt: skip
    with err.status("counting lines …"):
        total = sum(1 for _ in lines_of(path))
    if progress.lines:
        err.print(f"going on after {progress.lines:,} of {total:,} lines")
    with Bar(*columns, console=err, transient=True) as bar:
        task = bar.add_task("services", total=total, completed=progress.lines)
        backfill.run(lines_of(path), progress, advance=lambda number: bar.advance(task, number))


def _told(progress: Progress, *, account: str, tenant: str) -> int:
    counts = progress.counts
    out.print(", ".join(f"{number:,} {what}" for what, number in counts.items()))
    if counts[REFUSED] or counts[PARTLY] or counts[DIFFERENT]:
        err.print(f"Lines and reasons: {progress.report}", soft_wrap=True, markup=False)
    if counts[DIFFERENT]:
        err.print("What was known already stays as it was. To change it: let the CRM send service.corrected")
    # What says who is like whom follows events, and no event came.
    next_step(f"scripts/features rebuild --profiles --tenant {tenant}", account)
    return 1 if counts[REFUSED] or counts[DIFFERENT] else 0


@contextmanager
def _local(stack: Stack, given: str) -> Iterator[Path]:
    """The file, fetched first if it lies in S3."""
    if not given.startswith("s3://"):
        if not Path(given).is_file():
            raise Problem(f"There is no file {given}")
        yield Path(given)
        return
    bucket, _, key = given.removeprefix("s3://").partition("/")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(key).name
        try:
            stack.client("s3").download_file(bucket, key, str(path))
        except ClientError as error:
            raise Problem(f"{given} can't be read: {error}") from None
        yield path


if __name__ == "__main__":
    run(main)
