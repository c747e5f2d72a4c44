"""scripts/bench: ratios, both sides in one run; what falls short is printed too, and makes the exit code 1."""

import json
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from operations import deployment
from operations.stack import ROOT
from operations.terminal import Problem, arguments, err, out, run, step, table
from tests.bench import board, retrieval, rows
from tests.bench.retrieval import Ranking

RETRIEVAL = "retrieval"
FIGURES = ROOT / ".bench"


def main(argv: Sequence[str]) -> int:
    """Measure, print a table, and write JSON."""
    parser = arguments("bench", "How fast the stack is: ratios of two things measured in turns.", account=False)
    known = ", ".join(f"{row} or {name}" for row, (name, _) in rows.EVERY.items())
    meant = f"{known}, {RETRIEVAL} (default: P1 to P9 and {RETRIEVAL}); its lines are all shown"
    parser.add_argument("names", nargs="*", metavar="ROW", help=meant)
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures (default: into .bench/)")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="show beside them what an earlier run found")
    given = parser.parse_args(argv)
    asked = _rows(given.names)
    before = _read(given.compare) if given.compare else None
    with step("sam build"):
        deployment.build()
    lines: list[board.Line] = []
    rankings: list[Ranking] = []
    try:
        for row in asked:
            lines += _measured(row)
        rankings += retrieval.figures() if not given.names or RETRIEVAL in given.names else []
    finally:
        # A row that fails, or Ctrl-C, takes nothing from those before it.
        if lines:
            board.show(lines, each=bool(given.names), before=before)
        if rankings:
            _show(rankings)
        if lines or rankings:
            _write(given.json, lines, rankings)
    return 0 if all(line["kept"] for line in lines) and all(each.kept for each in rankings) else 1


def _rows(names: Sequence[str]) -> list[str]:
    """The rows that are meant, each by its number or its name."""
    by_name = {name: row for row, (name, _) in rows.EVERY.items()}
    asked = [by_name.get(name, name.upper()) for name in names if name != RETRIEVAL]
    if unknown := [name for name in asked if name not in rows.EVERY]:
        raise Problem(f"There is no row {', '.join(unknown)}. There are: {', '.join(by_name)}, {RETRIEVAL}")
    return asked if names else list(rows.ROWS)


def _measured(row: str) -> list[board.Line]:
    """A row's lines, from a process of its own: a warm handler keeps clients of the stack that it was warm on."""
    apart = multiprocessing.get_context("spawn")
    with step(f"{row} {rows.EVERY[row][0]}"), ProcessPoolExecutor(1, mp_context=apart) as process:
        return process.submit(rows.lines, row).result()


def _read(path: Path) -> list[board.Line]:
    try:
        found: list[board.Line] = json.loads(path.read_text())["figures"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(f"{path} isn't what scripts/bench --json writes: {error}") from None
    return found


def _write(path: Path | None, lines: list[board.Line], rankings: list[Ranking]) -> None:
    now = datetime.now(UTC)
    into = path or FIGURES / f"{now:%Y%m%dT%H%M%SZ}.json"
    into.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "at": now.isoformat(timespec="seconds"),
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
        "figures": lines,
        "rankings": [ranking.document() for ranking in rankings],
    }
    into.write_text(json.dumps(document, indent=2) + "\n")
    err.print(f"Next: scripts/bench --compare {into}", soft_wrap=True, markup=False)


def _show(rankings: list[Ranking]) -> None:
    columns = ("", "recall@3", "at least", "MRR", "at least", "went well", "what")
    table("Cases found for the labelled queries", columns, map(_ranking, rankings))
    if missed := [ranking.name for ranking in rankings if not ranking.kept]:
        out.print(f"less than is wanted: {', '.join(missed)}")


def _ranking(found: Ranking) -> tuple[str, ...]:
    least = (f"{each:.2f}" if each else "" for each in (found.least_recall, found.least_reciprocal_rank))
    recall, rank, well = (f"{each:.2f}" for each in (found.recall, found.reciprocal_rank, found.went_well))
    return "✓" if found.kept else "✗", recall, next(least), rank, next(least), well, found.name


if __name__ == "__main__":
    run(main)
