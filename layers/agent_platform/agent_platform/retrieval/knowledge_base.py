"""Passages about past cases from a Bedrock Knowledge Base: asked for by a filter, and checked when they return."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent_platform import settings
from agent_platform.guardrails.redaction import redact
from agent_platform.retrieval.parameters import configured

# Many more than a draft is given: some are in quarantine, many say the same as others, and useful ones come after them.
MAX_CANDIDATES = 50
MAX_CHARACTERS = 1500
# The season of a case that fits all year round.
ANY_SEASON = "any"


@dataclass(frozen=True)
class RetrievedPassage:
    """One passage: the case it is of, how near it is (0-1), and its text, redacted and cut."""

    source: str
    score: float
    text: str


@dataclass(frozen=True)
class Scope:
    """Whose cases may be found and which of them: asked for in a filter, and checked on what comes back."""

    tenant: str
    purpose: str
    season: str

    @property
    def filter(self) -> dict[str, Any]:
        """The filter of a Retrieve call."""
        return {
            "andAll": [
                {"equals": {"key": "tenant", "value": self.tenant}},
                {"equals": {"key": "purpose", "value": self.purpose}},
                {"in": {"key": "season", "value": [self.season, ANY_SEASON]}},
            ]
        }

    def admits(self, attributes: Mapping[str, Any]) -> bool:
        """Whether a case with these attributes may be used: a filter is only a request."""
        return (
            attributes.get("tenant") == self.tenant
            and attributes.get("purpose") == self.purpose
            and attributes.get("season") in (self.season, ANY_SEASON)
        )


@dataclass(frozen=True)
class _Settings:
    knowledge_base_parameter: str


def knowledge_base_id() -> str | None:
    """The id in SSM, at most a minute old; None where no Knowledge Base is configured."""
    return configured(settings.read(_Settings).knowledge_base_parameter)


def candidates(knowledge_base: str, query: str, *, scope: Scope, runtime: Any) -> list[RetrievedPassage]:
    """At most fifty passages that the scope admits, nearest first.

    `runtime` is a bedrock-agent-runtime client; its errors are raised as they are.
    """
    search = {"numberOfResults": MAX_CANDIDATES, "filter": scope.filter, "overrideSearchType": "SEMANTIC"}
    answer = runtime.retrieve(
        knowledgeBaseId=knowledge_base,
        retrievalQuery={"text": query},
        retrievalConfiguration={"vectorSearchConfiguration": search},
    )
    return [_passage(each) for each in answer["retrievalResults"] if scope.admits(each.get("metadata", {}))]


def _passage(result: dict[str, Any]) -> RetrievedPassage:
    uri = result.get("location", {}).get("s3Location", {}).get("uri", "unknown")
    text = redact(result["content"]["text"])
    case = uri.rpartition("/")[2].removesuffix(".md")
    return RetrievedPassage(case, round(float(result.get("score", 0)), 4), text[:MAX_CHARACTERS])
