"""An agent's alias: which version is in production, which one is in a rollout, and how often that was changed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from agent_platform.moments import iso

PLATFORM = "platform"
SHARES = 10_000


@dataclass(frozen=True)
class OpenRollout:
    """A candidate that a share (of 10,000) of the customers is given; the salt decides which of them."""

    number: int
    candidate: int
    share: int
    salt: str
    paused: bool = False


@dataclass(frozen=True)
class Alias:
    """An agent's present state: `changes` counts its changes, `rollouts` the rollouts that it ever had."""

    agent_id: str
    production: int | None = None
    changes: int = 0
    rollouts: int = 0
    since: str = ""
    rollout: OpenRollout | None = None

    @classmethod
    def of(cls, agent_id: str, row: Mapping[str, Any]) -> Self:
        """The alias that an item says; of an agent that was never promoted there is none yet."""
        rollout = OpenRollout(**row["rollout"]) if row.get("rollout") else None
        kept = {name: row[name] for name in ("production", "changes", "rollouts", "since") if name in row}
        return cls(agent_id, rollout=rollout, **kept)

    def changed(self, now: datetime) -> Self:
        """This state as the next change's; clocks may differ, but an agent's time never goes back."""
        return replace(self, changes=self.changes + 1, since=max(self.since, iso(now)))

    def item(self) -> dict[str, Any]:
        """The alias as it is stored."""
        values = asdict(self) | alias_key(self.agent_id)
        del values["agent_id"]
        return {name: value for name, value in values.items() if value is not None}


def alias_key(agent_id: str) -> dict[str, Any]:
    """Where an agent's alias is."""
    return {"agentId": f"{agent_id}#alias", "version": 0}
