"""The agents: immutable versions of prompt, model and settings, and the one that is in production.

A tenant's agent shadows the platform's of the same name. Version items are numbered 1, 2, …; the item with number 0
under `<agentId>#alias` points at the version in production.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from string import Template
from typing import Any

from agent_platform import aws, settings
from agent_platform.errors import ConfigurationError, TransientError
from agent_platform.inference.prices import foundation_model, is_priced
from agent_platform.items import Item, from_item, to_item
from agent_platform.moments import iso

PLATFORM = "platform"
_MAX_PROMPT_BYTES = 300_000


@dataclass(frozen=True)
class AgentVersion:
    """One version of an agent, whole: all that decides its behaviour."""

    agent_id: str
    version: int
    model: str
    prompt: str
    config: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The agent's name, without whose it is."""
        return self.agent_id.partition("#")[2]


@dataclass(frozen=True)
class _Settings:
    registry_table: str


class Registry:
    """The table of agents."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb
        self._versions: dict[tuple[str, int], AgentVersion] = {}

    def resolve(self, name: str, *, tenant: str) -> AgentVersion:
        """The version in production of a tenant's agent, or of the platform's; ConfigurationError if there is none."""
        keys = [to_item({"agentId": f"{owner}#{name}#alias", "version": 0}) for owner in (tenant, PLATFORM)]
        answer = self._dynamodb.batch_get_item(RequestItems={self._table: {"Keys": keys, "ConsistentRead": True}})
        if answer.get("UnprocessedKeys"):
            # Going on without them might take the platform's agent where the tenant has its own.
            raise TransientError("BatchGetItem: throttled")
        found = {alias["agentId"]: alias["production"] for alias in map(from_item, answer["Responses"][self._table])}
        for owner in (tenant, PLATFORM):
            if production := found.get(f"{owner}#{name}#alias"):
                return self.version(f"{owner}#{name}", production)
        raise ConfigurationError(f"no agent {name} is in production: run scripts/seed")

    def version(self, agent_id: str, version: int) -> AgentVersion:
        """One version, which never changes and so is read once for each process."""
        known = self._versions.get((agent_id, version))
        if known:
            return known
        key = to_item({"agentId": agent_id, "version": version})
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        if item is None:
            raise ConfigurationError(f"no version {version} of agent {agent_id}")
        row = from_item(item)
        made = AgentVersion(agent_id, version, row["bedrockModel"], row["promptTemplate"], json.loads(row["config"]))
        self._versions[agent_id, version] = made
        return made

    def register(
        self, config: Mapping[str, Any], prompt: str, *, owner: str, allowed_models: Collection[str], now: datetime
    ) -> AgentVersion:
        """Make a version of this content and put it into production; the same content gives the version it has.

        Raises ConfigurationError that lists every problem of the content.
        """
        problems = problems_of(config, prompt, allowed_models=allowed_models)
        if problems:
            raise ConfigurationError(f"agent {config.get('agent', '?')}: " + "; ".join(problems))
        agent_id = f"{owner}#{config['agent']}"
        latest = self._latest(agent_id)
        digest = content_hash(config, prompt)
        if latest and latest["hash"] == digest:
            return self.version(agent_id, latest["version"])
        number = latest["version"] + 1 if latest else 1
        item = {
            "agentId": agent_id,
            "version": number,
            "promptTemplate": prompt,
            "bedrockModel": config["model"],
            "config": json.dumps(config, sort_keys=True),
            "status": "production",
            "performance": {},
            "createdAt": iso(now),
            "hash": digest,
        }
        self._dynamodb.transact_write_items(TransactItems=self._promotion(item, before=number - 1))
        return self.version(agent_id, number)

    def _promotion(self, item: Mapping[str, Any], *, before: int) -> list[Item]:
        """One transaction, so that exactly one version is in production at any moment."""
        alias = {"agentId": f"{item['agentId']}#alias", "version": 0, "production": item["version"]}
        new = {"TableName": self._table, "Item": to_item(item), "ConditionExpression": "attribute_not_exists(agentId)"}
        writes: list[Item] = [{"Put": new}, {"Put": {"TableName": self._table, "Item": to_item(alias)}}]
        if before:
            writes.append({"Update": {
                "TableName": self._table,
                "Key": to_item({"agentId": item["agentId"], "version": before}),
                "UpdateExpression": "SET #s = :retired",
                "ExpressionAttributeNames": {"#s": "status"},
                "ExpressionAttributeValues": to_item({":retired": "retired"}),
            }})  # fmt: skip
        return writes

    def _latest(self, agent_id: str) -> dict[str, Any] | None:
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="agentId = :id",
            ExpressionAttributeValues=to_item({":id": agent_id}),
            ScanIndexForward=False,
            Limit=1,
            ConsistentRead=True,
        )
        return from_item(answer["Items"][0]) if answer["Items"] else None


@cache
def registry() -> Registry:
    """The stack's registry, as the function's environment names it."""
    return Registry(table=settings.read(_Settings).registry_table, dynamodb=aws.client("dynamodb"))


def content_hash(config: Mapping[str, Any], prompt: str) -> str:
    """The hash of all that decides an agent's behaviour."""
    return hashlib.sha256(json.dumps([config, prompt], sort_keys=True).encode()).hexdigest()


def problems_of(config: Mapping[str, Any], prompt: str, *, allowed_models: Collection[str]) -> list[str]:
    """Everything that speaks against registering this content, each as what is wrong and what would be right."""
    problems = [f"config.json has no {name}" for name in ("agent", "model", "inference") if name not in config]
    model = str(config.get("model", ""))
    if model and not is_priced(model):
        problems.append(f"model {model} has no price in inference/prices.json")
    if model and foundation_model(model) not in allowed_models:
        problems.append(f"model {model} is not among AllowedModels ({', '.join(sorted(allowed_models))})")
    problems += _inference_problems(config.get("inference", {}))
    problems += _role_problems(config)
    if len(prompt.encode()) > _MAX_PROMPT_BYTES:
        problems.append(f"prompt.md has more than {_MAX_PROMPT_BYTES} bytes")
    if not Template(prompt).is_valid():
        problems.append("prompt.md has a $ that starts no variable: write $$ for a dollar sign")
    return problems


def _inference_problems(inference: Mapping[str, Any]) -> list[str]:
    problems = []
    tokens = inference.get("max_tokens")
    if not (isinstance(tokens, int) and not isinstance(tokens, bool) and 1 <= tokens <= 8192):
        problems.append("inference.max_tokens must be a whole number from 1 to 8192")
    for name in ("temperature", "top_p"):
        value = inference.get(name, 0)
        if not (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1):
            problems.append(f"inference.{name} must be from 0 to 1")
    return problems


def _role_problems(config: Mapping[str, Any]) -> list[str]:
    """What a writer's or a judge's version must say beyond its model: how often it tries, or when it approves."""
    match config.get("role"):
        case "writer":
            attempts = config.get("max_attempts")
            return [] if attempts in range(1, 6) else ["max_attempts must be a whole number from 1 to 5"]
        case "judge":
            return [
                *(
                    f"{name} must be from 1 to 5"
                    for name in ("threshold", "minimum")
                    if not _is_score(config.get(name))
                ),
                *_rubric_problems(config.get("rubric")),
            ]
        case _:
            return ["role must be writer or judge"]


def _is_score(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 5


def _rubric_problems(rubric: Any) -> list[str]:
    entries = rubric if isinstance(rubric, list) else []
    whole = all(isinstance(entry, dict) and {"criterion", "question", "anchors"} <= entry.keys() for entry in entries)
    return [] if entries and whole else ["rubric must list criteria, each with criterion, question and anchors"]
