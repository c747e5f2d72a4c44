"""The names that state machines match on.

    PlatformError
    ├── TransientError            retried by the state machine, with jitter
    ├── Conflict                  somebody else was faster: the same command can be given again
    ├── OverBudget                a cap has no room for a model call: a run is skipped, an evaluation's pair fails
    └── final: the execution fails at once, under this name
        ├── ConfigurationError    something a person must set up or mend: the message says what
        ├── Refused               a command that can't be done as things are: the message lists every reason
        ├── EventUnavailable      the event's record or body isn't there (any more)
        ├── InvalidEvent          a recorded event that no contract accepts
        ├── ModelRefused          the model can't be called like this: no access, no such model, invalid request
        ├── OutputBlocked         the model or a guardrail withheld the answer
        ├── OutputTruncated       the answer ended at the token limit
        ├── ContextWindowExceeded the prompt doesn't fit the model
        ├── MalformedOutput       no answer in the agreed shape, repair included
        ├── ConflictingOutcome    the event already has another current outcome
        └── UnexpectedError       a defect of ours: type and place, never the message of the exception behind it

Step Functions compares the exact class name that was raised, so TransientError has no subclasses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FailedCall:
    """What is known of a model call that failed: the tokens that it is billed for, by kind, or None if nobody can say;
    and whether the service had no room for it.
    """

    tokens: Mapping[str, int] | None
    throttled: bool = False


class PlatformError(Exception):
    """Anything that this project raises on purpose; its message holds no personal data."""

    # Of an error that a model call ended with.
    failed_call: FailedCall | None = None


class TransientError(PlatformError):
    """The same call may succeed in a moment: throttled, timed out, the service failed, or a cap is held by others."""


class Conflict(PlatformError):
    """Somebody else changed the same thing meanwhile: nothing was done, and the command can be given again."""


class Refused(PlatformError):
    """A command that can't be done as things are; `reasons` has everything that speaks against it."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(self.reasons))


class OverBudget(PlatformError):
    """What a tenant may spend on model calls is used up, by calls that are over."""


class ConfigurationError(PlatformError):
    """Something a person must set up or mend; the message says what and where."""


class EventUnavailable(PlatformError):
    """The event's record or body isn't there, or has expired."""


class InvalidEvent(PlatformError):
    """A recorded event that its contract doesn't accept; it can't have come through the webhook."""


class ModelRefused(PlatformError):
    """The model can't be called like this: no access, no such model, or an invalid request."""


class OutputBlocked(PlatformError):
    """The model or its guardrail withheld the answer."""


class OutputTruncated(PlatformError):
    """The model's answer ended at the token limit, so its end is missing."""


class ContextWindowExceeded(PlatformError):
    """The prompt doesn't fit into the model's context window."""


class MalformedOutput(PlatformError):
    """The model gave no answer in the agreed shape, not even when asked once more."""


class ConflictingOutcome(PlatformError):
    """The event already has another current outcome, which this run may not replace."""


class UnexpectedError(PlatformError):
    """A defect of ours: the type and place of an exception that nobody foresaw."""
