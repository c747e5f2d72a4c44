"""The simulation itself: who sends, who starts, who runs, and what is written down of it."""

import math
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from random import Random
from typing import Any

import simpy
from agent_platform.ingest.slot_board import Asking, Board
from agent_platform.ingest.waiting import asks_again

from capacity import deployed
from capacity.inputs import assumptions
from capacity.limits import STARTER, WEBHOOK
from capacity.message import Message
from capacity.simulation.resources import Places
from capacity.simulation.results import Results
from capacity.simulation.run import Run
from capacity.simulation.settings import Settings

type Process = Generator[simpy.Event, Any]
# The campaign comes after the first minutes, and the day goes on for a while.
BEFORE, AFTER = 120, 900
_SAMPLED_EVERY = 5
_LARGE = "large"


@dataclass(frozen=True)
class Event:
    """One event of a tenant, and when it was sent first."""

    name: str
    tenant: str
    sent: float
    of_campaign: bool


class Campaign:
    """One campaign at so many times today's messages, in a stack with these settings."""

    def __init__(self, settings: Settings, *, scale: float, seed: int) -> None:
        self._settings, self._scale, self._random = settings, scale, Random(seed)  # noqa: S311
        self._env, self._message, self._times = simpy.Environment(), Message.recorded(), assumptions()["times"]
        self._functions, self._board, self._results = Places(settings.concurrency), Board(), Results()
        self._run = Run(
            self._env,
            settings=settings,
            functions=self._functions,
            results=self._results,
            random=self._random,
            message=self._message,
        )
        self._queue: deque[Event] = deque()
        self._arrived = self._env.event()
        # ThrottlingBurstLimit is twice the rate, and so is TenantBurst.
        self._stage, self._rate = (self._run.bucket(rate, seconds=2) for rate in (settings.stage, settings.tenant))
        self._consumer, self._sent, self._open = deployed.consumer(STARTER), 0, 0
        self._all_sent = False
        self._webhook = self._message.seconds(WEBHOOK)
        self._batch = {size + 1: self._message.batch_seconds(size + 1) for size in range(self._consumer.batch)}

    def results(self) -> Results:
        """Let it happen until everything that was sent has come to an end."""
        self._env.process(self._send())
        for _ in range(max(1, round(self._settings.starters))):
            self._env.process(self._starter())
        self._env.run(self._env.process(self._sampled()))
        return self._results

    def _send(self) -> Process:
        demand = self._message.demand
        ordinary, extra = demand.ordinary(demand.campaign_hour), demand.campaign / demand.campaign_minutes / 60
        ends = BEFORE + demand.campaign_minutes * 60
        while self._env.now < ends + AFTER:
            rush = extra if BEFORE <= self._env.now < ends else 0.0
            yield self._env.timeout(self._random.expovariate(self._scale * (ordinary + rush)))
            of_campaign = self._random.random() < rush / (ordinary + rush)
            self._env.process(
                self._sender(Event(str(self._sent), self._tenant(of_campaign), self._env.now, of_campaign))
            )
            self._sent += 1
        self._all_sent = True

    def _tenant(self, of_campaign: bool) -> str:
        if of_campaign or self._random.random() < self._message.demand.largest_tenant_share:
            return _LARGE
        return str(self._random.randrange(1, self._message.demand.tenants))

    def _sender(self, event: Event) -> Process:
        """What is refused is sent again by who sent it, each time after twice as long."""
        pause = self._times["sender_retries_after_seconds"]
        while not self._let_in(event.tenant):
            yield self._env.timeout(self._random.uniform(pause / 2, pause))
            pause = min(2 * pause, self._times["sender_retries_at_most_after_seconds"])
        yield self._env.timeout(self._webhook)
        self._functions.leave()
        self._put(event)

    def _let_in(self, tenant: str) -> bool:
        let_in = self._stage.take(1, self._env.now) and self._functions.enter()
        if let_in and tenant == _LARGE and not self._rate.take(1, self._env.now):
            self._functions.leave()
            let_in = False
        self._results.refused += not let_in
        return let_in

    def _put(self, event: Event) -> None:
        self._queue.append(event)
        if not self._arrived.triggered:
            self._arrived.succeed()

    def _starter(self) -> Process:
        """One of the functions that take batches from the queue."""
        while True:
            while not self._queue:
                self._arrived = self._env.event() if self._arrived.triggered else self._arrived
                yield self._arrived
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), self._consumer.batch))]
            while not self._functions.enter():
                yield self._env.timeout(1)
            yield self._env.timeout(self._batch[len(batch)])
            self._functions.leave()
            started = self._served(batch)
            for event in batch:
                if event.name in started:
                    self._env.process(self._started(event))
                else:
                    self._put_later(event)

    def _served(self, batch: list[Event]) -> set[str]:
        if self._settings.slots is None:
            return {event.name for event in batch}
        asking = [Asking(event.tenant, event.name) for event in batch]
        most = max(1, math.floor(self._settings.slots))
        self._board, served = self._board.serve(asking, most=most, now=int(self._env.now))
        return {each.execution for each in served}

    def _put_later(self, event: Event) -> None:
        seconds = asks_again(self._env.now - event.sent, spread=self._random.uniform)
        self._env.timeout(seconds).callbacks.append(lambda _: self._put(event))

    def _started(self, event: Event) -> Process:
        self._open += 1
        self._results.most_open = max(self._results.most_open, self._open)
        stored = yield from self._run.process()
        self._open -= 1
        self._results.over += 1
        if self._settings.slots is not None:
            self._board = self._board.freed(event.tenant)
        if not stored:
            self._results.failed += 1
        elif event.of_campaign:
            self._results.campaign.append(self._env.now - event.sent)
        elif event.sent >= BEFORE and event.tenant != _LARGE:
            self._results.others.append(self._env.now - event.sent)

    def _sampled(self) -> Process:
        while not self._all_sent or self._results.over < self._sent:
            self._results.waiting.append((self._env.now - BEFORE, self._sent - self._results.over - self._open))
            yield self._env.timeout(_SAMPLED_EVERY)
        self._results.drained_at = self._env.now - BEFORE
