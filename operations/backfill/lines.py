"""The lines of an export: CSV with a header or JSON Lines, each with its number or the reason why it is none."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from outreach.backfill import POINTERS

from operations.terminal import Problem

FORMATS = {".csv": "CSV", ".jsonl": "JSON Lines", ".ndjson": "JSON Lines"}
_NEEDED = ("customer_id", "date")


@dataclass(frozen=True)
class Line:
    """One line: the number on which it ends, and its fields, or why it has none."""

    number: int
    fields: dict[str, Any] | None
    reason: str | None = None


def lines_of(path: Path) -> Iterator[Line]:
    """Every line that isn't blank; Problem if the file is of neither format, or its header lacks a column."""
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        names = " or ".join(f"*{suffix}" for suffix in FORMATS)
        raise Problem(f"{path.name} is neither CSV nor JSON Lines by its name. Name it {names}")
    # What isn't UTF-8 is found in its own line, and doesn't end the run.
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for line in _csv(file) if kind == "CSV" else _json_lines(file):
            spoilt = line.fields is not None and "\ufffd" in str(line.fields)
            yield Line(line.number, None, "text that isn't UTF-8") if spoilt else line


def _csv(file: IO[str]) -> Iterator[Line]:
    reader = csv.DictReader(file, strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
    except csv.Error as error:
        raise Problem(f"The header is no CSV: {error}") from None
    if missing := [name for name in _NEEDED if name not in header]:
        raise Problem(
            f"The header has no {' and no '.join(missing)}. Columns that are read: {', '.join(POINTERS)}. "
            "Rename the columns of the export, in its first line"
        )
    reader.fieldnames = header
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            yield Line(reader.reader.line_num, None, f"no CSV: {error}")
            continue
        if fields is None:
            return
        more = None in fields
        yield Line(reader.line_num, None if more else fields, "more cells than the header has" if more else None)


def _json_lines(file: IO[str]) -> Iterator[Line]:
    for number, text in enumerate(file, start=1):
        if not text.strip():
            continue
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            fields = None
        yield Line(number, fields) if isinstance(fields, dict) else Line(number, None, "no JSON object")
