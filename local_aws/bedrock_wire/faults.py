"""What is to go wrong, and for which calls; set through the control endpoint only."""

import random
import threading
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from local_aws.bedrock_wire.conversation import role_of, whole_text
from local_aws.bedrock_wire.fault_effects import (
    KINDS,
    NEEDS_SECONDS,
    NEEDS_TEXT,
    OF_MODELS,
    OF_WRITER,
    ON_ANY_OPERATION,
)
from local_aws.bedrock_wire.wire import OF_S3_VECTORS, OPERATIONS, Call, WireError

_ROLES = ("writer", "judge", None)


@dataclass
class Fault:
    """One fault: its kind, how often it strikes (`times` None: until cleared), and which calls it is for."""

    kind: str
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    contains: str | None = None
    role: str | None = None
    operation: str = "Converse"
    seconds: float = 0.0
    text: str | None = None
    draws: random.Random = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise WireError("ValidationException", "; ".join(problems))
        # A seeded sequence, so that a campaign can be repeated; nothing secret depends on it.
        self.draws = random.Random(self.seed)  # noqa: S311

    def _problems(self) -> list[str]:
        numbers = all(isinstance(number, (int, float)) for number in (self.probability, self.seconds))
        rules = {
            f"kind must be one of {', '.join(sorted(KINDS))}": self.kind in KINDS,
            "times must be a whole number above 0, or null": self.times is None
            or (isinstance(self.times, int) and self.times > 0),
            "probability must be above 0 and at most 1": numbers and 0 < self.probability <= 1,
            "seconds must be a number": numbers and self.seconds >= 0,
            f"{self.kind} needs seconds": self.kind not in NEEDS_SECONDS or bool(self.seconds),
            f"{self.kind} needs text": self.kind not in NEEDS_TEXT or bool(self.text),
            f"role must be one of {_ROLES}": self.role in _ROLES,
            f"operation must be one of {', '.join(OPERATIONS)}": self.operation in OPERATIONS,
            f"{self.kind} is for Converse only": self.operation == "Converse" or self.kind in ON_ANY_OPERATION,
            f"{self.kind} is for models only": self.operation not in OF_S3_VECTORS or self.kind not in OF_MODELS,
            f"{self.kind} is for the writer only": self.kind not in OF_WRITER or self.role != "judge",
        }
        return [problem for problem, holds in rules.items() if not holds]

    def is_for(self, call: Call) -> bool:
        """Whether the fault is meant for a call: its operation, role and text."""
        if call.operation != self.operation:
            return False
        wanted = "writer" if self.kind in OF_WRITER else self.role
        if wanted is not None and role_of(call.document) != wanted:
            return False
        return self.contains is None or self.contains in _searched(call)

    def described(self) -> dict[str, Any]:
        """The fault as the control endpoint shows it."""
        return {key: value for key, value in asdict(self).items() if key != "draws"}


def _searched(call: Call) -> str:
    # Both as it came and as it reads: JSON in JSON escapes quotes and may escape every accent.
    texts = whole_text(call.document) if call.operation == "Converse" else ""
    return call.content.decode("utf-8", errors="replace") + texts


def read_faults(listed: Any) -> list[Fault]:
    """The faults that a control request lists; an unknown field is refused."""
    known = {item.name for item in fields(Fault) if item.init}
    if not isinstance(listed, list) or not all(isinstance(item, dict) and "kind" in item for item in listed):
        raise WireError("ValidationException", "Faults are a list of objects, each with a kind.")
    unknown = {key for item in listed for key in item} - known
    if unknown:
        raise WireError("ValidationException", f"Unknown fields: {', '.join(sorted(unknown))}.")
    return [Fault(**item) for item in listed]


class Faults:
    """The faults in force, the earliest set first; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, faults: list[Fault]) -> None:
        """Set further faults."""
        with self._lock:
            self._faults.extend(faults)

    def clear(self) -> None:
        """End every fault."""
        with self._lock:
            self._faults.clear()

    def report(self) -> list[dict[str, Any]]:
        """The faults in force, with the times that are left."""
        with self._lock:
            return [fault.described() for fault in self._faults]

    def take(self, call: Call) -> Fault | None:
        """The fault that strikes this call, if one does; it has one time less afterwards."""
        with self._lock:
            for fault in self._faults:
                if fault.is_for(call) and fault.draws.random() < fault.probability:
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times == 0:
                            self._faults.remove(fault)
                    return fault
        return None
