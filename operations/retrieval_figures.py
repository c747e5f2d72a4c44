"""What past cases come to, in figures: what retrieval adds, what each case is worth, and what keeps some from use."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, get_args

from agent_platform.retrieval.credits import Counted, Credit, Credits, Ledger
from measurement.credit import Counts, uplift
from outreach.casebook.circulation import FEWEST_CUSTOMERS
from outreach.casebook.rows import kept_until
from outreach.casebook.store import Casebook
from outreach.contracts import Purpose

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
# How large a difference of the rates of good outcomes is worth knowing, and how surely it is to be known.
WORTH, ALPHA = 0.05, 0.05
# From here on a case's credit is said to lift or to sink it.
_AVERAGE = (0.95, 1.05)


def figures(tenant: str, *, case_credits: Credits, casebook: Casebook, now: datetime) -> list[dict[str, Any]]:
    """The figures of a tenant's purposes, those without any message or case left out."""
    rows = [row | {"is_case": place.is_case} for place, row in casebook.of(tenant)]
    alive = [row for row in rows if kept_until(row) > now.timestamp()]
    found = [_of_purpose(tenant, purpose, case_credits.ledger(tenant, purpose), alive) for purpose in PURPOSES]
    return [each for each in found if any(arm["uses"] for arm in each["arms"].values()) or each["made"]]


def _of_purpose(tenant: str, purpose: str, ledger: Ledger, rows: list[dict[str, Any]]) -> dict[str, Any]:
    own = [row for row in rows if row.get("purpose") == purpose]
    return {
        "tenant": tenant,
        "purpose": purpose,
        "arms": {arm: asdict(counted) for arm, counted in ledger.arms.items()},
        "uplift": _uplift(ledger),
        "cases": sorted(_cases(ledger), key=lambda each: (-each["credit"], each["case"])),
        "made": dict(Counter(_state(row) for row in own if row["is_case"])),
        "withheld": list(_withheld(own)),
        "refused": dict(Counter(row["why"] for row in own if row["is_case"] and row["status"] == "refused")),
    }


def _uplift(ledger: Ledger) -> dict[str, Any]:
    arms = [_counts(ledger.arms[arm]) for arm in ("retrieved", "held_out")]
    found = uplift(*arms, worth=WORTH, alpha=ALPHA)
    low, high = found.interval or (None, None)
    return {"difference": found.difference, "low": low, "high": high, "needed": found.needed}


def _counts(counted: Counted) -> Counts:
    return Counts(counted.uses, counted.good, counted.harmed)


def _cases(ledger: Ledger) -> Iterator[dict[str, Any]]:
    for case, counted in ledger.cases.items():
        credit = ledger.credits[case]
        standing = {"credit": credit.factor, "standing": standing_of(credit), "why": credit.quarantined}
        yield {"case": case} | asdict(counted) | standing


def standing_of(credit: Credit) -> str:
    """What a credit means for a case."""
    if credit.quarantined:
        return "quarantined"
    below, above = _AVERAGE
    return "sunk" if credit.factor < below else "lifted" if credit.factor > above else "average"


def _state(row: Mapping[str, Any]) -> str:
    """A case's status, in the words of who reads reports."""
    on_its_way = {
        "publishing": "published",
        "withdrawing": "withheld",
        "removing": "taken back",
        "removed": "taken back",
    }
    return on_its_way.get(row["status"], str(row["status"]))


def _withheld(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    waiting = Counter(_kind(row) for row in rows if row["is_case"] and _state(row) == "withheld")
    members = Counter(_kind(row) for row in rows if not row["is_case"])
    for kind, cases in sorted(waiting.items(), key=lambda each: (-members[each[0]], each[0])):
        service, tenure = kind
        customers = {"customers": members[kind], "customers_needed": FEWEST_CUSTOMERS}
        yield {"service": service, "tenure": tenure, "cases": cases} | customers


def _kind(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["service"], row["tenure"]
