"""The simulation itself: what is sent goes through API, queue, starters and slots to its run, and is written down."""

import math
from collections import deque
from collections.abc import Generator, Iterable
from random import Random
from typing import Any

import simpy
from agent_platform.ingest.slot_board import Asking, Board
from agent_platform.ingest.waiting import asks_again

from capacity import deployed
from capacity.inputs import assumptions
from capacity.limits import STARTER
from capacity.simulation.arrivals import BEFORE, LARGEST, Event
from capacity.simulation.pace import Pace
from capacity.simulation.resources import Bucket, Places
from capacity.simulation.results import Results
from capacity.simulation.run import Run
from capacity.simulation.settings import Settings

type Process = Generator[simpy.Event, Any]
SAMPLED_EVERY = 5


class Stack:
    """A stack with these settings, in which everything takes as long as its pace says."""

    def __init__(self, settings: Settings, pace: Pace, *, seed: int | str) -> None:
        self._settings, self._pace, self._random = settings, pace, Random(seed)  # noqa: S311
        self._env, self._times, self._results = simpy.Environment(), assumptions()["times"], Results()
        self._functions, self._board = Places(settings.concurrency), Board()
        self._run = Run(self._env, settings, pace, self._random, results=self._results, functions=self._functions)
        self._queue: deque[Event] = deque()
        self._arrived = self._env.event()
        # ThrottlingBurstLimit is twice the rate, and so is TenantBurst.
        self._stage, self._rate = (Bucket(rate, max(2, 1 / rate)) for rate in (settings.stage, settings.tenant))
        self._consumer, self._sent, self._open, self._all_sent = deployed.consumer(STARTER), 0, 0, False

    def results(self, events: Iterable[Event]) -> Results:
        """Let it happen until everything that was sent has come to an end."""
        self._env.process(self._send(events))
        for _ in range(max(1, round(self._settings.starters))):
            self._env.process(self._starter())
        self._env.run(self._env.process(self._sampled()))
        return self._results

    def _send(self, events: Iterable[Event]) -> Process:
        for event in events:
            yield self._env.timeout(event.sent - self._env.now)
            self._env.process(self._sender(event))
            self._sent += 1
        self._all_sent = True

    def _sender(self, event: Event) -> Process:
        """What is refused is sent again by who sent it, each time after twice as long."""
        pause = self._times["sender_retries_after_seconds"]
        while not self._let_in(event.tenant):
            yield self._env.timeout(self._random.uniform(pause / 2, pause))
            pause = min(2 * pause, self._times["sender_retries_at_most_after_seconds"])
        yield self._env.timeout(self._pace.webhook)
        self._functions.leave()
        self._put(event)

    def _let_in(self, tenant: str) -> bool:
        let_in = self._stage.take(1, self._env.now) and self._functions.enter()
        if let_in and tenant == LARGEST and not self._rate.take(1, self._env.now):
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
            yield self._env.timeout(self._pace.batch(len(batch)))
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
            return
        self._results.last_stored = self._env.now
        if event.of_campaign:
            self._results.campaign.append(self._env.now - event.sent)
        elif event.sent >= BEFORE and event.tenant != LARGEST:
            self._results.others.append(self._env.now - event.sent)

    def _sampled(self) -> Process:
        while not self._all_sent or self._results.over < self._sent:
            self._results.waiting.append((self._env.now - BEFORE, self._sent - self._results.over - self._open))
            yield self._env.timeout(SAMPLED_EVERY)
        self._results.drained_at = self._env.now - BEFORE
