"""Who may send events: a source's record, its secrets, and the check of a Standard Webhooks signature.

The record names the tenant, so a request never does. A source has up to two valid secrets, so that rotating one leaves
no gap. An unknown source is checked like any other, against a secret nobody has, so that no answer tells which exist.
"""

import base64
import binascii
import hmac
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from agent_platform import aws, settings
from agent_platform.items import from_item, to_item
from agent_platform.tenants import TENANT_NAME, TenantContext

_MAX_ID = 128
# The library's own.
_TOLERANCE = timedelta(minutes=5)
_CACHE_SIZE = 512
# A secret is read again after half a minute, and at once, though not more than once a second, when none fitted.
_CACHE_SECONDS, _FRESH_SECONDS = 30, 1


@dataclass(frozen=True)
class Source:
    """A system that sends events for one tenant, and where its secrets are."""

    name: str
    tenant: str
    secret_arn: str


@dataclass(frozen=True)
class _Settings:
    sources_table: str
    dummy_secret_arn: str


class Sources:
    """The sources of a stack, read through a short cache."""

    def __init__(self, *, table: str, dummy_secret_arn: str, dynamodb: Any, secrets_manager: Any) -> None:
        self._table, self._dummy_secret_arn = table, dummy_secret_arn
        self._dynamodb, self._secrets_manager = dynamodb, secrets_manager
        self._cached: OrderedDict[str, tuple[float, Source | None, list[str]]] = OrderedDict()

    def find(
        self, name: str, *, fresh: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> tuple[Source | None, list[str]]:
        """The source and its two secrets; for an unknown name None and two that nobody signs with.

        Both ways make the same two calls and are cached alike. AWS errors are raised as they are.
        """
        held = self._cached.get(name)
        if held and clock() - held[0] < (_FRESH_SECONDS if fresh else _CACHE_SECONDS):
            return held[1], held[2]
        # It may be what no key can be, such as half a character; it is looked up all the same, as what no source is.
        key = name if TENANT_NAME.fullmatch(name) else "-"
        found = self._dynamodb.get_item(TableName=self._table, Key={"source": {"S": key}}).get("Item")
        row = from_item(found) if found else {}
        source = Source(name, row["tenant"], row["secretArn"]) if row else None
        arn = source.secret_arn if source else self._dummy_secret_arn
        text = self._secrets_manager.get_secret_value(SecretId=arn)["SecretString"]
        valid = json.loads(text)["secrets"] if source else [text]
        self._cached[name] = (clock(), source, _two(valid))
        if len(self._cached) > _CACHE_SIZE:
            self._cached.popitem(last=False)
        return source, self._cached[name][2]

    def authenticated(
        self, name: str, headers: Mapping[str, str], body: str, *, arrived_at: datetime | None = None
    ) -> TenantContext | None:
        """The tenant for whom a source signed this, as `authenticate` says."""
        context = authenticate(*self.find(name), headers, body, arrived_at=arrived_at)
        if context is None:
            # The secret may have been rotated since it was cached; an unknown source is looked up again as well.
            context = authenticate(*self.find(name, fresh=True), headers, body, arrived_at=arrived_at)
        return context

    def add(self, source: Source) -> None:
        """Record a new source; ConditionalCheckFailedException if the name is taken."""
        item = {"source": source.name, "tenant": source.tenant, "secretArn": source.secret_arn}
        self._dynamodb.put_item(
            TableName=self._table, Item=to_item(item), ConditionExpression="attribute_not_exists(#s)",
            ExpressionAttributeNames={"#s": "source"},
        )  # fmt: skip

    def all(self) -> list[Source]:
        """Every source of the stack, by name; there are as many as a company has systems."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table)
        items = [from_item(item) for page in pages for item in page["Items"]]
        return sorted((Source(i["source"], i["tenant"], i["secretArn"]) for i in items), key=lambda s: s.name)


@cache
def sources() -> Sources:
    """The stack's sources, as the function's environment names them."""
    own = settings.read(_Settings)
    return Sources(
        table=own.sources_table,
        dummy_secret_arn=own.dummy_secret_arn,
        dynamodb=aws.client("dynamodb"),
        secrets_manager=aws.client("secretsmanager"),
    )


def new_secret() -> str:
    """A fresh signing secret in Standard Webhooks' form: whsec_ and 32 random bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def authenticate(
    source: Source | None,
    valid: list[str],
    headers: Mapping[str, str],
    body: str,
    *,
    arrived_at: datetime | None = None,
) -> TenantContext | None:
    """The tenant of a request whose signature fits one of the secrets; None for every other request.

    What is read later than it arrived is as timely as it was then: a queue that is long is no attack.

    The library takes one secret, so each is tried, always both. A `webhook-id` with a dot is refused, because the
    signed content separates its parts by dots; so is one over 128 characters.
    """
    # What an attacker may send raises more kinds of error than the library's own; all mean the same.
    refusals = (WebhookVerificationError, ValueError, binascii.Error, OverflowError, OSError)
    fits = []
    for secret in valid:
        try:
            _verify(Webhook(secret), body, headers, arrived_at)
            fits.append(True)
        except refusals:
            fits.append(False)
    event_id = headers.get("webhook-id", "")
    well_formed = 0 < len(event_id) <= _MAX_ID and "." not in event_id and event_id.isprintable()
    return TenantContext(source.tenant) if source and any(fits) and well_formed else None


def _verify(webhook: Webhook, body: str, headers: Mapping[str, str], arrived_at: datetime | None) -> None:
    """Raise unless the headers sign the body, and did so when it arrived; the library knows no time but now."""
    if arrived_at is None:
        webhook.verify(body, dict(headers), json_parse=False)
        return
    event_id, timestamp, given = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    signed_at = datetime.fromtimestamp(float(timestamp), UTC)
    expected = webhook.sign(event_id, signed_at, body).encode()
    fits = [hmac.compare_digest(expected, each.encode()) for each in given.split(" ")]
    if abs(arrived_at - signed_at) > _TOLERANCE or not any(fits):
        raise WebhookVerificationError("signed at another time, or by somebody else")


def _two(valid: list[str]) -> list[str]:
    """Always two secrets, so that every check compares as often; nobody signs with an empty one, or with ours."""
    return [*filter(None, valid), new_secret(), new_secret()][:2]
