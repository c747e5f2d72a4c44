"""The rows of a report: a line's number, what became of it, its receipt, and every problem that it has."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator

ACCEPTED, DUPLICATE, REFUSED, MISSING = "accepted", "duplicate", "refused", "missing"
HEADER = ("line", "result", "receipt", "problems")

# All problems of a line stand in one cell, and may be thousands.
csv.field_size_limit(sys.maxsize)

type Row = tuple[str, str, str, str]


def written(rows: Iterable[Row]) -> bytes:
    """Rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def results(part: bytes) -> Iterator[str]:
    """What became of each line of which these rows tell."""
    return (row[1] for row in csv.reader(io.StringIO(part.decode(), newline="")))
