"""One synthetic run: its event, what tells it from every other, and when it was sent."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from string import Template
from typing import Any, Self

from agent_platform.moments import iso
from agent_platform.patterns import lazy_pattern

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_ID = lazy_pattern(r"synthetic_(once_)?([0-9]{13})_([0-9a-f]{16})")


@dataclass(frozen=True)
class SyntheticRun:
    """A synthetic run, known by its event's id wherever that is read again; one by hand is none of the schedule's."""

    sent_at: datetime
    token: str
    by_hand: bool = False

    @classmethod
    def begin(cls, now: datetime, *, by_hand: bool = False) -> Self:
        """A run that begins now."""
        return cls(now, secrets.token_hex(8), by_hand)

    @classmethod
    def of(cls, event_id: str) -> Self | None:
        """The run whose event has this id; None for an event that a person sent from the synthetic source."""
        found = _ID.fullmatch(event_id)
        return cls(_EPOCH + int(found[2]) * _MILLISECOND, found[3], bool(found[1])) if found else None

    @property
    def event_id(self) -> str:
        """The event's id: whether it is by hand, when it was sent, to the millisecond, and the token."""
        return f"synthetic_{'once_' if self.by_hand else ''}{(self.sent_at - _EPOCH) // _MILLISECOND:013}_{self.token}"

    @property
    def canary(self) -> str:
        """A word of the event's free text that no message may repeat."""
        return f"canary-{self.token}"

    def took(self, now: datetime) -> int:
        """The milliseconds from its sending until now."""
        return (now - self.sent_at) // _MILLISECOND

    def body_of(self, event: Mapping[str, Any]) -> str:
        """A workflow's synthetic event as a body, with this run's own `$run`, `$now` and `$canary` in it."""
        own = {"run": self.token, "now": iso(self.sent_at), "canary": self.canary}
        return Template(json.dumps(event)).substitute(own)
