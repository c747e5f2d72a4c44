"""Events that came to their end without a run: what was taken in, and what failed before a run could begin."""

from collections.abc import Iterator
from typing import Any

from agent_platform.ingest.receipts import noted_in, outcome_in

from operations.failures import recorded
from operations.stack import Stack
from operations.terminal import out, plain, print_json, table


def failures(stack: Stack, *, error: str | None = None, most: int = 50) -> list[dict[str, Any]]:
    """The newest current failures of events without a run, of every company; all, or those of this name."""
    tenants = sorted({source.tenant for source in stack.sources.all()})
    found = [each for tenant in tenants for each in _first(recorded(stack, tenant), error, most)]
    return sorted(found, key=lambda each: str(each["recordedAt"]), reverse=True)[:most]


def _first(found: Iterator[dict[str, Any]], error: str | None, most: int) -> Iterator[dict[str, Any]]:
    left = most
    for each in found:
        if left and each["current"] and each["execution"] is None and error in (None, each["error"]):
            left -= 1
            yield each


def receipt_of(failure: dict[str, Any]) -> str:
    """What a person asks with for the event of a failure record."""
    return str(failure["record"]).replace("#", ".", 1)


def ended(stack: Stack, given: str) -> dict[str, Any] | None:
    """The receipt of an event that ended without a run, if that is what a person asks for."""
    if "." not in given or given.startswith("arn:"):
        return None
    receipt = stack.records.receipt(given.replace(".", "#", 1))
    if receipt is None or "executionArn" in receipt:
        return None
    return receipt if outcome_in(receipt) else None


def told_of(receipt: dict[str, Any]) -> str:
    """What became of an event without a run so far, to be read after its receipt."""
    if outcome_in(receipt) is None:
        return f"was recorded at {receipt['receivedAt']} and hasn't started yet"
    what = f"is of type {receipt['eventType']}, from {receipt['receivedAt']}: it"
    if noted_in(receipt):
        return f"{what} was taken in ({receipt['outcome']['status']}), and such an event starts no run"
    return (
        f"{what} failed before any run began ({receipt['outcome']['status']}). Once that is mended, let the sender "
        "send it again with the same webhook-id"
    )


def show(receipt: dict[str, Any], given: str, *, as_json: bool) -> None:
    """Say what became of such an event."""
    status = receipt["outcome"]["status"]
    if not as_json:
        out.print(plain(f"{given} {told_of(receipt)}."), soft_wrap=True)
    elif noted_in(receipt):
        print_json({"receipt": given, "execution": None, "status": "NOTED", "noted": status})
    else:
        print_json({"receipt": given, "execution": None, "status": "FAILED", "error": status})


def as_run(failure: dict[str, Any]) -> dict[str, Any]:
    """Such a failure in the terms of those that had a run."""
    same = {name: failure.get(name) for name in ("tenant", "state", "error", "cause")}
    return {"name": receipt_of(failure), "status": failure["error"], "started": failure["recordedAt"],
            "duration": "no run", **same, "healed_by": None}  # fmt: skip


def show_failures(found: list[dict[str, Any]]) -> None:
    """The failures as a table, if there are any."""
    if found:
        rows = [(_when(each), str(each["error"]), f"{receipt_of(each)}\n{each['cause']}") for each in found]
        table("Failed without a run", ("recorded", "error", "receipt, and why"), rows)


def _when(failure: dict[str, Any]) -> str:
    return str(failure["recordedAt"])[:19].replace("T", " ")
