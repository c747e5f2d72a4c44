"""A report at the terminal: the verdict, the three subjects that moved furthest drawn, and every subject."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from operations.drift import words
from operations.terminal import out, plain, table

_STYLES = {"drifted": "bold red", "steady": "green", "collecting": "yellow", "too_few": "yellow"}
_BAR, _LABEL = 24, 26


def show(report: Mapping[str, Any]) -> None:
    """Print a report."""
    out.print(Text.assemble(
        (f"{report['tenant']} / {report['workflow']}", "bold"), f"  {words.agent(report)}  {report['as_of'][:10]}"
    ))  # fmt: skip
    out.print(plain(words.verdict(report), _STYLES[report["verdict"]]))
    out.print(plain(words.compared(report), "dim"))
    for subject in words.drawn_first(report):
        out.print()
        for line in drawing(subject):
            out.print(line)
    if report["subjects"]:
        out.print()
        table("Everything that was compared", ("subject", "moved", "chance", "how"), map(_row, report["subjects"]))


def drawing(subject: Mapping[str, Any]) -> list[Text]:
    """A subject's shares as two columns of bars: the baseline's, and now."""
    heading = Text.assemble((words.name(subject), "bold red" if subject["drifted"] else "bold"), "  ",
                            words.how_far(subject), ", ", words.moved(subject))  # fmt: skip
    sides = Text(f"{'':<{_LABEL}} {'baseline':<{_BAR + 9}} now", style="dim")
    return [heading, sides, *(_line(each) for each in words.shares(subject))]


def list_all(reports: Sequence[Mapping[str, Any]]) -> None:
    """A line for each agent's newest report."""
    table(
        "Drift",
        ("company", "agent", "day", "verdict", "what it says"),
        [
            (each["tenant"], words.agent(each), each["as_of"][:10],
             Text(each["verdict"].replace("_", " "), style=_STYLES[each["verdict"]]), words.verdict(each))
            for each in reports
        ],
    )  # fmt: skip


def _line(each: words.Shares) -> Text:
    label = each.label if len(each.label) <= _LABEL else each.label[: _LABEL - 1] + "…"
    return Text.assemble(
        plain(f"{label:<{_LABEL}} "), (f"{_bar(each.before)} {words.percent(each.before):>7} ", "dim"),
        _bar(each.now), f" {words.percent(each.now):>7}",
    )  # fmt: skip


def _bar(share: float) -> str:
    # A share that is there at all is seen.
    length = max(round(_BAR * share), 1) if share else 0
    return f"{'█' * length:<{_BAR}}"


def _row(subject: Mapping[str, Any]) -> tuple[Text, str, str, str]:
    return (
        plain(words.name(subject), "bold red" if subject["drifted"] else ""),
        words.how_far(subject),
        f"p {subject['adjusted']:.2g}",
        f"{words.moved(subject)} · {subject['test']}",
    )
