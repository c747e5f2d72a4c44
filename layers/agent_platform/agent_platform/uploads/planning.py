"""A plan of a file: whose it is, what its lines are, and in which ranges they are taken in, all in one pass over it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from agent_platform.patterns import lazy_pattern
from agent_platform.tenants import TENANT_NAME
from agent_platform.uploads.columns import read_header
from agent_platform.uploads.contracts import Arrived, Plan, Range, Upload
from agent_platform.uploads.inbox import GONE, Inbox, folder_of
from agent_platform.uploads.records import Record, records

CSV, JSON_LINES = {".csv"}, {".jsonl", ".ndjson"}
# What a Map answers, a few characters for each range, has to fit into 256 KiB.
MOST_RANGES = 40_000
# So that a range, however long its lines, is taken in within the function's time.
_MOST_BYTES_OF_A_RANGE = 4 * 1024 * 1024
_ADDRESS = lazy_pattern(rf"inbox/({TENANT_NAME.pattern})/({TENANT_NAME.pattern})/([^/]+)")


@dataclass(frozen=True)
class Planner:
    """What a plan is made with: the inbox, whose a source is, and how much is done at a time."""

    inbox: Inbox
    tenant_of: Callable[[str], str | None]
    batch_lines: int
    concurrency: int

    def plan(self, arrived: Arrived) -> Plan:
        """The plan of a file, which an earlier run's stays as it is; what that one did is left out.

        A file that can't be taken in has no ranges and every reason why.
        """
        upload, problems = self._addressed(arrived)
        content = self.inbox.content(arrived)
        if content is None:
            problems.append(GONE)
        ranges = self._ranges(upload, content, problems) if content and not problems else []
        left = [] if problems else self._left(upload["folder"], ranges)
        return {
            "upload": upload,
            "bucket": self.inbox.bucket,
            "left_key": self.inbox.keep_ranges(upload["folder"], "left", left),
            "left": len(left),
            "ranges": len(ranges),
            "lines": sum(each["lines"] for each in ranges),
            "concurrency": self.concurrency,
            "problems": problems,
        }

    def _addressed(self, arrived: Arrived) -> tuple[Upload, list[str]]:
        """Whose file it is, as its key says, and what speaks against it."""
        address = _ADDRESS.fullmatch(arrived["key"])
        tenant, source = (address[1], address[2]) if address else ("", "")
        problems = []
        if not address:
            problems.append("A file's key is inbox/<tenant>/<source>/<file>, as scripts/upload makes it.")
        elif self.tenant_of(source) != tenant:
            problems.append(f"{tenant} has no source {source}. scripts/source list says which there are.")
        if _suffix(arrived["key"]) not in CSV | JSON_LINES:
            problems.append("The file is neither CSV nor JSON Lines by its name: *.csv, *.jsonl or *.ndjson.")
        upload: Upload = {
            "tenant": tenant, "source": source, "key": arrived["key"], "etag": arrived["etag"],
            "folder": folder_of(arrived), "columns": None, "delimiter": ",",
        }  # fmt: skip
        return upload, problems

    def _ranges(self, upload: Upload, content: Iterator[bytes], problems: list[str]) -> list[Range]:
        """The ranges of a file; its columns are noted in the upload, and what speaks against it in the problems."""
        is_csv = _suffix(upload["key"]) in CSV
        found = records(content, quoted=is_csv)
        if is_csv and (header := next(found, None)):
            upload["columns"], upload["delimiter"], wrong = read_header(header.content)
            problems.extend(wrong)
        ranges = self.inbox.ranges(upload["folder"])
        if problems or ranges is not None:
            return ranges or []
        ranges = list(islice(_together(found, self.batch_lines), MOST_RANGES + 1))
        if not ranges:
            problems.append("The file has no lines.")
        if len(ranges) > MOST_RANGES:
            problems.append(f"The file has more than {MOST_RANGES * self.batch_lines:,} lines. Split it.")
        if not problems:
            self.inbox.keep_ranges(upload["folder"], "ranges", ranges)
        return ranges

    def _left(self, folder: str, ranges: Iterable[Range]) -> list[Range]:
        done = self.inbox.done(folder)
        return [each for each in ranges if each["offset"] not in done]


def _together(found: Iterable[Record], most: int) -> Iterator[Range]:
    current: Range | None = None
    for record in found:
        full = current and (
            current["lines"] == most or record.end - current["offset"] > _MOST_BYTES_OF_A_RANGE
        )  # fmt: skip
        if current and not full:
            current["length"], current["lines"] = record.end - current["offset"], current["lines"] + 1
            continue
        if current:
            yield current
        current = {"first": record.number, "offset": record.offset, "length": record.length, "lines": 1}
    if current:
        yield current


def _suffix(key: str) -> str:
    return PurePosixPath(key).suffix.lower()
