"""What past cases add, and what each of them is worth: a purpose at a time, in the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from agent_platform.retrieval.credits import Credits
from outreach.casebook.store import Casebook
from rich.text import Text

from operations.agents.drawing import axis_line, interval_line, scale_of
from operations.retrieval_figures import ALPHA, WORTH, figures
from operations.stack import Stack
from operations.terminal import counted, out, plain, table

ARMS = {"retrieved": "with past cases", "held_out": "held out, without"}
NOTHING_YET = (
    "No message is settled yet, and no case was made. Outcomes count two to four weeks after a message. Then here "
    "stands, for each purpose, how often messages go well with past cases and how often without, and what each case is "
    "worth."
)
_STYLES = {"quarantined": "red", "sunk": "yellow", "lifted": "green", "average": ""}
_WIDEST = 80


def retrieval(stack: Stack, tenants: Sequence[str], *, now: datetime) -> list[dict[str, Any]]:
    """The figures of these tenants' purposes."""
    case_credits = Credits(table=stack.outputs["CaseCredits"], dynamodb=stack.dynamodb)
    casebook = Casebook(table=stack.outputs["OutreachCases"], dynamodb=stack.dynamodb)
    return [
        each for tenant in tenants for each in figures(tenant, case_credits=case_credits, casebook=casebook, now=now)
    ]


def answer(uplift: Mapping[str, Any]) -> str:
    """What retrieval adds, in a sentence or two."""
    more = f"About {uplift['needed']:,} more settled messages are needed to know it within {WORTH * 100:.0f} points."
    if uplift["difference"] is None:
        return f"Not known yet: of one of both there is no settled message. {more}"
    low, high = points(uplift["low"]), points(uplift["high"])
    interval = f"{points(uplift['difference'])} points, between {low} and {high} ({1 - ALPHA:.0%} certain at one look)."
    if uplift["low"] > 0:
        return f"Past cases help: {interval}"
    if uplift["high"] < 0:
        return f"Past cases do harm: {interval}"
    if uplift["needed"]:
        return f"Not known yet whether they help: {interval} {more}"
    return f"They make no difference of {WORTH * 100:.0f} points or more: {interval}"


def lines(of: Mapping[str, Any], *, width: int) -> Iterator[Text]:
    """What retrieval adds to one purpose: both arms, the answer, and the interval on its scale."""
    yield Text.assemble((f"{of['tenant']} · {of['purpose']}", "bold"), "  what past cases add")
    for arm, name in ARMS.items():
        each = of["arms"][arm]
        rate = f"{each['good'] / each['uses'] * 100:5.1f} %" if each["uses"] else "      –"
        yield Text(
            f"  {name:<18}{each['uses']:>7,} settled {each['good']:>6,} went well {rate} {each['harmed']:>5,} harmed"
        )
    yield Text(answer(of["uplift"]))
    if of["uplift"]["low"] is not None:
        yield from _drawn(of["uplift"], width=min(width, _WIDEST) - 2)


def _drawn(uplift: Mapping[str, Any], *, width: int) -> Iterator[Text]:
    ends = (uplift["low"], uplift["high"])
    scale = scale_of([ends], WORTH)
    style = "green" if ends[0] > 0 else "red" if ends[1] < 0 else "yellow"
    yield Text(interval_line(*ends, margin=WORTH, scale=scale, width=width), style=style)
    yield Text(axis_line(margin=WORTH, scale=scale, width=width), style="dim")


def points(part: float) -> str:
    """A difference of shares, in percentage points."""
    return f"{part * 100:+.1f}".replace("-", "−")


def show(of: Mapping[str, Any]) -> None:
    """One purpose's report."""
    out.print()
    for line in lines(of, width=out.width):
        out.print(line)
    if of["cases"]:
        out.print()
        _table_of_cases(of["cases"])
    for line in made(of):
        out.print(line)


def _table_of_cases(cases: Sequence[Mapping[str, Any]]) -> None:
    table(
        "Cases by credit: similarity is multiplied by it",
        ("credit", "standing", "used", "good", "harmed", "case"),
        [
            (
                f"×{each['credit']:.2f}",
                Text(each["standing"], style=_STYLES[each["standing"]]),
                f"{each['uses']:,}",
                f"{each['good']:,}",
                f"{each['harmed']:,}",
                _with_reason(each),
            )
            for each in cases
        ],
    )


def _with_reason(case: Mapping[str, Any]) -> Text:
    return Text.assemble(plain(case["case"]), (f"\n{case['why']}", "red") if case["why"] else "")


def made(of: Mapping[str, Any]) -> Iterator[Text]:
    """What became of the cases that were made of messages, and why some aren't to be read."""
    if not of["made"]:
        return
    yield Text()
    yield Text(
        "Made of messages that went well: " + ", ".join(f"{n} {state}" for state, n in sorted(of["made"].items()))
    )
    for each in of["withheld"]:
        have = f"{each['customers']} of {each['customers_needed']} customers"
        yield Text(f"  withheld {counted(each['cases'], 'case')}: {each['service']}, {each['tenure']} has {have}")
    for why, number in sorted(of["refused"].items()):
        yield Text(f"  refused {counted(number, 'message')}: {why}")
