"""What is held for model calls that may be under way, and the list of holds that nobody settled in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from agent_platform.inference.calls import Booked, Call
from agent_platform.inference.prices import Usage
from agent_platform.items import Item, to_item
from agent_platform.worklists import Listing

LISTING = Listing(index="Holds", shard="heldShard", due="heldUntil", word="held")


@dataclass(frozen=True)
class Hold:
    """An amount that a call may cost at most, counted in the caps of a day and its month until the call is settled.

    `id` ends with a hexadecimal digit, and is the call's own: a repeated reservation finds it there.
    """

    id: str
    call: Call
    amount: int
    day: str
    at: str
    until: str
    price_version: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The hold that an item is."""
        return cls(
            id=row["subject"],
            call=Call.of(row),
            amount=row["amount"],
            day=row["day"],
            at=row["at"],
            until=row["heldUntil"],
            price_version=row["priceVersion"],
        )

    @property
    def key(self) -> Item:
        """Its key in the table."""
        return to_item({"series": f"{self.call.tenant}#holds", "subject": self.id})

    def item(self) -> Item:
        """The item that keeps it, on the list from when its call can't be under way any more."""
        return self.key | to_item(self.call.row() | LISTING.attributes(self.id, due=self.until) | {
            "amount": self.amount,
            "day": self.day,
            "at": self.at,
            "priceVersion": self.price_version,
        })  # fmt: skip

    def booked(self, cost: int, usage: Usage | None = None, service_tier: str | None = None) -> Booked:
        """The call as the ledger has it afterwards."""
        return Booked(self.call, self.day, self.at, cost, self.price_version, usage, service_tier)
