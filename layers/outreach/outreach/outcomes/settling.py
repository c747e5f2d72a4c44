"""Counting what became of a message, once, when its maturity window is over, and that it harmed as soon as it did.

One transaction settles the message and counts for its past cases what isn't counted of it yet; only then are the cases
weighed again, and the message taken off the list, or put off until it is mature. Its rollout is told of it when it is.
What good came of it counts within its window, as far as it was told within the grace after it; harm counts always.
Whatever ends a sweep in between, the next one goes on from there.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from agent_platform.errors import TransientError
from agent_platform.experiments.outcomes import Outcomes
from agent_platform.items import Item
from agent_platform.moments import iso
from agent_platform.retrieval.credits import Credits, arm_of
from agent_platform.sweeps import MOST_PER_SWEEP, Swept, sweep
from agent_platform.worklists import Due

from outreach.outcomes.attaching import MessageOutcomes
from outreach.outcomes.kinds import GOOD, HARM, METRICS, due_at, window_ends
from outreach.outcomes.rollouts import tell_rollout

type Answer = Literal["settled", "closed meanwhile", "retention over"]
type Settled = dict[tuple[str, str], list[Mapping[str, Any]]]

# Less than the hour between two sweeps, so that the next one looks again.
_LOOK_AGAIN = timedelta(minutes=50)
# As often may something become known of a message while it is settled.
_TRIES = 3


@dataclass(frozen=True)
class Settlement:
    """What a sweep needs: the messages, the counters of past cases, how they are weighed, and the rollouts."""

    messages: MessageOutcomes
    case_credits: Credits
    refresh: Callable[[Credits, str, str], object]
    rollouts: Outcomes

    def sweep(self, *, now: datetime, may_go_on: Callable[[], bool], most: int = MOST_PER_SWEEP) -> Swept[Answer]:
        """Settle each message that is mature, at most so many; one that fails doesn't stop the others.

        IncompleteSweepError, at the end, if any failed.
        """
        settled: Settled = defaultdict(list)
        swept: Swept[Answer] = sweep(
            self.messages.maturing.due(now),
            lambda due: self._settle(due, settled, now),
            may_go_on=may_go_on,
            named=lambda due: {"settled_message": due.key["message"].replace("#", ".")},
            done="settled",
            most=most,
        )
        # Once for all messages of a purpose; how long it may take is the refresh's own to say: who isn't weighed now is
        # weighed by the next sweep.
        weighed = sweep(
            settled.items(),
            lambda group: self._weigh_and_close(*group),
            may_go_on=lambda: True,
            named=lambda group: dict(zip(("tenant", "purpose"), group[0], strict=True)),
            done="weighed",
        )
        swept.problems.update(weighed.problems)
        return swept.complete("settlements")

    def _settle(self, due: Due, settled: Settled, now: datetime) -> Answer:
        # Claimed before anything else: messages that fail every time would stay first on the list and starve the rest.
        if not self.messages.maturing.claim(due, until=now + _LOOK_AGAIN):
            return "closed meanwhile"
        message = self._counted(due.key["message"], now)
        if message is None:
            return "retention over"
        if due_at(message) is None:
            self._tell(message)
        settled[message["tenant"], message["purpose"]].append(message)
        return "settled"

    def _counted(self, key: str, now: datetime) -> Mapping[str, Any] | None:
        """The message, settled as far as it can be now, by this sweep or by one before it."""
        for _ in range(_TRIES):
            message = self.messages.read(key)
            # DynamoDB deletes expired items within days, not at once.
            if message is None or message["expiresAt"] <= now.timestamp():
                return None
            due = due_at(message)
            if due is None or due > iso(now):
                return message
            result = _result(message, now)
            if after := self.messages.settle(message, result, counted=self._counters(message, result)):
                return after
        raise TransientError("more became known of the message every time")

    def _counters(self, message: Mapping[str, Any], result: Mapping[str, Any]) -> list[Item]:
        arm = arm_of(message.get("retrieval"))
        if arm is None:
            return []
        return self.case_credits.counted(
            message["tenant"], message["purpose"], message.get("passages", []), arm,
            good=result["good"], harmed=result["harmed"], before=message.get("settled"),
        )  # fmt: skip

    def _tell(self, message: Mapping[str, Any]) -> None:
        result = message["settled"]
        tell_rollout(
            message.get("agents", {}).get("writer"),
            message["tenant"],
            message["customer"],
            {metric: 1.0 if kind in result["outcomes"] else 0.0 for metric, kind in METRICS.items()},
            outcomes=self.rollouts,
            matured_at=datetime.fromisoformat(result["at"]),
        )

    def _weigh_and_close(self, group: tuple[str, str], messages: list[Mapping[str, Any]]) -> Literal["weighed"]:
        self.refresh(self.case_credits, *group)
        for message in messages:
            self.messages.close(message)
        return "weighed"


def _result(message: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What counts of a message: what had become of it at the end of its window, however late the sweep is, and harm."""
    ends, known = window_ends(message), message["outcomes"]
    within = sorted(kind for kind, each in known.items() if kind in HARM or (ends and each["at"] <= iso(ends)))
    return {
        "good": not GOOD.isdisjoint(within),
        "harmed": not HARM.isdisjoint(within),
        "at": iso(now),
        "outcomes": within,
    }
