"""What moves a rollout: started, given more customers, and ended, each so that a repetition finds its work done.

The alias moves first, by one transaction; what hangs on it (alarms, the parameter that names the production version)
follows, and is brought up to date again by whoever repeats the command.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from agent_platform import aws, settings
from agent_platform.errors import ConfigurationError, Conflict, PlatformError, Refused, TransientError
from agent_platform.experiments.alarms import Alarms
from agent_platform.experiments.contracts import Looked, Shift
from agent_platform.experiments.plans import Plan
from agent_platform.moments import iso
from agent_platform.registry.alias import OpenRollout
from agent_platform.registry.aliases import Aliases, aliases
from agent_platform.registry.open_rollouts import Outcome
from agent_platform.registry.production_parameters import production_parameters

_GOING_ON = {"open", "paused"}


@dataclass(frozen=True)
class _Settings:
    stack_name: str


@dataclass(frozen=True)
class Rollouts:
    """The rollouts of the registry's agents; `follow` makes the production parameter of an agent follow its alias."""

    aliases: Aliases
    alarms: Alarms
    follow: Callable[[str], object]

    def start(
        self,
        agent_id: str,
        candidate: int,
        wanted: Mapping[str, Any],
        *,
        config_of: Callable[[str, int], Mapping[str, Any]],
        watch: Callable[[str, int, Plan], None],
        by: str,
        reason: str,
        now: datetime,
    ) -> int:
        """Record the plan, give the first step's customers to the candidate, and `watch` it; the rollout's number.

        A rollout that can't be watched is aborted at once. A command that was cut short is repeated with the same plan,
        and does what was left. Raises Refused that lists everything which speaks against it.
        """
        if self.aliases.status(agent_id, candidate) is None:
            raise Refused([f"version {candidate} of {agent_id} is not registered"])
        config = config_of(agent_id, candidate)
        if config.get("role") != "writer":
            raise Refused([f"{agent_id} is no writer: a judge is promoted by hand, with a reason"])
        plan = Plan.of(wanted, declared=config.get("metrics", []))
        open_before = self.aliases.alias(agent_id).rollout
        number = self.aliases.open_rollout(
            agent_id, plan.document(), candidate=candidate, share=plan.steps[0], by=by, reason=reason, now=now
        )
        try:
            self.alarms.put(agent_id, number, workflow=config["workflow"], candidate=candidate, plan=plan)
            watch(agent_id, number, plan)
        except Exception as error:
            # One that was open before is watched by whoever began it, unless its watcher is known to have ended.
            if open_before is None or isinstance(error, Refused):
                why = f"nobody watches it: {error if isinstance(error, PlatformError) else type(error).__name__}"
                self.end(agent_id, number, outcome="aborted", by=by, reason=why, now=now)
            raise
        return number

    def shift(self, state: Looked, *, by: str, now: datetime) -> Shift:
        """Do what the last look decided, unless somebody ended the rollout meanwhile; a pause keeps what it has."""
        agent_id, rollout, look = state["agent_id"], state["rollout"], state["look"]
        open_ = self._open(agent_id, rollout)
        if open_ and open_.paused and look["outcome"] in {None, "promoted"}:
            return {"share": open_.share, "since": iso(now), "over": False}
        try:
            if open_ and look["outcome"] is None and look["share"] is not None:
                self.aliases.set_share(agent_id, rollout, look["share"], by=by, reason=look["reason"], now=now)
                return {"share": look["share"], "since": iso(now), "over": False}
            # Of a rollout that somebody else has ended, only what hangs on it is left to do.
            outcome: Outcome = look["outcome"] or "aborted"
            self.end(agent_id, rollout, outcome=outcome, by=by, reason=look["reason"], now=now)
        except (Conflict, Refused) as changed:
            # Somebody else moved it between the reading and the transaction: the state machine tries again and reads.
            raise TransientError(str(changed)) from None
        return {"share": 0, "since": iso(now), "over": True}

    def end(self, agent_id: str, rollout: int, *, outcome: Outcome, by: str, reason: str, now: datetime) -> str:
        """End a rollout unless it has ended, and bring up to date what hangs on it; the state it has ended in."""
        recorded = self.aliases.rollout(agent_id, rollout)
        if recorded is None:
            raise ConfigurationError(f"{agent_id} has no rollout {rollout}")
        state = str(recorded["state"])
        if state in _GOING_ON:
            self.aliases.close_rollout(agent_id, rollout, outcome=outcome, by=by, reason=reason, now=now)
            state = outcome
        self.alarms.delete(agent_id, rollout)
        self.follow(agent_id)
        return state

    def _open(self, agent_id: str, rollout: int) -> OpenRollout | None:
        open_ = self.aliases.alias(agent_id).rollout
        return open_ if open_ and open_.number == rollout else None


@cache
def rollouts() -> Rollouts:
    """The stack's rollouts, as the function's environment names it."""
    alarms = Alarms(stack=settings.read(_Settings).stack_name, cloudwatch=aws.client("cloudwatch"))
    return Rollouts(aliases(), alarms, production_parameters().follow)
