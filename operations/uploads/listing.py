"""Uploaded files as they are listed: one row each."""

from collections.abc import Sequence
from typing import Any

from operations.stack import Stack
from operations.uploads.standing import DONE, RUNNING, Run, inbox_of, progress

_COUNTS = ("accepted", "duplicate", "refused", "missing")
# The name last, for what one types again must not be cut.
COLUMNS = ("began", "status", "lines", *_COUNTS, "file")


def row(stack: Stack, each: Run) -> dict[str, Any]:
    """A file, how far it is, and what became of its lines."""
    far = progress(inbox_of(stack), each)
    counted: dict[str, Any] = dict(far.summary or {})
    status, why = _standing(each, counted.get("problems", []))
    return {
        "file": each.file,
        "began": f"{each.began:%Y-%m-%d %H:%M:%S}",
        "status": status,
        "lines": counted.get("lines", f"{far.lines_done:,} of {far.lines:,}"),
        **{name: counted.get(name, "") for name in _COUNTS},
        "why": why,
    }


def _standing(each: Run, problems: Sequence[str]) -> tuple[str, str]:
    """How it stands with a file, and why; Step Functions calls done what could not be taken in, too."""
    if each.status == RUNNING:
        return "running", ""
    if problems:
        return "not taken in", " ".join(problems)
    if each.status == DONE:
        return "done", ""
    return "incomplete", f"{each.error or each.status}. Next: scripts/upload resume {each.file}"
