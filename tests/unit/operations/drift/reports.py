"""A report of drift as the table has it; a test says what is otherwise."""

from typing import Any

VERSIONS = {
    "writer": {"agent_id": "platform#outreach-writer", "version": 3},
    "judge": {"agent_id": "platform#outreach-judge", "version": 1},
}


def subject(name: str = "inputs.locale", **changes: Any) -> dict[str, Any]:
    return {
        "subject": name, "kind": "category", "cells": [["en-US", 150, 20], ["es-US", 50, 60], ["fr-CA", 0, 120]],
        "medians": None, "test": "G test", "p_value": 1e-30, "adjusted": 4e-29, "index": 1.7, "by_chance": 0.06,
        "drifted": True,
    } | changes  # fmt: skip


def number(name: str = "outputs.score", **changes: Any) -> dict[str, Any]:
    return subject(
        name, kind="number", cells=[["1 to 3.9", 100, 90], ["4 to 5", 100, 110]], medians=[4.0, 4.1],
        test="Mann-Whitney", p_value=0.3, adjusted=0.6, index=0.0, drifted=False,
    ) | changes  # fmt: skip


def report(*subjects: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "tenant": "greenedge", "workflow": "outreach", "agents": VERSIONS, "as_of": "2026-11-21T03:20:00Z",
        "since": "2026-11-01T09:00:00Z", "verdict": "drifted" if subjects and subjects[0]["drifted"] else "steady",
        "cause": "inputs",
        "baseline": {"runs": 2000, "from": "2026-11-01T09:00:00Z", "to": "2026-11-08T09:00:00Z", "needed": 200},
        "window": {"runs": 200, "from": "2026-11-20T03:20:00Z", "to": "2026-11-21T03:19:00Z", "needed": 50},
        "subjects": list(subjects),
    } | changes  # fmt: skip
