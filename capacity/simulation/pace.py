"""How long everything takes, and how unevenly."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Self

from capacity.inputs import assumptions
from capacity.limits import WEBHOOK
from capacity.measuring import measured
from capacity.message import STATES, Message, function_of
from operations.message_cost import SECONDS_OF_A_MODEL

# Of a normal distribution, where the slowest of twenty begins.
_P95 = 1.645


@dataclass(frozen=True)
class Pace:
    """Seconds on average, and how much slower the slowest of twenty are than the middle one."""

    states: Mapping[str, float]
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
            transitions=message.transitions * times["transition_seconds"],
            webhook=message.seconds(WEBHOOK),
            starter=one,
            of_a_batch=two - one,
            model=float(SECONDS_OF_A_MODEL),
            model_factor=times["model_p95_to_median"],
            rewritten=message.demand.rewritten,
        )

    def batch(self, size: int) -> float:
        """How long a starter takes for so many events."""
        return self.starter + (size - 1) * self.of_a_batch

    def state(self, state: str, random: Random) -> float:
        """How long a state's function runs once, its model apart."""
        return self.states[state] * _varied(measured()[state].factor, random)

    def answer(self, random: Random) -> float:
        """How long a model answers once."""
        return self.model * _varied(self.model_factor, random)


def _varied(factor: float, random: Random) -> float:
    """Something that is one on average."""
    sigma = math.log(factor) / _P95
    return random.lognormvariate(-(sigma**2) / 2, sigma)
