"""What cases are worth: the counters of a tenant's purpose weighed, and kept as each case's credit."""

import re
from collections.abc import Callable, Iterable, Sequence

from measurement.credit import WORSE_THAN, Counts, Standing, harm_limit, standing

from agent_platform.errors import TransientError
from agent_platform.retrieval.credits import Counted, Credit, Credits

# Each message that is counted moves every case a little, by what is usual: less than this reorders nothing.
_MATERIAL = 0.01


def refresh(
    case_credits: Credits, tenant: str, purpose: str, *, may_go_on: Callable[[], bool] = lambda: True
) -> dict[str, Credit]:
    """Weigh every case of a tenant's purpose and keep what changed; the cases whose credit is another now.

    TransientError if there is no time for all of them: what is kept is not written again by the next time.
    """
    ledger, kept = case_credits.ledger(tenant, purpose), {}
    for case, counted in ledger.cases.items():
        if not may_go_on():
            raise TransientError("no time is left to weigh every case")
        credit = weigh(counted, ledger.arms.values())
        if _differs(credit, ledger.credits[case]) and case_credits.keep(tenant, purpose, case, credit, seen=counted):
            kept[case] = credit
    return kept


def _differs(credit: Credit, kept: Credit) -> bool:
    """Whether it ranks otherwise, or is at fault for another reason; the numbers in the reason change all the time."""
    reasons = [re.sub(r"\d+", "", each.quarantined or "") for each in (credit, kept)]
    return abs(credit.factor - kept.factor) >= _MATERIAL or reasons[0] != reasons[1]


def weigh(case: Counted, arms: Iterable[Counted]) -> Credit:
    """The credit of one case against all messages without it.

    Without it, because a case that every message uses would be its own measure.
    """
    own, others = Counts(case.uses, case.good, case.harmed), _without(case, list(arms))
    found = standing(own, others)
    return Credit(round(found.factor, 4), _reason(found, own, others) if found.fault else None)


def _without(case: Counted, arms: Sequence[Counted]) -> Counts:
    """What was counted apart from a case; a message that was counted while this was read must not make it negative."""
    uses = max(0, sum(arm.uses for arm in arms) - case.uses)
    good = sum(arm.good for arm in arms) - case.good
    harmed = sum(arm.harmed for arm in arms) - case.harmed
    return Counts(uses, min(uses, max(0, good)), min(uses, max(0, harmed)))


def _reason(found: Standing, case: Counts, others: Counts) -> str:
    sure = f"{min(99, int(found.certainty * 100))} % sure"
    if found.fault == "harmful":
        limit = f"{harm_limit(others) * 100:.0f} %"
        return f"{sure} that it harms more than {limit} of those who are written to: {case.harmed} of {case.uses}"
    part = f"{WORSE_THAN * 100:.0f} %"
    return (
        f"{sure} that it does less than {part} of what is usual: {case.good} of {case.uses} went well, "
        f"{others.good} of {others.uses} without it"
    )
