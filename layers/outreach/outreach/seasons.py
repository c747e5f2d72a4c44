"""The season in which a customer lives, by the month and by which half of the earth their country is in."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from outreach.contracts import Request

SEASONS = ("winter", "spring", "summer", "autumn")
# Countries south of the equator in which people speak of four seasons (ISO 3166-1).
_SOUTHERN = frozenset(["AR", "AU", "BO", "BR", "BW", "CL", "LS", "MZ", "NA", "NZ", "PE", "PY", "SZ", "UY", "ZA", "ZW"])


def season_of(day: date, country: str | None) -> str:
    """The season of a day, by whole months: winter begins in December, or south of the equator in June."""
    turned = 2 if country in _SOUTHERN else 0
    return SEASONS[(day.month % 12 // 3 + turned) % len(SEASONS)]


def day_at(request: Request) -> date:
    """The day that it is where a request's customer lives."""
    return datetime.fromisoformat(request["as_of"]).astimezone(ZoneInfo(request["time_zone"])).date()


def season_at(request: Request) -> str:
    """The season that it is where a request's customer lives, by their own day."""
    return season_of(day_at(request), request["country"])
