"""The circle: what customers did with their messages becomes a past case, and the next message is written from it."""

from collections.abc import Sequence
from typing import Any

from agent_platform.items import from_item, to_item
from outreach.casebook.circulation import FEWEST_CUSTOMERS

from operations import features, messages, outcomes, report, similar
from operations.seed import FIRST_TENANT
from operations.stack import Stack
from operations.terminal import step
from operations.tour.walking import Written, type_out, until, write_to

# A tenth of the customers are written to without past cases: so many at once, that one is hardly all of them.
NEXT_CUSTOMERS = 3


def show_what_comes_back(stack: Stack) -> None:
    """Write to as many customers as a case needs, tell what they did, and write to the next ones."""
    with step(f"write to {FEWEST_CUSTOMERS} customers of one kind, since a case about fewer could be told whose it is"):
        written = write_to(stack, FEWEST_CUSTOMERS)
    first, before = written[0], _cases(stack)
    type_out("features", features.main, "show", first.customer, "--tenant", FIRST_TENANT)
    type_out("similar", similar.main, first.customer, "--tenant", FIRST_TENANT, "-n", "3")
    type_out("outcomes", outcomes.main, "send", first.message_id[:12], "sent")
    with step("and of the other messages too: each was sent, and each customer referred somebody"):
        _tell(stack, written[1:], "sent")
        _tell(stack, written, "referred")
    with step("wait until a case was made of them and the knowledge base has read it"):
        until(lambda: _cases(stack) - before, "a case of these customers in the bucket")
    with step("write to the next customers until one of them is written to with it"):
        next_one = _written_with(stack, _cases(stack) - before)
    type_out("messages", messages.main, "show", next_one.message_id[:12])
    type_out("report", report.main, "retrieval", "--tenant", FIRST_TENANT)


def _tell(stack: Stack, written: Sequence[Written], kind: str) -> None:
    """Tell of each message what became of it, as its sender would, and wait until it is attached."""
    for each in written:
        outcomes.send(stack, each.message_id, kind, value=None, source=None)
    until(
        lambda: all(kind in _message(stack, each).get("outcomes", {}) for each in written), f"{kind} with every message"
    )


def _message(stack: Stack, written: Written) -> dict[str, Any]:
    key = to_item({"message": f"{FIRST_TENANT}#{written.message_id}"})
    return from_item(stack.dynamodb.get_item(TableName=stack.outputs["OutreachMessages"], Key=key)["Item"])


def _cases(stack: Stack) -> set[str]:
    """The cases of the tenant by their files in the bucket."""
    pages = stack.client("s3").get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=stack.outputs["Cases"], Prefix=f"{FIRST_TENANT}/")
    keys = (each["Key"] for page in found for each in page.get("Contents", []))
    return {key.rpartition("/")[2].removesuffix(".md") for key in keys if key.endswith(".md")}


def _written_with(stack: Stack, cases: set[str]) -> Written:
    """A new customer whose message was written from one of these cases."""
    found: list[Written] = []

    def another() -> bool:
        written = write_to(stack, NEXT_CUSTOMERS)
        found.extend(each for each in written if not cases.isdisjoint(_message(stack, each).get("passages", [])))
        return bool(found)

    until(another, "a message that was written from a new case")
    return found[0]
