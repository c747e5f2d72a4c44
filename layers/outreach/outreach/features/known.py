"""A feature's value, or the reason why there is none."""

from collections.abc import Sequence
from typing import Any

from outreach.contracts import FeatureValue
from outreach.prepared import PastService


def known(value: Any) -> FeatureValue:
    """A value."""
    return {"value": value, "reason": None}


def unknown(reason: str) -> FeatureValue:
    """No value, and why not."""
    return {"value": None, "reason": reason}


def missing(past: Sequence[PastService], reason: str) -> FeatureValue:
    """No value, because nothing of the past is known, or for the reason given."""
    return unknown(reason if past else "no_history")
