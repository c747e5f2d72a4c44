"""One run of the state machine: its six states, what each waits for, and how it tries again."""

from collections.abc import Generator, Iterator
from random import Random
from typing import Any

import simpy

from capacity import deployed
from capacity.message import MODELS, Message
from capacity.simulation.pace import Pace
from capacity.simulation.resources import Bucket, Places
from capacity.simulation.results import Results
from capacity.simulation.settings import Settings

type Steps[T] = Generator[simpy.Event, Any, T]


class Run:
    """What every run shares: models' tokens, Retrieve's requests, functions."""

    def __init__(
        self,
        env: simpy.Environment,
        settings: Settings,
        pace: Pace,
        random: Random,
        *,
        results: Results,
        functions: Places,
    ) -> None:
        self._env, self._pace, self._random, self._results = env, pace, random, results
        self._functions, self._message, self._retries = functions, Message.recorded(), deployed.retries()
        # A quota a minute may be used within one second of it.
        self._tokens = {"writer": Bucket(settings.writer_tokens, 60), "judge": Bucket(settings.judge_tokens, 60)}
        # However small a part of a stack it belongs to, it holds a whole request.
        self._retrieve = Bucket(settings.retrieve, max(1, 1 / settings.retrieve))

    def process(self) -> Steps[bool]:
        """Whether a message was stored; False if a state failed for good."""
        # All at once: nothing is held between two states.
        yield self._env.timeout(self._pace.transitions)
        for state in self._way():
            if not (yield from self._state(state)):
                return False
        return True

    def _way(self) -> Iterator[str]:
        yield from ("Validate", "Enrich", "Retrieve", "Generate", "Judge")
        if self._random.random() < self._pace.rewritten:
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
        seconds = self._pace.state(state, self._random)
        if state in MODELS:
            return (yield from self._ask_model(MODELS[state], seconds))
        yield self._env.timeout(seconds)
        return state != "Retrieve" or self._let_in(self._retrieve, 1)

    def _ask_model(self, role: str, seconds: float) -> Steps[bool]:
        """The longest answer counts until the real one is there, as Bedrock counts."""
        call, longest_answer, tokens = self._message.calls[role], deployed.max_tokens(role), self._tokens[role]
        let_in = self._let_in(tokens, call.input_tokens + longest_answer)
        yield self._env.timeout(seconds + (self._pace.answer(self._random) if let_in else 0.0))
        if let_in:
            tokens.give_back(longest_answer - call.output_tokens)
        return let_in

    def _let_in(self, bucket: Bucket, amount: float) -> bool:
        self._results.calls += 1
        let_in = bucket.take(amount, self._env.now)
        self._results.throttled += not let_in
        return let_in
