"""On whose account a model is called, and for which line of it."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from agent_platform import telemetry
from agent_platform.inference.budgets import Line
from agent_platform.inference.calls import Call
from agent_platform.references import EventReference

# After its timeout a function is gone; clocks differ, and a settlement takes a moment.
_AFTER_THE_END = timedelta(minutes=1)
# Seconds for what else a function may have to do when its call is booked: the slowest answer of AWS, and its retries.
_BEFORE_THE_END = 25


@dataclass(frozen=True)
class Payer:
    """Who calls models in one invocation of a function, on whose account, and when its calls must be over.

    `books_until`, of time.monotonic, is until when it may try to book a call: a little before its function ends.
    """

    tenant: str
    line: Line
    execution: str
    state: str
    attempt: int
    agent: str
    version: int
    invocation: str
    now: datetime
    ends_at: datetime
    books_until: float

    @classmethod
    def of(
        cls,
        document: Mapping[str, Any],
        context: Any,
        *,
        agents: Mapping[str, Any],
        role: str,
        state: str,
        now: datetime,
    ) -> Self:
        """The payer in a state's document: a run's tenant, the one whose recording an evaluation works on, or who has
        the judge that is probed.
        """
        evaluated = next((document[name] for name in ("recording", "probe") if name in document), None)
        attempts = document.get("verdict", {}).get("attempts", [])
        left = timedelta(milliseconds=context.get_remaining_time_in_millis())
        return cls(
            tenant=document["tenant"],
            line=_line(agents, evaluated=evaluated is not None),
            execution=evaluated or EventReference.of(document).execution_name,
            state=state,
            attempt=len(attempts) + 1,
            agent=agents[role]["agent_id"],
            version=agents[role]["version"],
            invocation=context.aws_request_id,
            now=now,
            ends_at=now + left + _AFTER_THE_END,
            books_until=time.monotonic() + left.total_seconds() - _BEFORE_THE_END,
        )

    def call(self, number: int, model: str) -> Call:
        """One of its calls."""
        return Call(
            tenant=self.tenant,
            workflow=telemetry.workflow(),
            line=self.line,
            execution=self.execution,
            state=self.state,
            attempt=self.attempt,
            number=number,
            agent=self.agent,
            version=self.version,
            model=model,
        )

    def hold_id(self, number: int) -> str:
        """What names the hold of one of its calls; a state that is tried again is another invocation."""
        return hashlib.sha256(f"{self.invocation} {self.execution} {self.state} {number}".encode()).hexdigest()[:32]


def _line(agents: Mapping[str, Any], *, evaluated: bool) -> Line:
    """A candidate's whole run counts as the rollout's, its judge included."""
    if evaluated:
        return "evaluations"
    return "rollouts" if any(agent.get("arm") == "candidate" for agent in agents.values()) else "runs"
