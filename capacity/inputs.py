"""The two files of the model that a person edits: what AWS allows, and what is assumed."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from operations.stack import ROOT

HERE = ROOT / "capacity"


@dataclass(frozen=True)
class Quota:
    """What AWS allows one account in one Region by default, per so many seconds, and where AWS says so."""

    of: str
    value: int
    adjustable: bool
    source: str
    per: int = 1

    @property
    def a_second(self) -> float:
        """The same, a second."""
        return self.value / self.per


@dataclass(frozen=True)
class Demand:
    """What comes in on one day, and how it is spread over the day."""

    messages_a_day: int
    tenants: int
    hours: tuple[int, ...]
    campaign_share: float
    campaign_minutes: int
    campaign_hour: int
    largest_tenant_share: float
    rewritten: float

    @property
    def calls(self) -> float:
        """How often the writer, and the judge, are called for one message."""
        return 1 + self.rewritten

    @property
    def campaign(self) -> float:
        """The messages of one campaign today."""
        return self.messages_a_day * self.campaign_share

    @property
    def whole_day(self) -> float:
        """All messages of a day, the campaign's too."""
        return self.messages_a_day + self.campaign

    def ordinary(self, hour: int) -> float:
        """How many ordinary messages a second come in during one hour of today."""
        return self.messages_a_day * self.hours[hour % 24] / sum(self.hours) / 3600

    @property
    def busiest_minute(self) -> float:
        """Messages a second while the campaign comes in."""
        return self.ordinary(self.campaign_hour) + self.campaign / self.campaign_minutes / 60

    @property
    def busiest_hour(self) -> float:
        """Messages a second on average over the hour of the campaign."""
        return self.ordinary(self.campaign_hour) + self.campaign / 3600

    @property
    def largest_tenant_rush(self) -> float:
        """The largest company's messages a second while its campaign comes in."""
        ordinary = self.largest_tenant_share * self.ordinary(self.campaign_hour)
        return ordinary + self.campaign / self.campaign_minutes / 60

    @property
    def largest_tenant(self) -> float:
        """The largest company's part of that hour; the campaign is its own."""
        return self.largest_tenant_share * self.ordinary(self.campaign_hour) + self.campaign / 3600


@cache
def quotas() -> dict[str, Quota]:
    """Every quota by its word."""
    return {word: Quota(**each) for word, each in _read("quotas.toml").items() if isinstance(each, dict)}


@cache
def assumptions() -> dict[str, Any]:
    """What is assumed, by its table."""
    return _read("assumptions.toml")


@cache
def demand() -> Demand:
    """What comes in today."""
    given = assumptions()["demand"]
    return Demand(**given | {"hours": tuple(given["hours"])})


def dated() -> tuple[str, str]:
    """When the quotas were looked up, and for which Region."""
    read = _read("quotas.toml")
    return read["dated"], read["region"]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))
