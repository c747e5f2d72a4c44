"""What past cases add as a page: for each purpose the answer, its interval, both arms, and what each case is worth."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from operations.dashboards.wording import when
from operations.pages.document import document, listed, section, table
from operations.pages.intervals import BARE, Drawn, drawn
from operations.retrieval_figures import WORTH
from operations.retrieval_report import ARMS, NOTHING_YET, answer, made

_MARGIN = f"Dashed: {WORTH * 100:g} points of harm."


def page(found: Sequence[Mapping[str, Any]], stack: str, *, now: datetime) -> str:
    """The whole page, in one file."""
    title = f"What past cases add in {stack}"
    return document(
        title,
        f'<header><p class="over">{when(now)} UTC</p><h1>{escape(title)}</h1></header>'
        + ("".join(_purpose(each) for each in found) or f'<p class="verdict inconclusive">{NOTHING_YET}</p>'),
    )


def _purpose(of: Mapping[str, Any]) -> str:
    cases = table(
        ("case", "credit", "standing", "used", "good", "harmed"),
        [
            (each["case"], f"×{each['credit']:.2f}", each["standing"], f"{each['uses']:,}",
             f"{each['good']:,}", f"{each['harmed']:,}")
            for each in of["cases"]
        ],
    )  # fmt: skip
    return section(
        f"{of['tenant']} · {of['purpose']}",
        f'<p class="verdict {_verdict(of["uplift"])}">{escape(answer(of["uplift"]))}</p>{_interval(of["uplift"])}'
        + _arms(of["arms"])
        + (f"<h3>Cases: similarity is multiplied by the credit</h3>{cases}" if of["cases"] else "")
        + listed(f"{each['case']}: {each['why']}" for each in of["cases"] if each["why"])
        + listed(line.plain for line in made(of) if line.plain),
    )


def _verdict(uplift: Mapping[str, Any]) -> str:
    if uplift["low"] is None:
        return "inconclusive"
    return "better" if uplift["low"] > 0 else "worse" if uplift["high"] < 0 else "inconclusive"


def _interval(uplift: Mapping[str, Any]) -> str:
    if uplift["low"] is None:
        return ""
    line = Drawn("", uplift["low"], uplift["difference"], uplift["high"], "")
    drawing = drawn([line], title="What past cases add", margin=WORTH, frame=BARE)
    note = f"The rate of good outcomes with past cases, less the rate without: right of the line they help. {_MARGIN}"
    return f'<div class="bare">{drawing}</div><p class="note">{note}</p>'


def _arms(arms: Mapping[str, Mapping[str, int]]) -> str:
    return table(
        ("", "settled", "went well", "harmed"),
        [
            (name, f"{arms[arm]['uses']:,}", f"{arms[arm]['good']:,}{_rate(arms[arm])}", f"{arms[arm]['harmed']:,}")
            for arm, name in ARMS.items()
        ],
    )


def _rate(arm: Mapping[str, int]) -> str:
    return f" ({arm['good'] / arm['uses']:.1%})" if arm["uses"] else ""
