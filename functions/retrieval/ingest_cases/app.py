"""From the queue of changed cases to the Knowledge Base: one ingestion for everything that changed together."""

from typing import Any

from agent_platform import aws, telemetry
from agent_platform.retrieval.ingestion import data_source_id, start_ingestion
from agent_platform.retrieval.knowledge_base import knowledge_base_id
from botocore.exceptions import BotoCoreError, ClientError


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Start one ingestion for a batch; while another runs, the batch goes back to the queue."""
    log, changes = telemetry.log(), len(event["Records"])
    try:
        knowledge_base, data_source = knowledge_base_id(), data_source_id()
        if knowledge_base is None or data_source is None:
            log.info("nothing is ingested: no Knowledge Base is configured", extra={"changes": changes})
            return {"batchItemFailures": []}
        job = start_ingestion(knowledge_base, data_source, agent=aws.client("bedrock-agent"))
    except (ClientError, BotoCoreError) as error:
        raise aws.named(error) from None
    if job is None:
        log.info("put back: another ingestion runs", extra={"changes": changes})
        return {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in event["Records"]]}
    log.info("ingestion started", extra={"changes": changes, "job": job})
    return {"batchItemFailures": []}
