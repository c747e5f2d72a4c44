"""What judges have shown on their probes, whole; a test changes what it is about."""

from typing import Any


def probing(*, right: int = 90, discriminates: bool = True, **changes: Any) -> dict[str, Any]:
    """A probing of a hundred good and a hundred bad drafts, about so many of each of which the judge was right."""
    rate = {"n": 100, "right": right, "low": right / 100 - 0.08, "high": min(1.0, right / 100 + 0.05)}
    index = right / 50 - 1
    return {
        "probing": "0" * 20,
        "at": "2026-11-01T03:00:00Z",
        "set": "0" * 12,
        "good": rate,
        "bad": rate,
        "faults": {"rude": rate},
        "discrimination": {"index": index, "low": index - 0.1, "high": index + 0.08, "bound": 0.3},
        "discriminates": discriminates,
        "repeated": 30,
        "flipped": 0,
        "unstable": False,
        "failed": {},
        "cost_micros": 400_000,
    } | changes
