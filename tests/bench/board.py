"""The table of scripts/bench: a line for each kind of figure, as it stands in the JSON, and what it was before."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from rich.text import Text

from operations.terminal import out, table

type Line = Mapping[str, Any]

COLUMNS = ("row", "", "limit", "min", "median", "max", "what")


def show(lines: list[Line], *, each: bool, before: Iterable[Line] | None = None) -> None:
    """Every line, or of each kind the one that is nearest to its limit, and what it was before."""
    earlier = None if before is None else {_key(line): line for line in before}
    columns = COLUMNS if earlier is None else (*COLUMNS[:-1], "was", COLUMNS[-1])
    shown = [(line, 1) for line in lines] if each else worst(lines)
    table("Ratios and exact numbers", columns, (_cells(line, of, earlier) for line, of in shown))
    missed = [_named(line) for line in lines if not line["kept"]]
    out.print(f"beyond the limit: {'; '.join(missed)}" if missed else "every limit is kept")


def worst(lines: Iterable[Line]) -> list[tuple[Line, int]]:
    """Of the lines of one kind the one nearest to its limit, and how many there are; what has none stays whole."""
    found: list[tuple[Line, int]] = []
    for _, kind in itertools.groupby(sorted(lines, key=_kind), key=_kind):
        same = list(kind)
        bound = [line for line in same if line["limit"] is not None]
        found += [(max(bound, key=nearness), len(bound))] if bound else []
        found += [(line, 1) for line in same if line["limit"] is None]
    return found


def nearness(line: Line) -> float:
    """How much of its limit a line takes; above 1 it is missed. Of nothing, anything is too much."""
    return float(line["median"] / line["limit"]) if line["limit"] else 1.0 + line["median"]


def changed(line: Line, was: Line) -> bool:
    """Whether a figure is another one: its median lies beyond all that was measured before, and the other way round."""
    return not (was["min"] <= line["median"] <= was["max"] or line["min"] <= was["median"] <= line["max"])


def _kind(line: Line) -> tuple[str, str, str]:
    return line["row"], line["name"], line["unit"]


def _key(line: Line) -> tuple[str, str, str | None]:
    return line["row"], line["name"], line["of"]


def _cells(line: Line, of: int, earlier: Mapping[Any, Line] | None) -> tuple[str | Text, ...]:
    limit = "" if line["limit"] is None else _number(line, "limit")
    kept = Text("") if line["limit"] is None else Text("✓", "green") if line["kept"] else Text("✗", "bold red")
    cells = (line["row"], kept, limit, *(_number(line, name) for name in ("min", "median", "max")))
    what = _named(line) + (f" (nearest to its limit of {of})" if of > 1 else "") + _spent(line)
    if earlier is None:
        return *cells, what
    return *cells, _was(line, earlier.get(_key(line))), what


def _was(line: Line, was: Line | None) -> Text:
    if was is None:
        return Text("new", "yellow")
    if not changed(line, was):
        return Text(_number(was, "median"), "dim")
    return Text(_number(was, "median"), "red" if line["median"] > was["median"] else "green")


def _named(line: Line) -> str:
    return line["name"] + (f", {line['of']}" if line["of"] else "")


def _spent(line: Line) -> str:
    return f", {line['subject_ms']:.1f} ÷ {line['base_ms']:.1f} ms" if "subject_ms" in line else ""


def _number(line: Line, name: str) -> str:
    if line["unit"] == "ratio":
        return f"{line[name]:.2f}"
    return f"{line[name]:.1f} MB" if line["unit"] == "MB" else f"{line[name]:.3g}{_UNITS.get(line['unit'], '')}"


_UNITS = {"KB": " KB"}
