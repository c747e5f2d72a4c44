"""A rollout's log: every look with the data seen, the intervals, the limits and the decision, appended once.

A look that is repeated, because its function was killed or its answer lost, finds what it decided and decides nothing
else.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from agent_platform import aws, settings, telemetry
from agent_platform.errors import ConfigurationError
from agent_platform.experiments.contracts import Look, Watched
from agent_platform.experiments.decisions import Comparison, Decision, Standing, compare, decide, figures
from agent_platform.experiments.evidence import Evidence, gather
from agent_platform.experiments.exposures import Exposures
from agent_platform.experiments.plans import Plan
from agent_platform.items import from_item, to_item
from agent_platform.moments import iso
from agent_platform.registry.alias import SHARES
from agent_platform.registry.aliases import Aliases

_ROOM_FOR_LOOKS = 10_000


@dataclass(frozen=True)
class _Settings:
    registry_table: str


class LookLog:
    """The looks at rollouts, in the registry's table."""

    def __init__(self, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def find(self, agent_id: str, rollout: int, number: int) -> dict[str, Any] | None:
        """One look."""
        key = to_item(_key(agent_id, rollout, number))
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return from_item(item) if item else None

    def append(self, agent_id: str, rollout: int, number: int, look: Mapping[str, Any]) -> dict[str, Any]:
        """Append a look; the one that stands there already, if somebody was faster."""
        row = {**look, **_key(agent_id, rollout, number)}
        held = aws.condition_held(
            self._dynamodb.put_item,
            TableName=self._table,
            Item=to_item(row),
            ConditionExpression="attribute_not_exists(agentId)",
        )
        return row if held else self.find(agent_id, rollout, number) or row

    def of(self, agent_id: str, rollout: int) -> list[dict[str, Any]]:
        """Every look at a rollout, the first one first."""
        first = rollout * _ROOM_FOR_LOOKS
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="agentId = :id AND version BETWEEN :first AND :last",
            ExpressionAttributeValues=to_item({
                ":id": f"{agent_id}#look", ":first": first, ":last": first + _ROOM_FOR_LOOKS - 1,
            }),
            ConsistentRead=True,
        )  # fmt: skip
        return [from_item(item) for page in pages for item in page["Items"]]


def take_look(state: Watched, *, aliases: Aliases, exposures: Exposures, log: LookLog, now: datetime) -> Look:
    """Look at a rollout once: what is seen and decided goes into the log, and the decision into the answer."""
    agent_id, rollout = state["agent_id"], state["rollout"]
    number = state["look"]["number"] + 1 if "look" in state else 1
    recorded = aliases.rollout(agent_id, rollout)
    if recorded is None:
        raise ConfigurationError(f"{agent_id} has no rollout {rollout}")
    plan = Plan.recorded(recorded["plan"])
    row = log.find(agent_id, rollout, number)
    if row is None:
        standing = _standing(state, number, recorded, aliases, now=now)
        seen = gather(exposures.of(agent_id, rollout), plan, now=now) if standing else None
        row = log.append(agent_id, rollout, number, _row(plan, standing, seen, recorded, now=now))
        if standing:
            _show(standing, agent_id, recorded["candidate"])
    return {
        "number": number,
        "decision": row["decision"],
        "reason": row["reason"],
        "share": row["next"],
        "outcome": row["outcome"],
    }


def _standing(
    state: Watched, number: int, recorded: Mapping[str, Any], aliases: Aliases, *, now: datetime
) -> Standing | None:
    """Where the rollout stands; None if it is not open any more."""
    open_ = aliases.alias(state["agent_id"]).rollout
    if open_ is None or open_.number != state["rollout"]:
        return None
    opened_at = datetime.fromisoformat(recorded["openedAt"])
    since = datetime.fromisoformat(state["shift"]["since"]) if "shift" in state else opened_at
    paused_for = timedelta(seconds=recorded.get("pausedSeconds", 0))
    return Standing(number, open_.share, open_.paused, opened_at, paused_for, since, now)


def _show(standing: Standing, agent_id: str, candidate: int) -> None:
    """Say what percentage of the customers is given the candidate: dashboards show by it that a rollout is running."""
    share = {"CandidateShare": (MetricUnit.Percent, 100 * standing.share / SHARES)}
    telemetry.emit(share, agent=agent_id, version=candidate)


def _row(
    plan: Plan, standing: Standing | None, seen: Evidence | None, recorded: Mapping[str, Any], *, now: datetime
) -> dict[str, Any]:
    look = {"at": iso(now), "next": None, "outcome": None}
    if standing is None or seen is None:
        return look | {"decision": "closed", "reason": f"the rollout was ended by hand: {recorded['state']}"}
    comparisons = compare(seen, plan)
    decision: Decision = decide(plan, standing, seen, comparisons)
    return look | {
        "look": standing.look,
        "share": standing.share,
        "decision": decision.action,
        "reason": decision.reason,
        "next": decision.share,
        "outcome": decision.outcome,
        "margin": plan.margin,
        "comparisons": [_logged(each) for each in comparisons],
        **figures(seen),
    }


def _logged(comparison: Comparison) -> dict[str, Any]:
    arms = {arm: {"n": cell.n, "mean": cell.mean} for arm, cell in
            (("baseline", comparison.baseline), ("candidate", comparison.candidate))}  # fmt: skip
    return asdict(comparison) | arms


def _key(agent_id: str, rollout: int, number: int) -> dict[str, Any]:
    return {"agentId": f"{agent_id}#look", "version": rollout * _ROOM_FOR_LOOKS + number}


@cache
def look_log() -> LookLog:
    """The stack's log of looks, as the function's environment names it."""
    return LookLog(settings.read(_Settings).registry_table, aws.client("dynamodb"))
