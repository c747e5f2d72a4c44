"""How this customer's dates and amounts are written, as far as the event says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from outreach.preparation.countries import CURRENCIES, has_decimal_comma, month_comes_first


@dataclass(frozen=True)
class Conventions:
    """What an ambiguous date or amount is read by; None: the event doesn't say, so nothing is assumed."""

    zone: ZoneInfo
    month_first: bool | None
    decimal_comma: bool
    region: str | None
    as_of: datetime

    @classmethod
    def of(cls, *, language: str | None, region: str | None, time_zone: str, as_of: datetime) -> Conventions:
        """The conventions of a language and a country."""
        return cls(
            zone=ZoneInfo(time_zone),
            month_first=month_comes_first(region),
            decimal_comma=has_decimal_comma(language, region),
            region=region,
            as_of=as_of,
        )

    @property
    def currency(self) -> str | None:
        """What an amount without a currency is in."""
        return CURRENCIES.get(self.region) if self.region else None
