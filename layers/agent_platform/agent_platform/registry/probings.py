"""What a judge's version has shown on its probes, kept beside the versions and asked before one is promoted.

There are two of each version at most: what somebody asked for, and last night's sample.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypedDict, cast

from agent_platform import aws, settings
from agent_platform.items import from_item, to_item

Occasion = Literal["asked", "nightly"]


class Rate(TypedDict):
    """Of so many drafts the judge was right about so many; the share lies between low and high."""

    n: int
    right: int
    low: float
    high: float


class Discrimination(TypedDict):
    """Sensitivity and specificity less one with its interval, and the bound that its lower end must be above."""

    index: float
    low: float
    high: float
    bound: float


class Probing(TypedDict):
    """One probing: when, of which set; how often the judge was right, overall and about each kind of fault.

    `repeated` drafts were judged twice, and of `flipped` ones the second answer was another one.
    """

    probing: str
    at: str
    set: str
    good: Rate
    bad: Rate
    faults: dict[str, Rate]
    discrimination: Discrimination
    discriminates: bool
    repeated: int
    flipped: int
    unstable: bool
    failed: dict[str, int]
    cost_micros: int


@dataclass(frozen=True)
class _Settings:
    registry_table: str


class Probings:
    """The probings in the registry's table."""

    def __init__(self, table: str, dynamodb: Any) -> None:
        self._table, self._dynamodb = table, dynamodb

    def keep(self, agent_id: str, version: int, occasion: Occasion, probing: Probing) -> None:
        """Keep a probing in the place of the one before it."""
        row = probing_key(agent_id, version, occasion) | dict(probing)
        self._dynamodb.put_item(TableName=self._table, Item=to_item(row))

    def of(self, agent_id: str, version: int) -> Probing | None:
        """What is known of a version: the probing that somebody asked for, else last night's."""
        occasions: tuple[Occasion, ...] = ("asked", "nightly")
        found = (self.on(agent_id, version, occasion) for occasion in occasions)
        return next((probing for probing in found if probing), None)

    def on(self, agent_id: str, version: int, occasion: Occasion) -> Probing | None:
        """The probing of a version on one of the two occasions."""
        key = to_item(probing_key(agent_id, version, occasion))
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return read_probing(from_item(item)) if item else None


def probing_key(agent_id: str, version: int, occasion: Occasion) -> dict[str, Any]:
    """Where the probing of a version is."""
    return {"agentId": f"{agent_id}#probes#{occasion}", "version": version}


def read_probing(row: Mapping[str, Any]) -> Probing:
    """The probing in a row of the table."""
    return cast("Probing", {name: row[name] for name in Probing.__annotations__})


def against_undiscerning(probing: Probing | None, version: int, *, first: bool) -> list[str]:
    """What speaks against promoting a judge's version: it is not known, or not shown, to tell good drafts from bad.

    A `first` version takes nobody's place and may wait for its probing; what was shown speaks against it, too.
    """
    if probing is None:
        return [] if first else [
            f"version {version} is a judge whose error nobody knows: scripts/agents probe it first"
        ]  # fmt: skip
    if probing["discriminates"]:
        return []
    shown = probing["discrimination"]
    return [
        f"version {version} is not shown to tell good drafts from bad ones: its discrimination on the probes is "
        f"{shown['index']:.2f} ({shown['low']:.2f} to {shown['high']:.2f}), and all of that must be above "
        f"{shown['bound']:.2f}"
    ]


@cache
def probings() -> Probings:
    """The stack's probings, as the function's environment names their table."""
    return Probings(settings.read(_Settings).registry_table, aws.client("dynamodb"))
