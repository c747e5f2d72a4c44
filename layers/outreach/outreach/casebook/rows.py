"""What the table of cases holds: customers of segments, cases with what became of them, and who was forgotten.

A case is withheld, then publishing, then published, and withdrawing until it is withheld again where its segment has
too few customers left; or refused, with the reason; or removing, then removed, for good: what a message once lost it
doesn't get back by being told of it again.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from agent_platform.items import Item, to_item

from outreach.casebook.writing import Case, Segment

type Status = Literal["withheld", "publishing", "published", "withdrawing", "refused", "removing", "removed"]

MEMBER, CASE = "member#", "case#"
NOBODY = "nobody"


@dataclass(frozen=True)
class Place:
    """Where an entry of the table is."""

    segment: str
    entry: str

    @property
    def case(self) -> str:
        """The case's id."""
        return self.entry.removeprefix(CASE)

    @property
    def tenant(self) -> str:
        """Whose it is."""
        return self.segment.partition("#")[0]

    @property
    def is_case(self) -> bool:
        """Whether it is a case, and not a member."""
        return self.entry.startswith(CASE)

    @property
    def key(self) -> Item:
        """The item's key."""
        return to_item({"segmentKey": self.segment, "entry": self.entry})


def place_of(segment: Segment, case: str) -> Place:
    """Where a case is."""
    return Place(segment.key, CASE + case)


def forgotten(tenant: str, customer: str) -> Place:
    """Where it says since when a customer is forgotten, without saying who that is."""
    return Place(f"{tenant}#forgotten", hashlib.sha256(f"{tenant}#{customer}".encode()).hexdigest())


def member(segment: Segment, customer: str) -> Place:
    """Where a customer of a segment is."""
    return Place(segment.key, MEMBER + customer)


def withheld(case: Case, segment: Segment, message: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a case until it may be read, and as long as its customer may ask for it."""
    made = {"status": "withheld", "text": case.text, "metadata": case.metadata, "openCase": case.id}
    return _made_of(segment, message) | made


def refused(why: str, segment: Segment, message: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a message that went well and becomes no case."""
    return _made_of(segment, message) | {"status": "refused", "why": why}


def kept_until(row: Mapping[str, Any]) -> int:
    """When the retention of a row is over; one that has a file has no time to live, or it would go before the file."""
    return int(row.get("keptUntil") or row["expiresAt"])


def counted(segment: Segment, message: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a customer of a segment; its service and tenure apart, since its key can't be taken apart."""
    known = {name: message[name] for name in ("tenant", "customer", "purpose", "expiresAt")}
    return known | {"service": segment.service, "tenure": segment.tenure}


def _made_of(segment: Segment, message: Mapping[str, Any]) -> dict[str, Any]:
    return counted(segment, message) | {"messageId": message["messageId"]}
