"""Customers of a rollout, as many as are wanted, with what came of them."""

from datetime import UTC, datetime, timedelta

from agent_platform.experiments.exposures import Exposed, Outcome
from agent_platform.moments import iso

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LONG_AGO, JUST_NOW = NOW - timedelta(days=1), NOW - timedelta(seconds=5)


def customers(arm, number, *, share=5_000, at=LONG_AGO, matured_at=LONG_AGO, **values):
    """So many customers of an arm, all with these values; without any, nothing is known of them."""
    outcomes = {metric: Outcome(value, iso(matured_at)) for metric, value in values.items()}
    return [Exposed(arm, share, iso(at), outcomes)] * number


def approved(arm, good, bad, *, share=5_000, **values):
    """Customers of an arm, by whether their message was approved."""
    return [
        *customers(arm, good, share=share, ApprovalRate=1.0, **values),
        *customers(arm, bad, share=share, ApprovalRate=0.0, **values),
    ]
