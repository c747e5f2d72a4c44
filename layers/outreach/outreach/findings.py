"""Which findings keep a draft from being approved."""

from collections.abc import Iterable

from outreach.contracts import Finding


def stops(result: str) -> bool:
    """Whether what has this result keeps a draft from being approved."""
    return result in ("contradicted", "unsupported")


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that keep a draft from being approved, whatever the judge says."""
    return [finding for finding in findings if stops(finding["result"])]


def approvable(findings: Iterable[Finding]) -> bool:
    """Whether nothing in these findings is contradicted or unsupported."""
    return not blocking(findings)
