"""How long everything takes, and how unevenly."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Self

from capacity.inputs import assumptions
from capacity.limits import WEBHOOK
from capacity.measuring import measured, sigma, spreads
from capacity.message import STATES, Message, function_of
from operations.message_cost import SECONDS_OF_A_MODEL


@dataclass(frozen=True)
class Pace:
    """Seconds on average, and how much slower the slowest of twenty are than the middle one."""

    states: Mapping[str, float]
    factors: Mapping[str, float]
    transitions: float
    webhook: float
    starter: float
    of_a_batch: float
    model: float
    model_factor: float
    rewritten: float

    @classmethod
    def on_aws(cls, message: Message) -> Self:
        """As docs/costs.md and the assumptions have it."""
        one, two = message.batch_seconds(1), message.batch_seconds(2)
        times = assumptions()["times"]
        return cls(
            states={state: message.seconds(function_of(state)) for state in STATES},
            factors={state: each.factor for state, each in measured().items()},
            transitions=message.transitions * times["transition_seconds"],
            webhook=message.seconds(WEBHOOK),
            starter=one,
            of_a_batch=two - one,
            model=float(SECONDS_OF_A_MODEL),
            model_factor=times["model_p95_to_median"],
            rewritten=message.demand.rewritten,
        )

    @classmethod
    def on_the_local_aws(cls, bench: Mapping[str, Any], model_seconds: float) -> Self:
        """As it was measured there, with models that take exactly so long and approve the first draft."""
        found = spreads(bench)
        return cls(
            states={state: each.mean_ms / 1000 for state, each in found.items()},
            factors={state: each.factor for state, each in found.items()},
            transitions=bench["between_ms"] / 1000,
            webhook=bench["start_ms"] / 1000,
            starter=0.0,
            of_a_batch=0.0,
            model=model_seconds,
            model_factor=1.0,
            rewritten=0.0,
        )

    def batch(self, size: int) -> float:
        """How long a starter takes for so many events."""
        return self.starter + (size - 1) * self.of_a_batch

    def state(self, state: str, random: Random) -> float:
        """How long a state's function runs once, its model apart."""
        return self.states[state] * _varied(self.factors[state], random)

    def answer(self, random: Random) -> float:
        """How long a model answers once."""
        return self.model * _varied(self.model_factor, random)


def _varied(factor: float, random: Random) -> float:
    """Something that is one on average."""
    of_it = sigma(factor)
    return random.lognormvariate(-(of_it**2) / 2, of_it)
