"""What a report says, in words: said once, for the terminal and for the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent_platform.drift.contracts import WRITER
from measurement.cells import figure

# What a stability index is commonly called from these sizes on.
_SIZES = ((0.25, "much"), (0.1, "clearly"), (0.03, "a little"))
_AREAS = {"inputs": "input", "skips": "skip", "retrieval": "retrieval", "outputs": "output"}
MOST_DRAWN = 3


@dataclass(frozen=True)
class Shares:
    """One cell of a subject: which share of the runs was in it, and which is now."""

    label: str
    before: float
    now: float


def shares(subject: Mapping[str, Any]) -> list[Shares]:
    """A subject's cells as shares of the runs that were measured for it."""
    before, now = (sum(cell[side] for cell in subject["cells"]) for side in (1, 2))
    return [Shares(label, one / before, other / now) for label, one, other in subject["cells"]]


def name(subject: Mapping[str, Any]) -> str:
    """What moved: `locale (input)`, `comment length missing (input)`."""
    area, _, rest = subject["subject"].partition(".")
    missing = " missing" if subject["kind"] == "missing" else ""
    return f"{rest.replace('_', ' ')}{missing} ({_AREAS[area]})"


def moved(subject: Mapping[str, Any]) -> str:
    """How it moved: a number by its median, anything else by what changed its share most."""
    if subject["medians"] is not None:
        before, now = subject["medians"]
        return f"median {figure(before)} → {figure(now)}"
    most = max(shares(subject), key=lambda each: abs(each.now - each.before))
    return f"{most.label}: {percent(most.before)} → {percent(most.now)} of the runs"


def how_far(subject: Mapping[str, Any]) -> str:
    """The size of a move in a word and a figure."""
    word = next((word for least, word in _SIZES if subject["index"] >= least), "hardly")
    return f"{word} (PSI {subject['index']:.2f})"


def verdict(report: Mapping[str, Any]) -> str:
    """The report in a sentence, with what to do where there is something."""
    drifted = [each for each in report["subjects"] if each["drifted"]]
    baseline, window = report["baseline"], report["window"]
    match report["verdict"]:
        case "drifted":
            return f"{len(drifted)} of {len(report['subjects'])} subjects drifted, first of all {name(drifted[0])}."
        case "steady":
            return f"None of {len(report['subjects'])} subjects drifted."
        case "collecting":
            collected = f"The baseline is being collected: {baseline['runs']:,} runs so far"
            return f"{collected}. It takes a week, and at least {baseline['needed']} runs."
        case _:
            return f"{window['runs']} runs since the baseline are too few to compare: at least {window['needed']}."


def new_normal(report: Mapping[str, Any], *, since: str) -> str:
    """What taking a drift for the new normal does."""
    return (
        f"{report['tenant']} / {report['workflow']}: the runs since {since} become the baseline of {agent(report)}. "
        f"Until they are a week of runs, and at least {report['baseline']['needed']}, nothing is compared."
    )


def compared(report: Mapping[str, Any]) -> str:
    """Which runs were compared."""
    baseline, window = report["baseline"], report["window"]
    return f"{_told(window)} against {_told(baseline)}" if window["runs"] else _told(baseline)


def agent(report: Mapping[str, Any]) -> str:
    """The agent whose runs they are."""
    found = report["agents"][WRITER]
    return f"{found['agent_id'].replace('#', ' / ')} v{found['version']}"


def drawn_first(report: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The subjects that are drawn: the three that moved furthest."""
    found: Sequence[Mapping[str, Any]] = report["subjects"][:MOST_DRAWN]
    return found


def percent(share: float) -> str:
    """A share as a person reads it."""
    return f"{100 * share:.1f} %"


def _told(runs: Mapping[str, Any]) -> str:
    if not runs["runs"]:
        return "no runs yet"
    return f"{runs['runs']:,} runs ({runs['from'][:10]} to {runs['to'][:10]})"
