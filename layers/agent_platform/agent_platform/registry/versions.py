"""The agents' versions: immutable, numbered 1, 2, … for each agent; a new one is a draft.

A tenant's agent shadows the platform's of the same name. What moves a version on, from draft to production and further,
is in `aliases`.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.errors import ConfigurationError, Conflict, Refused
from agent_platform.items import from_item, to_item
from agent_platform.moments import iso
from agent_platform.registry.contents import DEFAULT_ATTEMPTS, content_hash, problems_of
from agent_platform.registry.prompts import Prompts
from agent_platform.registry.resolution import Arm, Resolution, assign

# So many others may register a version of the same agent at the same moment.
_TRIES = 5


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
class Resolved:
    """The version that a customer is given: in which arm of which rollout, by which place among 10,000."""

    version: AgentVersion
    arm: Arm
    rollout: int | None
    bucket: int | None
    share: int | None


@dataclass(frozen=True)
class _Settings:
    registry_table: str
    prompts_bucket: str


class Registry:
    """The versions in the registry's table, and which of them a customer is given."""

    def __init__(self, *, table: str, dynamodb: Any, prompts: Prompts) -> None:
        self._table, self._dynamodb, self._prompts = table, dynamodb, prompts
        self._resolution = Resolution(table, dynamodb)
        self._versions: dict[tuple[str, int], AgentVersion] = {}

    def resolve(self, name: str, *, tenant: str, routing_key: str) -> Resolved:
        """The version of a tenant's agent, or of the platform's, for one customer; ConfigurationError without one."""
        assigned = assign(self._resolution.alias(name, tenant=tenant), tenant=tenant, routing_key=routing_key)
        version = self.version(assigned.agent_id, assigned.number)
        return Resolved(version, assigned.arm, assigned.rollout, assigned.bucket, assigned.share)

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
        config, prompt = json.loads(row["config"]), self._prompts.of(row)
        if content_hash(config, prompt) != row["hash"]:
            raise ConfigurationError(f"version {version} of agent {agent_id} is not what was registered")
        made = AgentVersion(agent_id, version, row["bedrockModel"], prompt, config)
        self._versions[agent_id, version] = made
        return made

    def rows(self, agent_id: str) -> list[dict[str, Any]]:
        """Every version of an agent as it is stored, in order: with status, label, performance and time."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="agentId = :id",
            ExpressionAttributeValues=to_item({":id": agent_id}),
            ConsistentRead=True,
        )
        return [from_item(item) for page in pages for item in page["Items"]]

    def register(
        self,
        config: Mapping[str, Any],
        prompt: str,
        *,
        owner: str,
        allowed_models: Collection[str],
        now: datetime,
        manifest: Mapping[str, Any] | None = None,
        version: int | None = None,
        label: str = "",
        by: str = "",
    ) -> AgentVersion:
        """Make a draft of this content, under the next number; the same content gives the version that it has.

        Raises Refused that lists every problem; `manifest` is that of the agent's workflow.
        """
        problems = problems_of(
            config, prompt, owner=owner, label=label, allowed_models=allowed_models, manifest=manifest
        )
        if problems:
            raise Refused(problems)
        agent_id, digest = f"{owner}#{config['agent']}", content_hash(config, prompt)
        row = {
            "agentId": agent_id, "bedrockModel": config["model"], "config": json.dumps(config, sort_keys=True),
            "status": "draft", "performance": {}, "createdAt": iso(now), "createdBy": by, "label": label,
            "hash": digest,
        }  # fmt: skip
        for _ in range(_TRIES):
            number, known = self._number(agent_id, digest, version)
            if known or self._added(row | {"version": number}, prompt):
                return self.version(agent_id, number)
        raise Conflict(f"{agent_id} is being registered by others: try again")

    def note_performance(self, agent: Mapping[str, Any], name: str, figures: Mapping[str, Any]) -> None:
        """Keep what was measured of a version {agent_id, version} under a name of its own; the rest stays as it is."""
        self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"agentId": agent["agent_id"], "version": agent["version"]}),
            UpdateExpression="SET performance.#name = :figures",
            ConditionExpression="attribute_exists(agentId)",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues=to_item({":figures": figures}),
        )

    def _number(self, agent_id: str, digest: str, wanted: int | None) -> tuple[int, bool]:
        """The number of this content, and whether it has it already; Refused if another was wanted."""
        rows = self.rows(agent_id)
        used = {row["version"]: row["hash"] for row in rows}
        same = [number for number, its in used.items() if its == digest]
        number = same[0] if same else max(used, default=0) + 1
        if wanted in {None, number}:
            return number, bool(same)
        if same:
            raise Refused([f"this content is version {number} already, not {wanted}"])
        why = "has other content: a version never changes" if wanted in used else "would leave a gap"
        raise Refused([f"version {wanted} {why}; the next one is {number}"])

    def _added(self, row: dict[str, Any], prompt: str) -> bool:
        """Put a new version, unless somebody else took its number meanwhile."""
        new, item = "attribute_not_exists(agentId)", row | self._prompts.stored(prompt, row)
        return aws.condition_held(
            self._dynamodb.put_item, TableName=self._table, Item=to_item(item), ConditionExpression=new
        )


@cache
def registry() -> Registry:
    """The stack's registry, as the function's environment names it."""
    own = settings.read(_Settings)
    prompts = Prompts(own.prompts_bucket, lambda: aws.client("s3"))
    return Registry(table=own.registry_table, dynamodb=aws.client("dynamodb"), prompts=prompts)
