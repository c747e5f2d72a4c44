"""One run of the state machine: its six states, what each waits for, and how it tries again."""

import math
from collections.abc import Generator, Iterator
from random import Random
from typing import Any

import simpy

from capacity import deployed
from capacity.inputs import assumptions
from capacity.measuring import measured
from capacity.message import MODELS, STATES, Message, function_of
from capacity.simulation.resources import Bucket, Places
from capacity.simulation.results import Results
from capacity.simulation.settings import Settings
from operations.message_cost import SECONDS_OF_A_MODEL, Call

type Steps[T] = Generator[simpy.Event, Any, T]
# Of a normal distribution, where the slowest of twenty begins.
_P95 = 1.645


class Run:
    """What every run shares: models' tokens, Retrieve's requests, functions."""

    def __init__(
        self,
        env: simpy.Environment,
        *,
        settings: Settings,
        functions: Places,
        results: Results,
        random: Random,
        message: Message,
    ) -> None:
        self._env, self._functions, self._results, self._random = env, functions, results, random
        self._message, self._times, self._retries = message, assumptions()["times"], deployed.retries()
        # A quota a minute may be used within one second of it.
        self._tokens = {
            "writer": self.bucket(settings.writer_tokens, seconds=60),
            "judge": self.bucket(settings.judge_tokens, seconds=60),
        }
        self._retrieve = self.bucket(settings.retrieve, seconds=1)
        self._seconds = {state: message.seconds(function_of(state)) for state in STATES}
        self._spread = {state: math.log(each.factor) / _P95 for state, each in measured().items()}
        self._model_spread = math.log(self._times["model_p95_to_median"]) / _P95

    @staticmethod
    def bucket(rate: float, *, seconds: float) -> Bucket:
        """One that holds a whole unit at least, however small a part of a stack it belongs to."""
        return Bucket(rate, max(seconds, 1 / rate))

    def process(self) -> Steps[bool]:
        """Whether a message was stored; False if a state failed for good."""
        # All at once: nothing is held between two states.
        yield self._env.timeout(self._message.transitions * self._times["transition_seconds"])
        for state in self._way():
            if not (yield from self._state(state)):
                return False
        return True

    def _way(self) -> Iterator[str]:
        yield from ("Validate", "Enrich", "Retrieve", "Generate", "Judge")
        if self._random.random() < self._message.demand.rewritten:
            yield from MODELS
        yield "Store"

    def _state(self, state: str) -> Steps[bool]:
        retry = self._retries[state]
        for attempt in range(retry.attempts + 1):
            if self._functions.enter():
                done = yield from self._work(state)
                self._functions.leave()
                if done:
                    return True
            if attempt < retry.attempts:
                longest = min(retry.interval * retry.rate**attempt, retry.longest)
                yield self._env.timeout(self._random.uniform(0, longest))
        return False

    def _work(self, state: str) -> Steps[bool]:
        seconds = self._seconds[state] * self._varied(self._spread[state])
        if state in MODELS:
            return (yield from self._ask_model(self._message.calls[MODELS[state]], seconds))
        yield self._env.timeout(seconds)
        return state != "Retrieve" or self._let_in(self._retrieve, 1)

    def _ask_model(self, call: Call, seconds: float) -> Steps[bool]:
        """The longest answer counts until the real one is there, as Bedrock counts."""
        longest_answer, tokens = deployed.max_tokens(call.role), self._tokens[call.role]
        let_in = self._let_in(tokens, call.input_tokens + longest_answer)
        model = float(SECONDS_OF_A_MODEL) * self._varied(self._model_spread) if let_in else 0.0
        yield self._env.timeout(seconds + model)
        if let_in:
            tokens.give_back(longest_answer - call.output_tokens)
        return let_in

    def _let_in(self, bucket: Bucket, amount: float) -> bool:
        self._results.calls += 1
        let_in = bucket.take(amount, self._env.now)
        self._results.throttled += not let_in
        return let_in

    def _varied(self, sigma: float) -> float:
        """A factor that is one on average."""
        return self._random.lognormvariate(-(sigma**2) / 2, sigma)
