"""From a line of a file to an event as a webhook's body has it, with the id under which it happens once."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from agent_platform.ingest.acceptance import Refused, readable
from agent_platform.nested import nested
from agent_platform.tenants import keyed_hash
from agent_platform.uploads.columns import cells_of, path_of
from agent_platform.uploads.contracts import Upload
from agent_platform.uploads.records import Record

MOST_OF_AN_ID = 128
_BYTE_ORDER_MARK = "\ufeff"
ID_TAKEN = "/id: another event has it; a new event needs a new one"
ID_WANTED = {
    "pointer": "/id",
    "expected": f"an id of this event: a number, or text of 1 to {MOST_OF_AN_ID} printable characters without a dot",
}

# Of an event's type and version, the paths whose values are numbers and can't be text.
type Numbers = Callable[[str, int], Collection[tuple[str, ...]]]


@dataclass(frozen=True)
class Line:
    """An event that a line says, and its id: its own `id`, or else one that follows from what it says.

    None is an own id that can't be one.
    """

    event_id: str | None
    text: str


def line_of(record: Record, upload: Upload, *, numbers: Numbers, key: bytes) -> Line | Refused:
    """What a record says, or why it says nothing."""
    text = readable(record.content)
    if isinstance(text, Refused):
        return text
    text = text.removeprefix(_BYTE_ORDER_MARK)
    if upload["columns"] is None:
        text = text.strip()
        return _identified(text, _own_id(text), upload, key)
    # No tabs: they may separate cells, of which the first and the last may be empty.
    cells = cells_of(text.strip(" \r\n"), upload["delimiter"])
    if isinstance(cells, str):
        return Refused(400, f"The line is no row of CSV: {cells}.")
    if len(cells) != len(upload["columns"]):
        return Refused(400, f"The line has {len(cells)} cells, and the file has {len(upload['columns'])} columns.")
    event = _event(dict(zip(upload["columns"], cells, strict=True)), numbers)
    # As JSON a row is longer than it was.
    said = readable(json.dumps(event, ensure_ascii=False).encode())
    return said if isinstance(said, Refused) else _identified(said, event.get("id"), upload, key)


def _own_id(text: str) -> Any:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        # What is no JSON is refused under any id.
        return None
    return event.get("id") if isinstance(event, dict) else None


def _identified(text: str, own: Any, upload: Upload, key: bytes) -> Line:
    if own is None:
        said = json.dumps([upload["tenant"], upload["source"], text])
        # Keyed: a short line could be guessed from a hash that everybody can compute.
        return Line("line-" + keyed_hash(said.encode(), key=key)[:40], text)
    named = str(own) if isinstance(own, str | int) and not isinstance(own, bool) else ""
    # As a webhook-id must be.
    fits = 0 < len(named) <= MOST_OF_AN_ID and "." not in named and named.isprintable()
    return Line(named if fits else None, text)


def _event(cells: Mapping[str, str], numbers: Numbers) -> dict[str, Any]:
    """The event of a row: an empty cell says nothing, and what can't be text is read as a number, if it is one."""
    given = {column: cell.strip() for column, cell in cells.items() if cell.strip()}
    version = _number(given.get("version", ""))
    kind = (given.get("type", ""), version if isinstance(version, int) else 0)
    numeric = {("version",), *numbers(*kind)}
    return nested(
        (path_of(column), _number(cell) if path_of(column) in numeric else cell) for column, cell in given.items()
    )


def _number(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell
