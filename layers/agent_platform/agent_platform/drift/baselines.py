"""What an agent's runs are held against: its first ones in production, counted once and kept from then on."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from measurement.drift import Counted

from agent_platform import aws, settings
from agent_platform.drift.contracts import Compared
from agent_platform.drift.measured import MeasuredRun, Names, counted, key_of, names_in
from agent_platform.items import from_item, to_item


@dataclass(frozen=True)
class _Settings:
    drift_reports_table: str


@dataclass(frozen=True)
class Baseline:
    """The first runs, by subject: figures alone, as nothing says which values were one run's.

    A run whose key is greater than `after` is none of them; there is None until they are complete.
    """

    runs: int
    begin: str | None
    end: str | None
    after: str | None
    names: Names
    counted: Counted

    @classmethod
    def of(cls, runs: Sequence[MeasuredRun], after: str | None) -> Self:
        """These runs, in their order."""
        begin, end = (runs[0].recorded_at, runs[-1].recorded_at) if runs else (None, None)
        names = names_in(runs)
        return cls(len(runs), begin, end, after, names, counted(runs, names))


class Baselines:
    """The baselines of a stack: one of each tenant's agent, until another promotion or a new normal begins the next."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def keep(self, baseline: Baseline, wanted: Compared, *, since: str) -> None:
        """Keep a complete baseline in the place of the one before it."""
        whole = {"runs": baseline.runs, "begin": baseline.begin, "end": baseline.end, "after": baseline.after,
                 "names": baseline.names, "subjects": len(baseline.counted)}  # fmt: skip
        self._put(wanted, since, "", whole)
        for name, values in baseline.counted.items():
            self._put(wanted, since, name, list(values.items()))

    def kept(self, wanted: Compared, *, since: str) -> Baseline | None:
        """The baseline of these versions since a moment; None until it is complete, or if its keeping was cut short."""
        rows = dict(self._rows(wanted, since))
        whole = rows.pop("", None)
        if whole is None or len(rows) != whole.pop("subjects"):
            return None
        return Baseline(**whole, counted={name: Counter(dict(values)) for name, values in rows.items()})

    def _rows(self, wanted: Compared, since: str) -> Iterator[tuple[str, Any]]:
        begin = _subject(wanted, "")
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="series = :series AND begins_with(subject, :begin)",
            ExpressionAttributeValues=to_item({":series": _series(wanted), ":begin": begin}),
            ConsistentRead=True,
        )
        for row in (from_item(item) for page in pages for item in page["Items"]):
            if row["of"] == _of(wanted, since):
                yield row["subject"].removeprefix(begin), json.loads(row["kept"])

    def _put(self, wanted: Compared, since: str, name: str, kept: Any) -> None:
        key = {"series": _series(wanted), "subject": _subject(wanted, name)}
        row = key | {"of": _of(wanted, since), "kept": json.dumps(kept)}
        self._dynamodb.put_item(TableName=self._table, Item=to_item(row))


def _series(wanted: Compared) -> str:
    return f"{wanted['tenant']}#{wanted['workflow']}"


def _subject(wanted: Compared, name: str) -> str:
    return f"baseline#{wanted['agent_id']}#{name}"


def _of(wanted: Compared, since: str) -> str:
    return f"{key_of(wanted['agents'])}#{since}"


@cache
def baselines() -> Baselines:
    """The stack's baselines, as the function's environment names their table."""
    return Baselines(table=settings.read(_Settings).drift_reports_table, dynamodb=aws.client("dynamodb"))
