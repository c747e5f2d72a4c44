"""Hourly: a metric tells whether the Knowledge Base's newest ingestion took every case in."""

from typing import Any

from agent_platform import aws, telemetry
from agent_platform.retrieval.ingestion import data_source_id, left_out
from agent_platform.retrieval.knowledge_base import knowledge_base_id
from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Look once; where nothing was ever ingested there is nothing to tell."""
    try:
        knowledge_base, data_source = knowledge_base_id(), data_source_id()
        if knowledge_base is None or data_source is None:
            return
        cases = left_out(knowledge_base, data_source, agent=aws.client("bedrock-agent"))
    except (ClientError, BotoCoreError) as error:
        raise aws.named(error) from None
    if cases is not None:
        telemetry.emit({"CasesNotIngested": (MetricUnit.Count, cases)})
