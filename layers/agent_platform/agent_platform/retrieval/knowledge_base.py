"""Passages about past cases from a Bedrock Knowledge Base, filtered by tenant and checked for it again."""

from dataclasses import dataclass
from typing import Any

from agent_platform import settings
from agent_platform.guardrails.redaction import redact
from agent_platform.retrieval.parameters import configured

MAX_PASSAGES = 3
MAX_CHARACTERS = 1500


@dataclass(frozen=True)
class RetrievedPassage:
    """One passage: where it is from, how near it is (0-1), and its text, redacted and cut."""

    source: str
    score: float
    text: str


@dataclass(frozen=True)
class _Settings:
    knowledge_base_parameter: str


def knowledge_base_id() -> str | None:
    """The id in SSM, at most a minute old; None where no Knowledge Base is configured."""
    return configured(settings.read(_Settings).knowledge_base_parameter)


def retrieve(knowledge_base: str, query: str, *, tenant: str, purpose: str, runtime: Any) -> list[RetrievedPassage]:
    """At most three passages of the tenant's own past cases with this purpose, nearest first.

    `runtime` is a bedrock-agent-runtime client; its errors are raised as they are.
    """
    own = [{"equals": {"key": key, "value": value}} for key, value in (("tenant", tenant), ("purpose", purpose))]
    answer = runtime.retrieve(
        knowledgeBaseId=knowledge_base,
        retrievalQuery={"text": query},
        retrievalConfiguration={
            "vectorSearchConfiguration": {"numberOfResults": MAX_PASSAGES, "filter": {"andAll": own}}
        },
    )
    # A filter is a request; the tenant is checked on what came back, too.
    passages = [each for each in answer["retrievalResults"] if each.get("metadata", {}).get("tenant") == tenant]
    return [_passage(each) for each in passages[:MAX_PASSAGES]]


def _passage(result: dict[str, Any]) -> RetrievedPassage:
    uri = result.get("location", {}).get("s3Location", {}).get("uri", "unknown")
    text = redact(result["content"]["text"])
    return RetrievedPassage(uri.rpartition("/")[2], round(float(result.get("score", 0)), 4), text[:MAX_CHARACTERS])
