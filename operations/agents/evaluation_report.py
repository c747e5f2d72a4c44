"""An evaluation's result in the terminal."""

from collections.abc import Mapping
from typing import Any

from operations.pages.figures import figures, slices
from operations.terminal import counted, money, out, plain, table

# The page has all of them, with their texts.
_MOST_LOSSES = 5
_COLORS = {"better": "bold green", "not_worse": "bold green", "worse": "bold red", "inconclusive": "bold yellow"}


def print_result(result: Mapping[str, Any]) -> None:
    """The verdict, every figure with its interval, what was found in the drafts, and the largest losses."""
    baseline, candidate = (f"version {result[arm]}" for arm in ("baseline", "candidate"))
    out.print(plain(result["sentence"], style=_COLORS[result["approval"]["verdict"]]), soft_wrap=True)
    columns = ("", baseline, candidate, "difference", "95 % interval", "wins / ties / losses")
    table("", columns, [figure.row() for figure in figures(result)])
    if result["findings"]:
        rows = [
            (kind, *(str(found[arm]) for arm in ("baseline", "candidate")))
            for kind, found in result["findings"].items()
        ]
        table("Drafts stopped by a finding", ("", baseline, candidate), rows)
    if result["slices"]:
        rows = [figure.row() for figure in slices(result)]
        table("Approval by group (intervals corrected for their number)", columns, rows)
    if result["losses"]:
        rows = [_loss(loss) for loss in result["losses"][:_MOST_LOSSES]]
        table("Largest losses", ("request", baseline, candidate, "why, first of all"), rows)
    _print_the_rest(result)


def _loss(loss: Mapping[str, Any]) -> tuple[str, ...]:
    outcomes = (
        f"{'✓' if loss[arm]['approved'] else '✗'} {loss[arm]['score']:.2f}" for arm in ("baseline", "candidate")
    )
    return loss["recording"][:8], *outcomes, next(iter(loss["candidate"]["reasons"]), "a lower score")


def _print_the_rest(result: Mapping[str, Any]) -> None:
    approval, failed = result["approval"], result["failed"]
    lost = ", ".join(f"{name} {number} times" for name, number in failed.items())
    missing = f"; {counted(sum(failed.values()), 'request')} failed: {lost}" if failed else ""
    if result["missing"]:
        missing += f"; of {counted(result['missing'], 'request')} nothing was kept"
    out.print(plain(
        f"{counted(result['pairs'], 'pair')}{missing} · first drafts only · judge {result['judge']} · "
        f"seed {result['seed']} · spent {money(result['spent_micros'])} · {approval['method']}",
        style="dim",
    ), soft_wrap=True)  # fmt: skip
