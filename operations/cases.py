"""The cases that ship: what would keep one from being ingested or found, and the ingestion that makes them known."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

from agent_platform.retrieval.attributes import problems_of
from agent_platform.retrieval.ingestion import start_ingestion
from agent_platform.retrieval.knowledge_base import ANY_SEASON
from agent_platform.retrieval.parameters import NOT_CONFIGURED
from outreach.contracts import Purpose
from outreach.seasons import SEASONS

from operations.stack import Stack
from operations.terminal import Problem

_OVER = {"COMPLETE", "FAILED", "STOPPED"}
_LOOK_EVERY_SECONDS, _PATIENCE_SECONDS = 2.0, 900.0
_COUNTED = {
    "numberOfDocumentsScanned": "cases ingested",
    "numberOfNewDocumentsIndexed": "new",
    "numberOfModifiedDocumentsIndexed": "changed",
    "numberOfDocumentsDeleted": "deleted",
    "numberOfDocumentsFailed": "failed",
}
_NEVER = "never started: another ingestion still runs"


def problems(folder: Path) -> Iterator[str]:
    """What is wrong with the cases of a folder, tenant by tenant."""
    for case in sorted(folder.glob("*/*.md")):
        name, metadata = case.relative_to(folder.parent), case.with_name(case.name + ".metadata.json")
        try:
            attributes = dict(json.loads(metadata.read_text())["metadataAttributes"])
        except (OSError, ValueError, KeyError, TypeError):
            yield f"{name}: {metadata.name} must be JSON with metadataAttributes"
        else:
            yield from (f"{name}: {problem}" for problem in _problems_of(attributes, tenant=case.parent.name))


def _problems_of(attributes: dict[str, Any], *, tenant: str) -> Iterator[str]:
    seasons, purposes = (*SEASONS, ANY_SEASON), get_args(Purpose)
    if attributes.get("tenant") != tenant:
        yield f"its metadata says tenant {attributes.get('tenant')}, its folder {tenant}"
    if attributes.get("purpose") not in purposes:
        yield f"its purpose must be one of {', '.join(purposes)}"
    if attributes.get("season") not in seasons:
        yield f"its season must be one of {', '.join(seasons)}"
    yield from problems_of(attributes)


def ingest(stack: Stack, *, pause: Callable[[float], None] = time.sleep) -> str:
    """Have the Knowledge Base read the cases bucket, wait until it has, and say what it found.

    Raises Problem if it can't be ingested within a quarter of an hour.
    """
    knowledge_base, data_source = (_parameter(stack, name) for name in ("knowledge-base-id", "cases-data-source-id"))
    if NOT_CONFIGURED in (knowledge_base, data_source):
        return "knowledge base: none is configured, so cases are not retrieved"
    job = _finished(stack.client("bedrock-agent"), knowledge_base, data_source, pause=pause)
    if job["status"] != "COMPLETE":
        reasons = "; ".join(job.get("failureReasons", []))
        raise Problem(f"The cases could not be ingested ({job['status']}): {reasons}. Next: scripts/seed")
    counted = [f"{job['statistics'].get(name, 0)} {what}" for name, what in _COUNTED.items()]
    reasons = "".join(f"; {reason}" for reason in job.get("failureReasons", []))
    return f"knowledge base {knowledge_base}: {', '.join(counted)}{reasons}"


def _finished(agent: Any, knowledge_base: str, data_source: str, *, pause: Callable[[float], None]) -> dict[str, Any]:
    """A job that began now, at its end; one that ran before may have missed what was uploaded meanwhile."""
    looks = range(int(_PATIENCE_SECONDS / _LOOK_EVERY_SECONDS))
    job_id: str | None = None
    for _ in looks:
        job_id = job_id or start_ingestion(knowledge_base, data_source, agent=agent)
        if job_id is not None:
            found = agent.get_ingestion_job(
                knowledgeBaseId=knowledge_base, dataSourceId=data_source, ingestionJobId=job_id
            )
            job: dict[str, Any] = found["ingestionJob"]
            if job["status"] in _OVER:
                return job
        pause(_LOOK_EVERY_SECONDS)
    raise Problem(f"The ingestion of the cases ({job_id or _NEVER}) isn't over in {_PATIENCE_SECONDS / 60:.0f} min.")


def _parameter(stack: Stack, name: str) -> str:
    found = stack.client("ssm").get_parameter(Name=f"/referral-system/{stack.account}/{name}")
    return str(found["Parameter"]["Value"])
