"""The log of calls: when, which model, who asked, what became of it; never the text of a prompt or an answer."""

import threading
from collections import Counter, deque
from datetime import UTC, datetime
from typing import Any

_KEPT = 10_000


class CallLog:
    """The latest calls, and counts of all of them; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Forget every call."""
        with self._lock:
            self._calls: deque[dict[str, Any]] = deque(maxlen=_KEPT)
            self._counts: dict[str, Counter[str]] = {"operation": Counter(), "role": Counter(), "outcome": Counter()}

    def record(
        self, *, operation: str, target: str, role: str | None, outcome: str, fault: str | None, latency_ms: int
    ) -> None:
        """Keep what happened to one call; `outcome` is a stop reason, "answered" or the name of an error."""
        call = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "operation": operation,
            "model": target,
            "role": role,
            "outcome": outcome,
            "fault": fault,
            "latency_ms": latency_ms,
        }
        with self._lock:
            self._calls.append(call)
            for name, counter in self._counts.items():
                counter[str(call[name] or "none")] += 1

    def report(self) -> dict[str, Any]:
        """The log as the control endpoint shows it."""
        with self._lock:
            counts = {name: dict(counter) for name, counter in self._counts.items()}
            return {"total": sum(counts["operation"].values()), "counts": counts, "calls": list(self._calls)}
