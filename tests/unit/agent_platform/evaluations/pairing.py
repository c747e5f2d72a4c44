"""Pairs as an evaluation writes them, alike unless a test says otherwise."""

from agent_platform.evaluations.pairs import Pair, Written

CRITERIA = ("accuracy", "clarity")


def written(score=4.0, *, approved=True, **changes):
    """What one arm wrote."""
    usual = {
        "scores": dict.fromkeys(CRITERIA, score),
        "reasons": {name: f"“Hello” decides {name}." for name in CRITERIA},
        "findings": [],
        "texts": {"subject": "A thank-you", "body": "Hi {{customer.first_name}}"},
        "cost_micros": 400,
        "latency_ms": 900,
        "judging_micros": 2_000,
    }
    return Written(approved=approved, score=score, **usual | changes)


def pair(number=0, *, baseline=None, candidate=None, **slices):
    """One request with what both arms wrote to it."""
    arms = {"baseline": baseline or written(), "candidate": candidate or written()}
    return Pair("greenedge", f"{number:064x}", {"purpose": "referral"} | slices, arms)


def finding(kind, result="unsupported"):
    return {"kind": kind, "result": result, "where": "body", "text": "$500", "slot": None}
