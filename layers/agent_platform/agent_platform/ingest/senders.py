"""Whose events come in: the tenants that have a source, for functions that read no source's secret."""

from dataclasses import dataclass

from agent_platform import aws, settings
from agent_platform.items import from_item


@dataclass(frozen=True)
class _Settings:
    sources_table: str


def tenant_of(source: str) -> str | None:
    """Whose events a source sends; None if there is no such source."""
    key = {"source": {"S": source}}
    table = settings.read(_Settings).sources_table
    found = aws.client("dynamodb").get_item(TableName=table, Key=key).get("Item")
    return str(from_item(found)["tenant"]) if found else None


def tenants() -> list[str]:
    """Every tenant with a source, by name, as of now; the table is as the function's environment names it."""
    scan = aws.client("dynamodb").get_paginator("scan")
    pages = scan.paginate(TableName=settings.read(_Settings).sources_table, ProjectionExpression="tenant")
    return sorted({from_item(item)["tenant"] for page in pages for item in page["Items"]})
