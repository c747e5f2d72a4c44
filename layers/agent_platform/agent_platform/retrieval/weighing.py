"""What cases are worth: the counters of a tenant's purpose weighed, and kept as each case's credit."""

from measurement.credit import WORSE_THAN, Counts, Standing, harm_limit, standing

from agent_platform.retrieval.credits import Counted, Credit, Credits


def refresh(case_credits: Credits, tenant: str, purpose: str) -> dict[str, Credit]:
    """Weigh every case of a tenant's purpose and keep what changed; the cases whose credit is another now.

    The base is what came of all messages with retrieval.
    """
    ledger = case_credits.ledger(tenant, purpose)
    base = ledger.arms["retrieved"]
    weighed = {case: weigh(counted, base) for case, counted in ledger.cases.items()}
    changed = {case: credit for case, credit in weighed.items() if credit != ledger.credits[case]}
    return {
        case: credit
        for case, credit in changed.items()
        if case_credits.keep(tenant, purpose, case, credit, seen=ledger.cases[case])
    }


def weigh(counted: Counted, base: Counted) -> Credit:
    """The credit of one case against all messages with retrieval."""
    case, all_ = _counts(counted), _counts(base)
    found = standing(case, all_)
    return Credit(round(found.factor, 4), _reason(found, case, all_) if found.fault else None)


def _reason(found: Standing, case: Counts, base: Counts) -> str:
    sure = f"{min(99, int(found.certainty * 100))} % sure"
    if found.fault == "harmful":
        limit = f"{harm_limit(base) * 100:.0f} %"
        return f"{sure} that it harms more than {limit} of those who are written to: {case.harmed} of {case.uses}"
    usual = f"{base.good} of {base.uses} with all cases"
    part = f"{WORSE_THAN * 100:.0f} %"
    return f"{sure} that it does less than {part} of what is usual: {case.good} of {case.uses} went well, {usual}"


def _counts(counted: Counted) -> Counts:
    return Counts(counted.uses, counted.good, counted.harmed)
