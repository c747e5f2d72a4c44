"""Whom an event is about, told from what is kept of it, for who looks for one person's."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from agent_platform.tenants import customer_reference


@dataclass(frozen=True)
class Person:
    """One customer of a tenant; `key` is the stack's own, by which a CRM's id becomes the reference."""

    tenant: str
    reference: str
    key: bytes = field(repr=False)

    def is_subject_of(self, said: Any, *, messages: Collection[str]) -> bool | None:
        """Whether an event's body, or what was prepared of it, is about this person, or about one of their messages.

        None of what keeps no contract: nobody can say whom that is about.
        """
        try:
            if "identity" in said:
                return self._has_id(said["identity"]["customer_id"])
            data = said["data"]
            if "message_id" in data:
                return data["message_id"] in messages
            return self._has_id(data["customer"]["id"])
        except (TypeError, KeyError):
            return None

    def _has_id(self, given: str | float) -> bool:
        # As preparation reads it: a CRM may send one customer's id as a number, and as text with blanks around it.
        customer_id = given.strip() if isinstance(given, str) else f"{given:.0f}"
        return customer_reference(self.tenant, customer_id, key=self.key) == self.reference
