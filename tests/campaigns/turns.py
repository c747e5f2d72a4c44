"""Actors that take turns at every call they make, in an order that a seed decides, and may crash at any write."""

import threading
from collections.abc import Callable, Collection
from random import Random
from typing import Any

WRITES = {"transact_write_items", "batch_write_item", "put_item", "put_object", "put_parameter"}


class Crashed(Exception):  # noqa: N818 - what the campaign does to an actor
    """The actor's process ended here."""


class Turns:
    """Runs actors one call at a time; after every write that was made, `look` sees what is there."""

    def __init__(
        self, random: Random, *, crashes: float, look: Callable[[], None], writes: Collection[str] = WRITES
    ) -> None:
        self._random, self._crashes, self._look, self._writes = random, crashes, look, writes
        self._yielded = threading.Semaphore(0)
        self._go: dict[str, threading.Semaphore] = {}
        self._errors: list[BaseException] = []
        self._rests: dict[str, float] = {}
        self.calls = self.crashed = 0
        # In turns of one actor: all who are awake take theirs in the same time.
        self.time = 0.0

    def run(self, actors: dict[str, Callable[[], None]]) -> None:
        """Let every actor do its work to the end; the first thing that went wrong in one is raised."""
        threads = {name: threading.Thread(target=self._actor, args=(name, work)) for name, work in actors.items()}
        self._go = {name: threading.Semaphore(0) for name in actors}
        for thread in threads.values():
            thread.start()
        for _ in actors:
            self._yielded.acquire()
        alive = sorted(threads)
        while alive:
            name = self._random.choice(self._awake(alive))
            self._go[name].release()
            self._yielded.acquire()
            if name not in self._go:
                alive.remove(name)
        for thread in threads.values():
            thread.join()
        if self._errors:
            raise self._errors[0]

    def _actor(self, name: str, work: Callable[[], None]) -> None:
        threading.current_thread().name = name
        try:
            self._wait()
            work()
        except BaseException as error:
            self._errors.append(error)
        finally:
            del self._go[name]
            self._yielded.release()

    def _wait(self) -> None:
        go = self._go[threading.current_thread().name]
        self._yielded.release()
        go.acquire()

    def _awake(self, alive: list[str]) -> list[str]:
        self.time = max(self.time, min(self._rests.get(name, 0) for name in alive))
        awake = [name for name in alive if self._rests.get(name, 0) <= self.time]
        self.time += 1 / len(awake)
        return awake

    def rest(self, turns: float) -> None:
        """Let this actor have no turn for so long."""
        self._rests[threading.current_thread().name] = self.time + turns

    def client(self, client: Any) -> Any:
        """A client whose every call waits for its turn."""
        return _Client(client, self)

    def call(self, name: str, made: Callable[[], Any]) -> Any:
        """Make one call when it is this actor's turn; a write may be the last thing before a crash, or not be made."""
        self._wait()
        self.calls += 1
        crash = name in self._writes and self._random.random() < self._crashes
        if crash and self._random.random() < 0.5:
            self._crash()
        try:
            answer = made()
        finally:
            if name in self._writes:
                self._look()
        if crash:
            self._crash()
        return answer

    def may_crash(self) -> None:
        """A moment between two writes at which a process may end."""
        if self._random.random() < self._crashes:
            self._crash()

    def _crash(self) -> None:
        self.crashed += 1
        raise Crashed


class _Client:
    def __init__(self, client: Any, turns: Turns) -> None:
        self._client, self._turns = client, turns

    def __getattr__(self, name: str) -> Any:
        if name == "get_paginator":
            return lambda operation: _Paginator(self._client.get_paginator(operation), self._turns)
        called = getattr(self._client, name)
        return lambda **asked: self._turns.call(name, lambda: called(**asked))


class _Paginator:
    def __init__(self, paginator: Any, turns: Turns) -> None:
        self._paginator, self._turns = paginator, turns

    def paginate(self, **asked: Any) -> Any:
        return self._turns.call("query", lambda: [*self._paginator.paginate(**asked)])
