"""What a simulated stack has: as it is deployed, changed for a scale, or a part of it that stands for the whole."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from capacity import deployed
from capacity.inputs import quotas
from capacity.limits import STARTER, limits, open_executions
from capacity.message import Message


@dataclass(frozen=True)
class Settings:
    """Rates are a second; without slots every event starts at once."""

    stage: float
    tenant: float
    retrieve: float
    judge_tokens: float
    writer_tokens: float
    concurrency: float
    starters: float
    slots: float | None

    @classmethod
    def deployed(cls, message: Message) -> Self:
        """template.yaml's numbers and AWS's defaults."""
        return cls(
            stage=deployed.throttle(),
            tenant=deployed.parameter("TenantEventsPerSecond"),
            retrieve=quotas()["retrieve"].a_second,
            judge_tokens=quotas()["judge_tokens"].a_second,
            writer_tokens=quotas()["writer_tokens"].a_second,
            concurrency=quotas()["concurrency"].value,
            starters=deployed.consumer(STARTER).concurrency,
            slots=open_executions(message),
        )

    def changed(self, message: Message, scale: float) -> Self:
        """The same, with each of these limits raised as far as so many times today's messages need.

        Retrieve's can't be raised: then the index is asked without it. Slots follow the judge's quota.
        """
        raised = {limit.word: limit.raised(scale) for limit in limits(message)}
        raised["slots"] = raised["judge_tokens"]
        changed = self._each(lambda word, value: value * raised.get(word, 1))
        return replace(changed, retrieve=quotas()["query_vectors"].a_second) if raised["retrieve"] > 1 else changed

    def without_slots(self) -> Self:
        """The same, before there were slots."""
        return replace(self, slots=None)

    def part(self, share: float) -> Self:
        """One part of a stack so much larger: with that share of everything."""
        return self._each(lambda _, value: value * share)

    def _each(self, changed: Callable[[str, float], float]) -> Self:
        given = {word: value for word, value in vars(self).items() if value is not None}
        return replace(self, **{word: changed(word, value) for word, value in given.items()})
