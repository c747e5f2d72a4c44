"""What changes at each step, and what that comes to."""

from collections import Counter

from capacity.document.today import drained, failed
from capacity.document.words import latencies, number, table
from capacity.limits import Limit, Whose
from capacity.scenarios import Scenarios

_HOW = {
    "slots": "as many as the formula says of the judge's quota then",
    "tenant": "scripts/source limit: for that tenant, as long as its campaign lasts",
    "stage": "ThrottlingRateLimit: as much as a campaign brings in its busiest minute",
    "judge_tokens": "Service Quotas; the rest of this table only clears the way to it",
    "ledger": "each cap in two rows, a call takes one of them by its run's name; who shows a budget adds them up",
    "retrieve": "embed the question and ask the vector index, by the code that finds similar customers today",
    "embeddings": "keep the vector of a question, whose words repeat, and of a profile that didn't change",
    "features": "MaximumConcurrency; else a run would read features that are hours old",
    "board": "two boards, each with half of the slots; a run's name says which is its",
}

# Instead less is taken of it.
_NOT_RAISED = {"embeddings"}


def values(told: Scenarios) -> dict[str, str]:
    """For the chapter of that name."""
    counts = Counter(limit.whose for limit in told.needed(told.cell))
    beyond = [limit for limit in told.limits if limit.used(1000) > 1]
    return {
        **{f"needed_{whose.name.lower()}": _count(counts[whose]) for whose in Whose},
        "many_needed": _count(len(told.needed(told.cell))),
        "cells": _count(told.cells(1000)),
        "changes": table(
            ("Limit", "From", "To", "How"), (_change(told, each) for each in told.needed(told.cell)), words=1
        ),
        "changed_slots": f"{told.settings.slots:,.0f}",
        "campaign_at_cell": f"{told.message.demand.campaign * told.cell:,.0f}",
        "changed_drained": drained(told.changed(told.cell)),
        "deployed_drained": drained(told.deployed(told.cell)),
        "changed_failed": failed(told.campaigns["changed"]),
        "changed_others": latencies(told.campaigns["changed"].others),
        "many_beyond": _count(len(beyond)),
        "many_fixed": _count(sum(limit.whose is Whose.FIXED for limit in beyond)),
    }


def _change(told: Scenarios, limit: Limit) -> tuple[str, str, str, str]:
    to = getattr(told.settings, limit.word, limit.there_is * limit.raised(told.cell))
    return limit.what, number(limit.there_is), "–" if limit.word in _NOT_RAISED else number(to), _HOW[limit.word]


def _count(many: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[many] if many < len(words) else str(many)
