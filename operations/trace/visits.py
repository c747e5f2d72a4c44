"""The states of a run as its history tells them: each visit with its attempts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent_platform.inference.calls import Booked

_SCHEDULED = frozenset({"LambdaFunctionScheduled", "TaskScheduled"})
_SUCCEEDED = frozenset({"LambdaFunctionSucceeded", "TaskSucceeded"})


@dataclass
class Attempt:
    """One call of a state's function; it is still open if it has no seconds, and went well if it then has no error."""

    began: datetime
    seconds: float | None = None
    error: str | None = None


@dataclass
class Visit:
    """One time that a run was in a state, and the model calls that the ledger has of it."""

    state: str
    entered: datetime
    seconds: float | None = None
    attempts: list[Attempt] = field(default_factory=list)
    calls: list[Booked] = field(default_factory=list)

    @property
    def errors(self) -> list[str]:
        """The names under which attempts failed, in their order."""
        return [attempt.error for attempt in self.attempts if attempt.error]


def visits(history: Iterable[Mapping[str, Any]]) -> list[Visit]:
    """The visits of Tasks in a history, oldest first; a Choice takes no time and is left out."""
    return [visit for visit in _visits(history) if visit.attempts]


def _visits(history: Iterable[Mapping[str, Any]]) -> Iterator[Visit]:
    visit: Visit | None = None
    for event in history:
        at = event["timestamp"]
        if entered := event.get("stateEnteredEventDetails"):
            if visit:
                yield visit
            visit = Visit(entered["name"], at)
        elif visit is None:
            continue
        elif event["type"] in _SCHEDULED:
            visit.attempts.append(Attempt(at))
        elif event["type"] in _SUCCEEDED:
            _close(visit, at)
        elif failed := _failure_in(event):
            _close(visit, at, error=failed.get("error", "unknown"))
        elif "stateExitedEventDetails" in event:
            visit.seconds = (at - visit.entered).total_seconds()
    if visit:
        yield visit


def _close(visit: Visit, at: datetime, *, error: str | None = None) -> None:
    """End the attempt that is open; the end of an execution repeats the error of its last attempt."""
    if visit.attempts and visit.attempts[-1].seconds is None:
        last = visit.attempts[-1]
        last.seconds, last.error = (at - last.began).total_seconds(), error


def _failure_in(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    names = (name for name in event if name.endswith(("FailedEventDetails", "TimedOutEventDetails")))
    return next((event[name] for name in names), None)
