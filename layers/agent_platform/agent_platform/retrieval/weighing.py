"""What cases are worth: the counters of a tenant's purpose weighed, and kept as each case's credit."""

from collections.abc import Iterable, Sequence

from measurement.credit import WORSE_THAN, Counts, Standing, harm_limit, standing

from agent_platform.retrieval.credits import Counted, Credit, Credits


def refresh(case_credits: Credits, tenant: str, purpose: str) -> dict[str, Credit]:
    """Weigh every case of a tenant's purpose and keep what changed; the cases whose credit is another now."""
    ledger = case_credits.ledger(tenant, purpose)
    weighed = {case: weigh(counted, ledger.arms.values()) for case, counted in ledger.cases.items()}
    changed = {case: credit for case, credit in weighed.items() if credit != ledger.credits[case]}
    return {
        case: credit
        for case, credit in changed.items()
        if case_credits.keep(tenant, purpose, case, credit, seen=ledger.cases[case])
    }


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
