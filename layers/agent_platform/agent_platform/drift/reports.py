"""The table of reports: one a day of each tenant's agent, who took a shift for the new normal, and what was told."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Self

from agent_platform import aws, settings
from agent_platform.drift.contracts import WRITER, Report
from agent_platform.drift.measured import Versions, key_of
from agent_platform.items import from_item, to_item
from agent_platform.moments import epoch, iso

KEPT_DAYS = 90
_DAY = len("2026-11-21")


@dataclass(frozen=True)
class _Settings:
    drift_reports_table: str


@dataclass(frozen=True)
class Ticket:
    """What is told of a day's drift: at most once for each cause, whoever finds it how often."""

    tenant: str
    workflow: str
    agent_id: str
    version: int
    day: str
    cause: str
    first: str
    subjects: list[str]

    @classmethod
    def of(cls, report: Report) -> Self | None:
        """The ticket that a report asks for; None if nothing drifted."""
        if report["cause"] is None:
            return None
        moved = [each["subject"] for each in report["subjects"] if each["drifted"]]
        # The cause's own first, however far what it explains has moved.
        moved.sort(key=lambda subject: not subject.startswith(f"{report['cause']}."))
        return cls(
            report["tenant"], report["workflow"], **report["agents"][WRITER], day=report["as_of"][:_DAY],
            cause=report["cause"], first=moved[0], subjects=moved[:3],
        )  # fmt: skip


class Reports:
    """The reports of a stack, and what goes with them."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def put(self, report: Report) -> None:
        """Keep a day's report; the same day's again replaces it."""
        as_of = datetime.fromisoformat(report["as_of"])
        key = f"report#{report['as_of'][:_DAY]}#{report['agents'][WRITER]['agent_id']}"
        self._put(report, key, {"report": json.dumps(report), "expiresAt": epoch(as_of, days=KEPT_DAYS)})

    def newest(self, tenant: str, workflow: str, *, now: datetime) -> Iterator[Report]:
        """The reports of a tenant's workflow, newest first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="series = :series AND begins_with(subject, :report)",
            ExpressionAttributeValues=to_item({":series": f"{tenant}#{workflow}", ":report": "report#"}),
            ScanIndexForward=False,
            PaginationConfig={"PageSize": 10},
        )
        rows = (from_item(item) for page in pages for item in page["Items"])
        return (json.loads(row["report"]) for row in rows if row["expiresAt"] > now.timestamp())

    def claim(self, ticket: Ticket, *, run: str, now: datetime) -> bool:
        """Whether this run is to tell it: the first that asks, and the same one again if it was cut short."""
        key = {"series": f"{ticket.tenant}#{ticket.workflow}",
               "subject": f"ticket#{ticket.day}#{ticket.agent_id}#{ticket.cause}"}  # fmt: skip
        return aws.condition_held(
            self._dynamodb.put_item,
            TableName=self._table,
            Item=to_item(key | {"run": run, "expiresAt": epoch(now, days=KEPT_DAYS)}),
            ConditionExpression="attribute_not_exists(series) OR #run = :run",
            ExpressionAttributeNames={"#run": "run"},
            ExpressionAttributeValues=to_item({":run": run}),
        )

    def accept(self, report: Report, *, since: str, by: str, reason: str, now: datetime) -> None:
        """Take what a report found for the new normal: runs since that moment are the next baseline."""
        self._put(report, _accepted(report["agents"]), {"since": since, "by": by, "reason": reason, "at": iso(now)})

    def accepted(self, tenant: str, workflow: str, agents: Versions) -> str:
        """Since when these versions' runs are normal, if somebody said so; else as far back as there are any."""
        key = to_item({"series": f"{tenant}#{workflow}", "subject": _accepted(agents)})
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return str(from_item(item)["since"]) if item else ""

    def _put(self, report: Report, subject: str, row: dict[str, Any]) -> None:
        key: dict[str, Any] = {"series": f"{report['tenant']}#{report['workflow']}", "subject": subject}
        self._dynamodb.put_item(TableName=self._table, Item=to_item(key | row))


def _accepted(agents: Versions) -> str:
    return f"accepted#{key_of(agents)}"


@cache
def reports() -> Reports:
    """The stack's reports, as the function's environment names their table."""
    return Reports(table=settings.read(_Settings).drift_reports_table, dynamodb=aws.client("dynamodb"))
