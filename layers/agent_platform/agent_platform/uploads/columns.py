"""The columns of a CSV file: each is named by the place in the event where its cells belong.

type, version, timestamp and id are the event's own; every other one is a path in its data, such as customer.id.
"""

import csv
import io
from collections.abc import Collection, Iterator, Sequence

OF_THE_EVENT = ("type", "version", "timestamp", "id")
_NEEDED = ("type", "version", "timestamp")
_DELIMITERS = ",;\t"
_BYTE_ORDER_MARK = "\ufeff"


def read_header(line: bytes) -> tuple[list[str], str, list[str]]:
    """The columns that a file's first line names, what separates them, and every reason why they can't be read."""
    try:
        text = line.decode().removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError:
        return [], ",", ["The first line is not UTF-8. Save the file as CSV UTF-8."]
    delimiter = max(_DELIMITERS, key=text.count)
    cells = cells_of(text, delimiter)
    if isinstance(cells, str):
        return [], delimiter, [f"The first line must name the columns: {cells}."]
    columns = [cell.strip() for cell in cells]
    return columns, delimiter, list(_problems(columns))


def cells_of(text: str, delimiter: str) -> list[str] | str:
    """The cells of one row, or why it is none."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        rows = []
    return rows[0] if len(rows) == 1 else "a quote in it isn't closed, or isn't doubled"


def path_of(column: str) -> tuple[str, ...]:
    """Where in the event a column's cells belong."""
    return (column,) if column in OF_THE_EVENT else ("data", *column.removeprefix("data.").split("."))


def _problems(columns: Sequence[str]) -> Iterator[str]:
    if missing := [name for name in _NEEDED if name not in columns]:
        none = " and no column ".join(missing)
        yield f"There is no column {none}: every line says which event it is, and when it was."
    paths = [path_of(column) for column in columns]
    for place, (column, path) in enumerate(zip(columns, paths, strict=True), start=1):
        if not all(path):
            yield f"Column {place} has no name."
        elif path in paths[: place - 1]:
            yield f"There are two columns {column}."
        elif _within(path, paths):
            yield f"{column} can't be a column, for others are parts of it ({column}.…)."


def _within(path: tuple[str, ...], paths: Collection[tuple[str, ...]]) -> bool:
    return any(other[: len(path)] == path and len(other) > len(path) for other in paths)
