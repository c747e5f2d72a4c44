"""Report upload: line by line what became of a file, beside it; it fails if any of them was not taken in."""

from typing import Any

from agent_platform.tasks import task
from agent_platform.uploads.contracts import Summary
from agent_platform.uploads.inbox import inbox
from agent_platform.uploads.reporting import report


@task("Report upload")
def lambda_handler(state: dict[str, Any], context: Any) -> Summary:
    """Add $.report: how many lines were accepted, duplicates or refused, and where all of them are listed."""
    return report(state["plan"], inbox=inbox())
