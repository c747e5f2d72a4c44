"""Ingestion: a Knowledge Base reads the files that changed in its bucket, one job at a time."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws, settings
from agent_platform.retrieval.parameters import configured

# Bedrock runs one job for a data source, and a few for an account.
_BUSY = frozenset({"ConflictException", "ServiceQuotaExceededException"})
_ENDED = frozenset({"COMPLETE", "FAILED", "STOPPED"})


@dataclass(frozen=True)
class _Settings:
    data_source_parameter: str


def data_source_id() -> str | None:
    """The id in SSM of the data source to ingest, at most a minute old; None where there is none."""
    return configured(settings.read(_Settings).data_source_parameter)


def start_ingestion(knowledge_base: str, data_source: str, *, agent: Any) -> str | None:
    """Start a job and give its id; None while another one runs. `agent` is a bedrock-agent client."""
    try:
        started = agent.start_ingestion_job(knowledgeBaseId=knowledge_base, dataSourceId=data_source)
    except ClientError as error:
        if aws.code_of(error) not in _BUSY:
            raise
        return None
    return str(started["ingestionJob"]["ingestionJobId"])


def left_out(knowledge_base: str, data_source: str, *, agent: Any) -> int | None:
    """How many files the newest job that ended didn't take in, 1 if it took none; None where none has ended."""
    listed = agent.list_ingestion_jobs(
        knowledgeBaseId=knowledge_base,
        dataSourceId=data_source,
        sortBy={"attribute": "STARTED_AT", "order": "DESCENDING"},
        maxResults=10,
    )
    newest = next((job for job in listed["ingestionJobSummaries"] if job["status"] in _ENDED), None)
    if newest is None:
        return None
    return int(newest["statistics"]["numberOfDocumentsFailed"]) if newest["status"] == "COMPLETE" else 1
