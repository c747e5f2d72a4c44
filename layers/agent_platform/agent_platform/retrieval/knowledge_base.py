"""Passages about past cases from a Bedrock Knowledge Base, filtered by tenant and checked for it again."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws, settings
from agent_platform.guardrails.redaction import redact

MAX_PASSAGES = 3
MAX_CHARACTERS = 1500
NOT_CONFIGURED = "none"
_CACHE_SECONDS = 60


@dataclass(frozen=True)
class RetrievedPassage:
    """One passage: where it is from, how near it is (0-1), and its text, redacted and cut."""

    source: str
    score: float
    text: str


@dataclass(frozen=True)
class _Settings:
    knowledge_base_parameter: str


def knowledge_base_id(*, clock: Callable[[], float] = time.monotonic) -> str | None:
    """The id in SSM, at most a minute old; None where no Knowledge Base is configured."""
    return _knowledge_base_id(int(clock() // _CACHE_SECONDS))


@lru_cache(maxsize=1)
def _knowledge_base_id(_minute: int) -> str | None:
    name = settings.read(_Settings).knowledge_base_parameter
    try:
        value = aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    except ClientError as error:
        if aws.code_of(error) != "ParameterNotFound":
            raise
        return None
    return None if value == NOT_CONFIGURED else str(value)


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
