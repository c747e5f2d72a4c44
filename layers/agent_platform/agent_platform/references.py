"""How a run of an event is named, wherever only a reference may go: the bus, an execution, a log line."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class EventReference:
    """Names one run of one recorded event; it is all that travels over the bus and starts an execution."""

    tenant: str
    source: str
    event_id: str
    event_type: str
    run: int = 1

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The reference that a document or a bus event carries."""
        return cls(*(document[name] for name in ("tenant", "source", "event_id", "event_type", "run")))

    @property
    def record(self) -> str:
        """The partition key of the event's items."""
        return f"{self.tenant}#{self.digest}"

    @property
    def digest(self) -> str:
        """What stands for the event within its tenant, the same for every run: 40 hex digits."""
        return _digest(self.tenant, self.source, self.event_id)[:40]

    @property
    def receipt(self) -> str:
        """What the sender is given, and what the on-call asks with."""
        return self.record.replace("#", ".")

    @property
    def execution_name(self) -> str:
        """Hex SHA-256 of (tenant, source, event id, run): redelivery repeats it, so it starts nothing twice."""
        return _digest(self.tenant, self.source, self.event_id, str(self.run))


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
