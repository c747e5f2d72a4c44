"""The store of feature rows: read by one request, written by folding an entity's history.

A row is written only if nobody wrote it since its revision was read, and the history is read after the revision. So
whoever writes last has read every entry that was added before any other write: events may come shuffled, doubled and
at once, and the row is the fold of them all.

A row holds until the retention of the first of its entries is over: what is read never knows more than may be known.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.errors import TransientError
from agent_platform.features.entries import Entry, Kept
from agent_platform.features.history import MOST_LOOSE, History, is_history
from agent_platform.features.partition import NEW, Partition
from agent_platform.features.rows import FeatureRow, folded, names_of, row_of
from agent_platform.features.values import check_derived, packed
from agent_platform.features.views import Definition, FeatureView, Value

_TRIES = 5


@dataclass(frozen=True)
class _Settings:
    features_table: str


class FeatureStore:
    """The rows and histories of all entities."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb
        self.history = History(table, dynamodb)

    def read(
        self,
        tenant: str,
        entity: str,
        definition: Definition,
        *,
        now: datetime,
        as_of: datetime | None = None,
        consistent: bool = False,
    ) -> FeatureRow | None:
        """An entity's features, by exactly one GetItem; None if there is no row or its retention is over.

        With `as_of` what was known at that moment, as far as its retention isn't over now: folded from the history.
        """
        if as_of and definition.compute:
            known = self.history.entries(tenant, entity, now=now, as_of=as_of)
            return folded(definition, known, as_of=as_of)
        row = self.stored(tenant, entity, definition, now=now, as_of=as_of or now, consistent=consistent)
        if row and as_of and datetime.fromisoformat(row.event_time) > as_of:
            return None
        return row

    def stored(
        self,
        tenant: str,
        entity: str,
        definition: Definition,
        *,
        now: datetime,
        as_of: datetime,
        consistent: bool = False,
    ) -> FeatureRow | None:
        """The row as it is stored, which may know what wasn't known yet at the moment at which it is to be read.

        By exactly one GetItem; None if there is no row or its retention is over now.
        """
        row = self._partition(tenant, entity).get(definition.view.key, consistent=consistent)
        if row is None or row["expiresAt"] <= now.timestamp():
            return None
        return row_of(definition, row, as_of)

    def materialize(
        self,
        tenant: str,
        entity: str,
        entries: Iterable[Entry],
        definitions: Iterable[Definition],
        *,
        now: datetime,
        expires_at: int,
    ) -> dict[str, FeatureRow]:
        """Add what events say to the history and fold it into the row of every definition; the rows by view's key.

        Repeating it is safe and changes nothing. TransientError if others were faster time and again.
        """
        for entry in entries:
            self.history.add(tenant, entity, entry, expires_at=expires_at)
        return self.rebuild(tenant, entity, definitions, now=now)

    def rebuild(
        self, tenant: str, entity: str, definitions: Iterable[Definition], *, now: datetime
    ) -> dict[str, FeatureRow]:
        """Fold the history into rows, as a new version of a view needs it; compacts a history with too many items."""
        rows = {each.view.key: self._fold(tenant, entity, each, now=now) for each in definitions}
        return {key: row for key, row in rows.items() if row}

    def write(
        self,
        tenant: str,
        entity: str,
        view: FeatureView,
        values: Mapping[str, Value],
        *,
        event_time: str,
        expires_at: int,
    ) -> bool:
        """Write the row of a view that isn't folded, unless a newer computation has; whether it was written."""
        row = {"packed": packed(view, values), "eventTime": event_time, "revision": 0, "expiresAt": expires_at}
        return self._partition(tenant, entity).put(view.key, row, f"{NEW} OR eventTime <= :this", this=event_time)

    def forget(self, tenant: str, entity: str) -> int:
        """Delete every row and the history of an entity; how many items that were."""
        partition, forgotten = self._partition(tenant, entity), 0
        # Until nothing is left: what is written between a listing and its deletion is in the next listing.
        while names := [item["view"] for item in partition.all()]:
            partition.delete(names)
            forgotten += len(names)
        return forgotten

    def withdraw(self, tenant: str, entity: str, view: FeatureView) -> None:
        """Delete the row of one view."""
        self._partition(tenant, entity).delete([view.key])

    def export(self, tenant: str, entity: str) -> dict[str, Any]:
        """All that is held of an entity, as JSON: its rows by view's key, and what each event said."""
        return {
            "rows": {
                item["view"]: {"values": json.loads(item["packed"]), "event_time": item["eventTime"]}
                for item in self._partition(tenant, entity).all()
                if not is_history(item)
            },
            "history": [
                {**asdict(kept.entry), "expires_at": kept.expires_at} for kept in self.history.all(tenant, entity)
            ],
        }

    def _fold(self, tenant: str, entity: str, definition: Definition, *, now: datetime) -> FeatureRow | None:
        partition = self._partition(tenant, entity)
        for _ in range(_TRIES):
            before = partition.get(definition.view.key, consistent=True)
            held = self.history.held(tenant, entity, now=now)
            if not held.entries:
                return None
            # Also if the row would stay as it is: who has read less than this must find it changed.
            if row := _put(partition, definition, held.entries, before=before, now=now):
                if held.loose > MOST_LOOSE:
                    self.history.compact(tenant, entity, now=now)
                return row
        raise TransientError(f"a row of {definition.view.key} was written by others {_TRIES} times meanwhile")

    def _partition(self, tenant: str, entity: str) -> Partition:
        return Partition(self._table, self._dynamodb, tenant, entity)


def _put(
    partition: Partition,
    definition: Definition,
    held: Sequence[Kept],
    *,
    before: Mapping[str, Any] | None,
    now: datetime,
) -> FeatureRow | None:
    """Write the row that these entries make, and give it; None if the row before it isn't there any more."""
    view, entries = definition.view, [kept.entry for kept in held]
    values = definition.computed(entries)
    check_derived(definition, values, now)
    row = {
        "packed": packed(view, values),
        "eventTime": entries[-1].event_time,
        "knownFrom": max(entry.known_from for entry in entries),
        "names": names_of(entries),
        # A row made anew begins above every revision that one before it can have had: nobody takes the two for the
        # same.
        "revision": before["revision"] + 1 if before else int(now.timestamp() * 1000),
        "expiresAt": min(kept.expires_at for kept in held),
    }
    condition, was = ("revision = :was", {"was": before["revision"]}) if before else (NEW, {})
    return row_of(definition, row, now) if partition.put(view.key, row, condition, **was) else None


@cache
def feature_store() -> FeatureStore:
    """The stack's feature store, as the function's environment names it."""
    return FeatureStore(table=settings.read(_Settings).features_table, dynamodb=aws.client("dynamodb"))
