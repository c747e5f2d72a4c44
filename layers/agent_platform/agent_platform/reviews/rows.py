"""How the desk keeps its items and what was said of them: the rows of one table.

An item and its decisions stand in one partition, `<tenant>#review#<message id>`. The index BySeries has the open items
of a tenant's workflow by when somebody can take one, the others by when they were concluded, and decisions by when.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from agent_platform.items import Item, from_item, to_item
from agent_platform.reviews.items import Decision, Lease, ReviewItem

# What the index has of each tenant's workflow: items that wait, are to be told of, and were; and what was said.
type State = Literal["open", "news", "concluded", "decisions"]

OF_ITEM = "item"


@dataclass(frozen=True)
class Given:
    """One decision as it was made: on which item, by whom, when, and after how many seconds with it in hand."""

    tenant: str
    workflow: str
    message_id: str
    reviewer: str
    decision: Decision
    at: str
    seconds: int


def partition(tenant: str, message_id: str) -> str:
    """Where an item and its decisions stand."""
    return f"{tenant}#review#{message_id}"


def item_key(item: ReviewItem) -> Item:
    """The key of an item's row."""
    return to_item({"review": partition(item.tenant, item.message_id), "entry": OF_ITEM})


def decision_key(tenant: str, message_id: str, reviewer: str) -> Item:
    """The key of what one person said of an item: there is room for one decision."""
    return to_item({"review": partition(tenant, message_id), "entry": f"decision#{reviewer}"})


def series(tenant: str, workflow: str, state: State) -> str:
    """The partition of the index for the rows of a tenant's workflow."""
    return f"{tenant}#{workflow}#{state}"


def row_of(item: ReviewItem) -> Item:
    """An item's row; one that was concluded is among the news until its workflow has been told."""
    values = asdict(item)
    state: State = "open" if item.outcome is None else "concluded" if item.told else "news"
    at = item.due if item.outcome is None else item.concluded_at
    return item_key(item) | to_item(
        {
            "series": series(item.tenant, item.workflow, state),
            "at": at,
            "seenBy": [*item.verdicts],
            "revision": values["revision"],
            "expiresAt": values.pop("expires_at"),
            "body": values,
        }
    )


def item_of(row: Mapping[str, Any]) -> ReviewItem:
    """The item that a row is."""
    values = from_item(row)
    body = values["body"]
    leases = {name: Lease(**lease) for name, lease in body.pop("leases").items()}
    reasons = tuple(body.pop("reasons"))
    return ReviewItem(**body, reasons=reasons, leases=leases, expires_at=values["expiresAt"])


def decision_row(given: Given, *, expires_at: int) -> Item:
    """A decision's row, which nobody changes later."""
    said = asdict(given.decision)
    values = {
        "series": series(given.tenant, given.workflow, "decisions"),
        "at": given.at,
        "workflow": given.workflow,
        "reviewer": given.reviewer,
        "said": said,
        "seconds": given.seconds,
        "expiresAt": expires_at,
    }
    return decision_key(given.tenant, given.message_id, given.reviewer) | to_item(values)


def given_of(row: Mapping[str, Any]) -> Given:
    """The decision that a row is."""
    values = from_item(row)
    tenant, _, message_id = values["review"].split("#", 2)
    said = values["said"]
    decision = Decision(**said | {"seen": tuple(said["seen"])})
    return Given(
        tenant, values["workflow"], message_id, values["reviewer"], decision, values["at"], values["seconds"]
    )  # fmt: skip
