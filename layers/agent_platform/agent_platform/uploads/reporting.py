"""The report on a file: line by line what became of it, and how many lines came to what."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import batched

from agent_platform.errors import PlatformError
from agent_platform.uploads.contracts import Plan, Range, Summary
from agent_platform.uploads.inbox import Inbox
from agent_platform.uploads.rows import ACCEPTED, DUPLICATE, HEADER, MISSING, REFUSED, results, written

_READ_AT_ONCE = 8


class IncompleteUploadError(PlatformError):
    """Some ranges of a file could not be taken in; the others were, and a further run of it tries these again."""


def report(plan: Plan, *, inbox: Inbox) -> Summary:
    """Put the reports on all ranges together and keep them with their counts.

    IncompleteUploadError if ranges are missing: the report says which, once it is kept.
    """
    folder = plan["upload"]["folder"]
    counted = _Counted(inbox, folder)
    # Of a file that is gone by now, too: what was taken in of it before stays told.
    ranges = inbox.ranges(folder) or []
    key = inbox.keep_report(folder, counted.pieces(ranges))
    counts = counted.counts
    summary: Summary = {
        "lines": counts.total(), "accepted": counts[ACCEPTED], "duplicate": counts[DUPLICATE],
        "refused": counts[REFUSED], "missing": counts[MISSING], "report": key, "problems": plan["problems"],
    }  # fmt: skip
    inbox.keep_summary(folder, summary)
    if summary["missing"]:
        raise IncompleteUploadError(f"{summary['missing']} of {summary['lines']} lines were not taken in")
    return summary


@dataclass(frozen=True)
class _Counted:
    """Reports on ranges, counted as they are put together."""

    inbox: Inbox
    folder: str
    counts: Counter[str] = field(default_factory=Counter)

    def pieces(self, ranges: Iterable[Range]) -> Iterator[bytes]:
        yield written([HEADER])
        with ThreadPoolExecutor(_READ_AT_ONCE) as pool:
            # A few at a time, for all of them may not fit into memory.
            for some in batched(ranges, 8 * _READ_AT_ONCE, strict=False):
                parts = pool.map(lambda of: self.inbox.part(self.folder, of["offset"]), some)
                for of, part in zip(some, parts, strict=True):
                    yield self._counted(of, part)

    def _counted(self, of: Range, part: bytes | None) -> bytes:
        if part is None:
            self.counts[MISSING] += of["lines"]
            return written([(str(of["first"]), MISSING, "", f"{of['lines']} lines from here on were not taken in")])
        self.counts.update(results(part))
        return part
