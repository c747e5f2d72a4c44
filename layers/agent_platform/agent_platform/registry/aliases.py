"""What of an agent is in production, and the only way to change it: one transaction for each change.

The alias counts its changes. A change puts the alias anew under the condition that nobody changed it meanwhile, appends
the history entry of its number, and moves the statuses, all or nothing: so exactly one version is in production after
the first promotion, and the history has no gap. A command that finds its work done changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from agent_platform import aws, settings
from agent_platform.errors import Refused
from agent_platform.registry import histories
from agent_platform.registry.alias import PLATFORM, Alias
from agent_platform.registry.changes import Change, Said, Status, Step
from agent_platform.registry.histories import Served
from agent_platform.registry.open_rollouts import OpenRollouts, against_open_rollout
from agent_platform.registry.probings import Probings, against_undiscerning


@dataclass(frozen=True)
class _Settings:
    registry_table: str


class Aliases(OpenRollouts):
    """The aliases of the registry's agents, and every command that changes one.

    A command raises Refused with all the reasons against it, or Conflict if somebody changed the alias meanwhile.
    """

    def history(self, agent_id: str, *, until: datetime | None = None) -> list[Change]:
        """Every change of an agent in its order, up to a moment if one is given."""
        return histories.read(self._table, self._dynamodb, agent_id, until=until)

    def served(self, tenant: str, name: str, date: datetime) -> Served | None:
        """What served a tenant as this agent at that moment: the tenant's own version, or the platform's."""
        for owner in (tenant, PLATFORM):
            agent_id = f"{owner}#{name}"
            if found := histories.served(agent_id, self.history(agent_id, until=date)):
                return found
        return None

    def before(self, agent_id: str) -> int | None:
        """The version that a rollback goes to if it is told none."""
        return histories.production_before(self.history(agent_id))

    def promote(self, agent_id: str, version: int, *, by: str, reason: str, now: datetime) -> Alias:
        """Put a draft into production by hand; the version before it retires.

        A judge's version must have shown on its probes that it tells good drafts from bad ones.
        """
        alias, said = self.alias(agent_id), Said("promote", by, reason, now)
        if alias.production == version:
            return alias
        return self._put_in_production(
            alias,
            version,
            said,
            only_from="draft",
            instead="roll back to it",
            against=self._against_judge(alias, version),
        )

    def roll_back(self, agent_id: str, *, to: int | None, by: str, reason: str, now: datetime) -> Alias:
        """Put a retired version back into production: the one given, or the one that served before the present one.

        Whoever may repeat the command gives `to`: without it, each rollback goes one release further back.
        """
        alias, said = self.alias(agent_id), Said("roll_back", by, reason, now)
        version = to if to is not None else self.before(agent_id)
        if version is None:
            raise Refused(["no version was in production before: say which one to go back to"])
        if alias.production == version:
            return alias
        return self._put_in_production(alias, version, said, only_from="retired", instead="promote it")

    def retire(self, agent_id: str, version: int, *, by: str, reason: str, now: datetime) -> Alias:
        """Take a draft out of use; it stays readable for the runs that entered with it."""
        alias, said, status = self.alias(agent_id), Said("retire", by, reason, now), self.status(agent_id, version)
        if status == "retired":
            return alias
        reasons = said.problems()
        if version == alias.production:
            reasons.append(f"version {version} is in production: promote another one, which retires it")
        if alias.rollout and version == alias.rollout.candidate:
            reasons.append(f"version {version} is in rollout {alias.rollout.number}, which is open: abort it first")
        if status is None:
            reasons.append(f"version {version} of {agent_id} is not registered")
        if reasons or status is None:
            raise Refused(reasons)
        return self._commit(alias, alias, said, Step(version, {version: (status, "retired")}))

    def _against_judge(self, alias: Alias, version: int) -> list[str]:
        if self._config(alias.agent_id, version).get("role") != "judge":
            return []
        probing = Probings(self._table, self._dynamodb).of(alias.agent_id, version)
        return against_undiscerning(probing, version, first=alias.production is None)

    def _put_in_production(
        self,
        alias: Alias,
        version: int,
        said: Said,
        *,
        only_from: Status,
        instead: str,
        against: Sequence[str] = (),
    ) -> Alias:
        status = self.status(alias.agent_id, version)
        judged = self.against_judged_rollouts(alias.agent_id, version)
        reasons = [*said.problems(), *against_open_rollout(alias), *judged, *against]
        if status is None:
            reasons.append(f"version {version} of {alias.agent_id} is not registered")
        elif status in {"draft", "retired"} and status != only_from:
            reasons.append(f"version {version} is in status {status}: {instead}")
        if reasons or status is None:
            raise Refused(reasons)
        statuses: dict[int, tuple[Status, Status]] = {version: (status, "production")}
        if alias.production is not None:
            statuses[alias.production] = ("production", "retired")
        return self._commit(alias, replace(alias, production=version), said, Step(version, statuses))


@cache
def aliases() -> Aliases:
    """The stack's aliases, as the function's environment names them."""
    return Aliases(settings.read(_Settings).registry_table, aws.client("dynamodb"))
