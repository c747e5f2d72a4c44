"""Which customers are written to without past cases, so that one can say what past cases add."""

import hashlib
from dataclasses import dataclass

from agent_platform import settings

_PLACES = 10_000


@dataclass(frozen=True)
class _Settings:
    retrieval_holdout_percent: int


def held_out(tenant: str, customer: str, *, percent: int) -> bool:
    """Whether a customer is in the arm without retrieval: the same for every message, and whatever rollout is open.

    `percent` of all customers are; who was held out at a lower percentage is at a higher one, too.
    """
    digest = hashlib.sha256("\0".join(("retrieval", tenant, customer)).encode()).digest()
    return int.from_bytes(digest[:8]) % _PLACES < percent * _PLACES // 100


def holdout_percent() -> int:
    """The stack's own percentage, as the function's environment has it."""
    return settings.read(_Settings).retrieval_holdout_percent
