"""scripts/capacity: what the model says, in the terminal or as the document; and the measurement that it uses."""

import json
from collections.abc import Callable, Sequence
from functools import partial

from capacity import measuring, page
from capacity.document import held
from capacity.document.words import number, percent, times
from capacity.load import trial
from capacity.load.figures import LOAD
from capacity.scenarios import SCALES, scenarios
from operations.stack import ROOT, Stack
from operations.terminal import arguments, next_step, out, run, table

_SAID = """\
How much the stack carries, and what is reached first. Also:
  scripts/capacity document    write SCALABILITY.md and its pictures anew
  scripts/capacity measure     time the states on the local AWS, for capacity/bench.json
  scripts/capacity load        hold the simulation against the local AWS at three rates, for capacity/load.json"""
_RUNS = 100


def main(argv: Sequence[str]) -> None:
    """show, document, measure or load."""
    parser = arguments("capacity", _SAID, account=False)
    parser.add_argument("command", nargs="?", choices=("show", "document", "measure", "load"), default="show")
    parser.add_argument("--runs", type=int, default=_RUNS, help=f"how many runs are measured (default: {_RUNS})")
    given = parser.parse_args(argv)
    commands: dict[str, Callable[[], None]] = {
        "show": _show,
        "document": _document,
        "measure": partial(_measure, given.runs),
        "load": _load,
    }
    commands[given.command]()


def _show() -> None:
    told = scenarios()
    head = ("limit", "whose", "there is", *map(times, SCALES), "reached at")
    rows = (
        (limit.what, limit.whose, number(limit.there_is), *(percent(limit.used(scale)) for scale in SCALES),
         f"{limit.reached_at:,.0f}×")
        for limit in told.limits
    )  # fmt: skip
    table(f"Today: {told.message.demand.messages_a_day:,} messages a day", head, rows)
    out.print("Next: scripts/capacity document")


def _document() -> None:
    for path in page.write():
        out.print(f"[green]✓[/] {path.relative_to(ROOT)}")


def _measure(runs: int) -> None:
    found = measuring.measure(Stack("local"), runs)
    measuring.BENCH.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    table(f"{runs} runs, ms", ("state", "median", "95 %"),
          ((name, *(str(each) for each in times_.values())) for name, times_ in found["states"].items()))  # fmt: skip
    next_step("scripts/capacity document", "local")


def _load() -> None:
    found = trial.run(Stack("local"))
    LOAD.write_text(json.dumps(trial.dated(found), indent=2) + "\n", encoding="utf-8")
    table("Load", held.HEAD, held.rows(found))
    next_step("scripts/capacity document", "local")


if __name__ == "__main__":
    run(main)
