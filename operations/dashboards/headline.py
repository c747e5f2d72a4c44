"""What a report begins with: whether an alarm rings, and the few figures that say how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from operations.alarms import Watched
from operations.dashboards.answers import answered
from operations.dashboards.judged import Good
from operations.dashboards.lines import Line, Query
from operations.dashboards.questions import Asked, Question, Section
from operations.dashboards.spans import Span
from operations.dashboards.standing import Standing
from operations.dashboards.wording import figure, since

# Each message has one approval, of 0 or of 100 %.
_ASKED = {
    "messages": ("ApprovalRate", "SampleCount"),
    "approved": ("ApprovalRate", "Sum"),
    "milliseconds": ("EndToEndTime", "p95"),
    "spent": ("Cost", "Sum"),
}
_OF_OUTREACH = (("workflow", "outreach"),)


@dataclass(frozen=True)
class Headline:
    """How many messages there were and were approved, their p95 from the event on, and what was spent.

    `good` is what the approvals say once the judge's error is taken out of them, `agreement` how often two people who
    saw the same message said the same, in words.
    """

    messages: int
    approved: int
    milliseconds: float | None
    spent: float | None
    good: Good | None = None
    agreement: str | None = None


def headline(cloudwatch: Any, span: Span) -> Headline:
    """The figures of a span."""
    asks = tuple(
        Asked(name, "", Query("ReferralSystem", metric, _OF_OUTREACH, stat, span.period), "", True, False)
        for name, (metric, stat) in _ASKED.items()
    )
    question = Question("", "singleValue", False, "", "", None, None, span.period, {}, asks)
    [section] = answered([Section("", (question,))], cloudwatch, span)
    found = {each.label: each.line for each in section.questions[0].answers}

    def whole(name: str) -> float | None:
        return found.get(name, Line()).whole

    return Headline(
        int(whole("messages") or 0), round((whole("approved") or 0) / 100), whole("milliseconds"), whole("spent")
    )


def verdict(alarms: Sequence[Watched], span: Span) -> str:
    """Whether an alarm rings, in a sentence."""
    match alarms:
        case []:
            return "No alarm rings."
        case [first]:
            return f"{first.name} rings since {since(first.since, span)}."
        case [first, *others]:
            return f"{first.name} rings since {since(first.since, span)}, and {len(others)} more."
    raise TypeError(alarms)


def grounds(of: Headline) -> list[str]:
    """What says how far approvals may be believed, a sentence each."""
    return (of.good.grounds if of.good else []) + ([of.agreement] if of.agreement else [])


def figures(of: Headline, stands: Standing) -> list[tuple[str, str]]:
    """The figures with their names, in the order in which they are read."""
    each = of.spent / of.messages if of.spent is not None and of.messages else None
    good = [("good, the judge's error taken out", of.good.words)] if of.good else []
    return [
        ("messages approved", f"{of.approved:,} of {of.messages:,}" if of.messages else "–"),
        *good,
        ("event to message, p95", figure(of.milliseconds, "ms")),
        ("spent", figure(of.spent, "USD")),
        ("a message", figure(each, "USD")),
        ("alarm ringing" if len(stands.alarms) == 1 else "alarms ringing", str(len(stands.alarms))),
    ]
