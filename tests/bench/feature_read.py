"""P5: the read of a customer's features ÷ a raw GetItem of the same item, and how many requests that read makes.

Both sides go through one client to the local AWS's DynamoDB: what the ratio shows is our own code, from the item to
values of which none is stale. A raw GetItem is what botocore gives; whoever wants to know anything would unpack it.
"""

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

from agent_platform.features.entries import Entry
from agent_platform.features.rows import FeatureRow
from agent_platform.features.store import FeatureStore
from agent_platform.items import to_item
from agent_platform.moments import epoch, iso
from outreach.brands import parse_brand
from outreach.features.customer import customer_of
from outreach.materialization import materialize

from local_aws import service
from operations.stack import ROOT, Stack
from tests.bench.counts import Count
from tests.bench.pairs import Figure, measured
from tests.integration.stack import of_type

# One read against one GetItem, many times: what disturbs the machine for a moment disturbs few pairs.
PAIRS = 2_000
LIMIT = 1.05
TABLE, TENANT, CUSTOMER = "FeatureStoreTable", "greenedge", "c-" + "0" * 32
SERVICES = 12
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
BRAND = parse_brand((ROOT / "brands" / TENANT / "brand.json").read_bytes())
DEFINITION = customer_of(BRAND)


def figures() -> Iterator[Figure | Count]:
    """A customer of a dozen services, with a home and an answered message: every feature is known."""
    with _table() as dynamodb:
        store = FeatureStore(table=TABLE, dynamodb=dynamodb)
        materialize(TENANT, CUSTOMER, _entries(), store=store, now=NOW, expires_at=epoch(NOW, days=365))
        key = to_item({"entity": f"{TENANT}#{CUSTOMER}", "view": DEFINITION.view.key})
        yield measured(
            "feature read ÷ a raw GetItem of the item",
            lambda: _seconds(lambda: _read(store)),
            lambda: _seconds(lambda: dynamodb.get_item(TableName=TABLE, Key=key)["Item"]),
            pairs=PAIRS,
            limit=LIMIT,
        )
        yield Count("requests of a feature read", _requests(dynamodb, lambda: _read(store)), "requests", 1)


def _read(store: FeatureStore) -> FeatureRow:
    row = store.read(TENANT, CUSTOMER, DEFINITION, now=NOW)
    if row is None:
        raise RuntimeError("there is no row")
    return row


def _seconds(read: Callable[[], Any]) -> float:
    began = time.perf_counter()
    read()
    return time.perf_counter() - began


def _requests(dynamodb: Any, act: Callable[[], Any]) -> int:
    """How many requests left the client, retries included."""
    sent: list[Any] = []

    def note(request: Any, **_: Any) -> None:
        sent.append(request)

    dynamodb.meta.events.register_first("before-send", note)
    act()
    dynamodb.meta.events.unregister("before-send", note)
    return len(sent)


def _entries() -> Iterator[Entry]:
    for number in range(SERVICES):
        at = iso(NOW - timedelta(days=30 * (number + 1)))
        said = {"date": at, "type": BRAND.services[number % len(BRAND.services)],
                "price": {"minor": 9900 + number, "currency": "USD"}, "satisfaction": 4.0 + number % 2}  # fmt: skip
        content: dict[str, Any] = {"services": {f"s-{number}": said}, "direct": [f"s-{number}"]}
        if number == 0:
            content["home"] = {"type": "house", "lot_size": 800, "lot_size_unit": "m2", "features": ["pool", "pond"]}
            content["responses"] = {"message": {"sent": at, "opened": at, "clicked": at}}
        yield Entry(f"{number:040x}", at, at, content)


@contextlib.contextmanager
def _table() -> Iterator[Any]:
    """A client of a local AWS of its own, with the feature store's table as the template has it."""
    with tempfile.TemporaryDirectory() as home, mock.patch.dict(os.environ, {"LOCAL_AWS_HOME": home}):
        service.up("offline")
        try:
            declared = of_type("DynamoDB::Table")[TABLE]
            wanted = {name: declared[name] for name in ("AttributeDefinitions", "KeySchema", "BillingMode")}
            dynamodb = Stack("local").client("dynamodb")
            dynamodb.create_table(TableName=TABLE, **wanted)
            yield dynamodb
        finally:
            service.down()
