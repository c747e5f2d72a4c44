"""Filling a version of a view from every customer's history, beside the version that runs read meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import batched, groupby
from typing import Any

from agent_platform import aws
from agent_platform.errors import TransientError
from agent_platform.features.history import is_history
from agent_platform.features.store import FeatureStore
from agent_platform.features.views import Definition
from agent_platform.items import from_item, to_item
from botocore.exceptions import BotoCoreError, ClientError

_AT_ONCE = 8


@dataclass(frozen=True)
class Customer:
    """Whose features are filled; `error` says why they weren't, by something that may pass."""

    tenant: str
    reference: str
    error: str | None = None


@dataclass(frozen=True)
class Found:
    """The customers without a row of the version, and how many have one."""

    left: list[Customer]
    filled: int


def look(dynamodb: Any, table: str, definition: Definition, *, tenant: str | None, now: datetime) -> Found:
    """Go through the table once: who has a history, and no row of this version that still holds.

    A row that is there was folded from the whole history, by an earlier filling or by an event since.
    """
    left, filled = [], 0
    # All items of a customer stand together.
    for key, items in groupby(_items(dynamodb, table, tenant), lambda item: item["entity"]):
        live = [item for item in items if item["expiresAt"] > now.timestamp()]
        if any(item["view"] == definition.view.key for item in live):
            filled += 1
        elif any(map(is_history, live)):
            whose, _, reference = key.partition("#")
            left.append(Customer(whose, reference))
    return Found(left, filled)


def with_row(dynamodb: Any, table: str, definition: Definition, *, tenant: str | None, now: datetime) -> list[Customer]:
    """Who has a row of a view that still holds."""
    found = []
    for item in _items(dynamodb, table, tenant):
        if item["view"] == definition.view.key and item["expiresAt"] > now.timestamp():
            whose, _, reference = item["entity"].partition("#")
            found.append(Customer(whose, reference))
    return found


def fill(
    store: FeatureStore, definition: Definition, customers: Sequence[Customer], *, clock: Callable[[], datetime]
) -> Iterator[Customer]:
    """Fold the history of each customer into the version, some at once; each as they are done.

    Repeating it is safe, also while events come: a row that was written meanwhile is read again and folded anew.
    """
    return for_each(customers, lambda who: store.rebuild(who.tenant, who.reference, [definition], now=clock()))


def for_each(customers: Sequence[Customer], do: Callable[[Customer], object]) -> Iterator[Customer]:
    """Do something for each customer, some at once; each as it is done, with what may pass by itself as their error."""
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        # By batches, so that who interrupts waits for no more than what has begun.
        for some in batched(customers, _AT_ONCE, strict=False):
            yield from workers.map(partial(_done, do), some)


def _done(do: Callable[[Customer], object], customer: Customer) -> Customer:
    try:
        do(customer)
    except (TransientError, ClientError, BotoCoreError) as error:
        if not isinstance(error, TransientError) and not aws.is_transient(error):
            raise
        return Customer(customer.tenant, customer.reference, aws.told(error))
    return customer


def _items(dynamodb: Any, table: str, tenant: str | None) -> Iterator[dict[str, Any]]:
    of_tenant = {
        "FilterExpression": "begins_with(entity, :tenant)",
        "ExpressionAttributeValues": to_item({":tenant": f"{tenant}#"}),
    }
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        ProjectionExpression="entity, #view, expiresAt",
        ExpressionAttributeNames={"#view": "view"},
        **(of_tenant if tenant else {}),
    )
    return (from_item(item) for page in pages for item in page["Items"])
