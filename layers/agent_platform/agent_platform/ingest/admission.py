"""How many events each tenant may send: a token bucket for each way in, filled at the tenant's own rate.

A bucket is one item of the admission table, `series` = `<tenant>#rate`, `subject` = the way in:

    fullAt             when the bucket will be full, in microseconds since 1970; a time that is over means that it is
    perSecond, burst   the tenant's own limit; the stack's defaults if they are missing

Taking is one conditional write, two while the bucket isn't full, and never a read: the write's condition also names
the limit that it counts with, and what is in the way tells another. (The algorithm is GCRA, the generic cell rate
algorithm of ITU-T I.371: a bucket is the time at which it would be full.)
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal, get_args

from agent_platform import aws, settings
from agent_platform.items import Item, from_item, to_item

# An upload of a million lines takes nothing from what a tenant's systems send meanwhile.
Way = Literal["webhook", "bulk"]
WAYS: tuple[Way, ...] = get_args(Way)

_MICROSECOND = timedelta(microseconds=1)
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Limit:
    """So many events a second for as long as one likes, and so many at once."""

    per_second: int
    burst: int

    def duration(self, events: int) -> int:
        """How long the bucket takes to fill by so many, in microseconds; nothing for less than one."""
        return max(0, events) * 1_000_000 // self.per_second


@dataclass(frozen=True)
class _Settings:
    admission_table: str
    tenant_events_per_second: int
    tenant_burst: int


class Admission:
    """The buckets of every tenant."""

    def __init__(self, default: Limit, *, table: str, dynamodb: Any) -> None:
        self._default, self._table, self._dynamodb = default, table, dynamodb
        # The limits that tenants have of their own, as they were when last seen.
        self._own: dict[str, Limit] = {}

    def take(self, tenant: str, events: int, *, now: datetime, way: Way = "webhook") -> float | None:
        """Take so many tokens, all of them or none: None if they are taken, else the seconds until they may be there.

        More than the burst is let through by a full bucket, which then lets nothing through until it is paid.
        """
        moment = (now - _BEGAN) // _MICROSECOND
        while True:
            own = self._own.get(tenant)
            limit = own or self._default
            cost, latest = limit.duration(events), moment + limit.duration(limit.burst - events)
            full = "(attribute_not_exists(fullAt) OR fullAt <= :now)"
            row = self._set(_key(tenant, way), own, ":now + :cost", full, now=moment, cost=cost)
            if row is None:
                return None
            if self._learned(tenant, row) != own:
                continue
            if row["fullAt"] > latest:
                return float((row["fullAt"] - latest) / 1_000_000)
            between = "fullAt BETWEEN :now AND :latest"
            row = self._set(_key(tenant, way), own, "fullAt + :cost", between, now=moment, latest=latest, cost=cost)
            if row is None:
                return None
            # Others took some meanwhile. That ends: each of them moves the bucket towards its refusal.

    def limit(self, tenant: str) -> Limit:
        """A tenant's limit."""
        key = _key(tenant, WAYS[0])
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return self._learned(tenant, from_item(item or {})) or self._default

    def change(self, tenant: str, limit: Limit | None) -> None:
        """Give a tenant a limit of its own, for each way in, from its next event on; None for the stack's default."""
        for way in WAYS:
            update: dict[str, Any] = {"UpdateExpression": "REMOVE perSecond, burst"}
            if limit:
                values = to_item({":rate": limit.per_second, ":burst": limit.burst})
                update = {
                    "UpdateExpression": "SET perSecond = :rate, burst = :burst",
                    "ExpressionAttributeValues": values,
                }
            self._dynamodb.update_item(TableName=self._table, Key=_key(tenant, way), **update)

    def _set(self, key: Item, own: Limit | None, full_at: str, condition: str, **values: int) -> dict[str, Any] | None:
        """Set when the bucket is full, if the condition holds and the tenant's own limit is this; else the row."""
        as_known = "attribute_not_exists(perSecond)"
        if own:
            as_known = "perSecond = :rate AND burst = :burst"
            values |= {"rate": own.per_second, "burst": own.burst}
        item = aws.in_the_way(
            self._dynamodb.update_item,
            TableName=self._table,
            Key=key,
            UpdateExpression=f"SET fullAt = {full_at}",
            ConditionExpression=f"{condition} AND {as_known}",
            ExpressionAttributeValues=to_item({f":{name}": value for name, value in values.items()}),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        return None if item is None else from_item(item)

    def _learned(self, tenant: str, row: dict[str, Any]) -> Limit | None:
        if "perSecond" in row:
            self._own[tenant] = Limit(row["perSecond"], row["burst"])
        else:
            self._own.pop(tenant, None)
        return self._own.get(tenant)


def _key(tenant: str, way: Way) -> Item:
    return to_item({"series": f"{tenant}#rate", "subject": way})


@cache
def admission() -> Admission:
    """The stack's buckets, as the function's environment names them."""
    own = settings.read(_Settings)
    default = Limit(own.tenant_events_per_second, own.tenant_burst)
    return Admission(default, table=own.admission_table, dynamodb=aws.client("dynamodb"))
