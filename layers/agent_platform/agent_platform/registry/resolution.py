"""Which version of an agent a customer is given: what is in production, or for a share of them a candidate."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, telemetry
from agent_platform.errors import ConfigurationError, TransientError
from agent_platform.items import from_item, to_item
from agent_platform.registry.alias import PLATFORM, SHARES, Alias, alias_key
from agent_platform.tenants import SYNTHETIC

FRESH_SECONDS = 30

type Arm = Literal["production", "baseline", "candidate"]


@dataclass(frozen=True)
class Assignment:
    """The version that a customer is given, and why: without an open rollout it is what is in production."""

    agent_id: str
    number: int
    arm: Arm
    rollout: int | None = None
    bucket: int | None = None
    share: int | None = None


def bucket(tenant: str, agent_id: str, salt: str, routing_key: str) -> int:
    """A customer's place among 10,000: the same through a whole rollout, another one in the next."""
    digest = hashlib.sha256("\0".join((tenant, agent_id, salt, routing_key)).encode()).digest()
    return int.from_bytes(digest[:8]) % SHARES


def assign(alias: Alias, *, tenant: str, routing_key: str) -> Assignment:
    """The arm of a customer: the candidate for those below the share, so that the few are among the many.

    A synthetic run is no customer of an experiment: it is given what is in production.
    """
    if alias.production is None:
        raise ConfigurationError(f"no agent {alias.agent_id.partition('#')[2]} is in production: run scripts/seed")
    rollout = alias.rollout
    if rollout is None or tenant == SYNTHETIC:
        return Assignment(alias.agent_id, alias.production, "production")
    place = bucket(tenant, alias.agent_id, rollout.salt, routing_key)
    if place < rollout.share:
        return Assignment(alias.agent_id, rollout.candidate, "candidate", rollout.number, place, rollout.share)
    return Assignment(alias.agent_id, alias.production, "baseline", rollout.number, place, rollout.share)


class Resolution:
    """The aliases that a process resolves by: read at most every 30 seconds, and kept through an outage."""

    def __init__(self, table: str, dynamodb: Any, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._table, self._dynamodb, self._clock = table, dynamodb, clock
        self._known: dict[tuple[str, str], tuple[float, Alias]] = {}

    def alias(self, name: str, *, tenant: str) -> Alias:
        """The alias of a tenant's agent, which shadows the platform's as soon as it is in production."""
        began, (read_at, known) = self._clock(), self._known.get((tenant, name), (0.0, None))
        if known and began - read_at <= FRESH_SECONDS:
            return known
        try:
            found = self._read(name, tenant)
        except (ClientError, BotoCoreError, TransientError) as error:
            if known is None or not (isinstance(error, TransientError) or aws.is_transient(error)):
                raise
            telemetry.log().warning("stale alias", extra={"agent": known.agent_id, "seconds": int(began - read_at)})
            return known
        if found.production is not None:
            self._known[tenant, name] = (began, found)
        return found

    def _read(self, name: str, tenant: str) -> Alias:
        keys = {owner: alias_key(f"{owner}#{name}") for owner in (tenant, PLATFORM)}
        wanted = {"Keys": [to_item(key) for key in keys.values()], "ConsistentRead": True}
        answer = self._dynamodb.batch_get_item(RequestItems={self._table: wanted})
        if answer.get("UnprocessedKeys"):
            # Going on without them might take the platform's agent where the tenant has its own.
            raise TransientError("BatchGetItem: throttled")
        rows = {row["agentId"]: row for row in map(from_item, answer["Responses"][self._table])}
        aliases = [Alias.of(f"{owner}#{name}", rows.get(key["agentId"], {})) for owner, key in keys.items()]
        return next((alias for alias in aliases if alias.production is not None), aliases[-1])
