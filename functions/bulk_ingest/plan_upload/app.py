"""Plan upload: whose file came in, and in which ranges its lines are taken in; what an earlier run did is left out."""

from dataclasses import dataclass
from typing import Any

from agent_platform import settings
from agent_platform.ingest.senders import tenant_of
from agent_platform.tasks import task
from agent_platform.uploads.contracts import Arrived, Plan
from agent_platform.uploads.inbox import inbox
from agent_platform.uploads.planning import Planner


@dataclass(frozen=True)
class _Settings:
    bulk_batch_lines: int
    bulk_concurrency: int


@task("Plan upload")
def lambda_handler(state: Arrived, context: Any) -> Plan:
    """Add $.plan; a file that can't be taken in has no ranges and every reason why."""
    own = settings.read(_Settings)
    return Planner(inbox(), tenant_of, own.bulk_batch_lines, own.bulk_concurrency).plan(state)
