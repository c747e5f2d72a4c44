"""Whose data it is: the tenant an authenticator yields, and keyed references that stand for its customers."""

import hashlib
import hmac
from dataclasses import dataclass

from agent_platform.patterns import lazy_pattern

TENANT_NAME = lazy_pattern(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
# Whose the synthetic runs are, by which one sees that everything works: no company, so nothing is counted or learned.
SYNTHETIC = "synthetic"


@dataclass(frozen=True)
class TenantContext:
    """The tenant on whose behalf something happens; it comes from an authenticator, never from a payload."""

    tenant: str


def customer_reference(tenant: str, customer_id: str, *, key: bytes) -> str:
    """What stands for a customer outside the event record: HMAC-SHA-256 of tenant and the CRM's id, 32 hex digits."""
    return "c-" + hmac.new(key, f"{tenant}\0{customer_id}".encode(), hashlib.sha256).hexdigest()[:32]


def keyed_hash(content: bytes, *, key: bytes) -> str:
    """A hash that nobody without the stack's key can compute, so that a short body can't be guessed from it."""
    return hmac.new(key, content, hashlib.sha256).hexdigest()
