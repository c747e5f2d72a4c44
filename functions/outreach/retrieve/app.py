"""Retrieve: past cases of this company with the same purpose."""

from typing import Any

from agent_platform import aws
from agent_platform.retrieval.credits import case_credits
from agent_platform.retrieval.holdout import holdout_percent
from agent_platform.retrieval.knowledge_base import knowledge_base_id
from agent_platform.tasks import task
from outreach.cases import find_passages
from outreach.contracts import Enriched, Passages


@task("Retrieve")
def lambda_handler(state: Enriched, context: Any) -> Passages:
    """Add $.passages, or say that this customer is held out, or that no Knowledge Base is configured."""
    return find_passages(
        state,
        knowledge_base=knowledge_base_id(),
        holdout_percent=holdout_percent(),
        case_credits=case_credits(),
        runtime=aws.client("bedrock-agent-runtime"),
    )
