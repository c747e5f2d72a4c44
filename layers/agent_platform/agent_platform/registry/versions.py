"""The agents: immutable versions of prompt, model and settings, and the one that is in production.

A tenant's agent shadows the platform's of the same name. Version items are numbered 1, 2, …; the item with number 0
under `<agentId>#alias` points at the version in production.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.errors import ConfigurationError, TransientError
from agent_platform.items import Item, from_item, to_item
from agent_platform.moments import iso
from agent_platform.registry.contents import DEFAULT_ATTEMPTS, content_hash, problems_of

PLATFORM = "platform"


@dataclass(frozen=True)
class AgentVersion:
    """One version of an agent, whole: all that decides its behaviour."""

    agent_id: str
    version: int
    model: str
    prompt: str
    config: Mapping[str, Any]

    @property
    def max_attempts(self) -> int:
        """How many drafts a writer may need."""
        return int(self.config.get("max_attempts", DEFAULT_ATTEMPTS))

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
        self,
        config: Mapping[str, Any],
        prompt: str,
        *,
        owner: str,
        allowed_models: Collection[str],
        now: datetime,
        manifest: Mapping[str, Any] | None = None,
    ) -> AgentVersion:
        """Make a version of this content and put it into production; the same content gives the version it has.

        Raises ConfigurationError that lists every problem of the content; `manifest` is that of the agent's workflow.
        """
        problems = problems_of(config, prompt, allowed_models=allowed_models, manifest=manifest)
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
