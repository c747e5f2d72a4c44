"""Who comes back: a customer who was forgotten may be written to again, on a consent that they gave since.

What was forgotten is gone, and no file of the past brings it back: the note of who lifted it says since when there is
anything in one to know of them. What an event tells after that is taken in whole, older services and consents too. The
note outlives the contact, and is kept until they are forgotten again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from agent_platform import aws
from agent_platform.items import from_item, to_item
from botocore.exceptions import ClientError


@dataclass(frozen=True)
class Lifted:
    """Who lifted it, when, why, and on the consent of which moment; and what was lifted, since when."""

    at: str
    by: str
    reason: str
    consented_at: str
    forgotten_at: str
    suppressed: str
    suppressed_at: str


class Lifting:
    """The table of contacts, for who lets a customer back."""

    def __init__(self, *, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def lift(self, tenant: str, customer: str, lifted: Lifted) -> bool:
        """Let a customer be known and written to again, and note it; False if not all is forgotten as it says."""
        contact = {
            "TableName": self._table,
            "Key": to_item({"contact": f"{tenant}#{customer}"}),
            # The contact alone says that they were forgotten: without it nobody would finish what is left.
            "ConditionExpression": "forgottenAt = :forgotten AND allForgotten = :true",
            "ExpressionAttributeValues": to_item({":forgotten": lifted.forgotten_at, ":true": True}),
        }
        note = {"TableName": self._table, "Item": to_item(_key(tenant, customer) | asdict(lifted))}
        try:
            self._dynamodb.transact_write_items(TransactItems=[{"Delete": contact}, {"Put": note}])
        except ClientError as error:
            if "ConditionalCheckFailed" not in aws.cancellation_codes(error):
                raise
            return False
        return True

    def of(self, tenant: str, customer: str) -> Lifted | None:
        """The note of a customer who came back, or None."""
        key = to_item(_key(tenant, customer))
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return _read(from_item(item)) if item else None

    def forget(self, tenant: str, customer: str) -> bool:
        """Delete the note; whether there was one."""
        key = to_item(_key(tenant, customer))
        return "Attributes" in self._dynamodb.delete_item(TableName=self._table, Key=key, ReturnValues="ALL_OLD")


def _key(tenant: str, customer: str) -> dict[str, str]:
    return {"contact": f"{tenant}#lifted#{customer}"}


def _read(row: Mapping[str, Any]) -> Lifted:
    return Lifted(**{name: value for name, value in row.items() if name != "contact"})
