"""A moment in the forms in which it is stored."""

from datetime import UTC, datetime, timedelta


def iso(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_milliseconds(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC, to the millisecond: for what is timed."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def epoch(moment: datetime, *, days: int) -> int:
    """Epoch seconds so many days after a moment, as DynamoDB's time to live wants them."""
    return int((moment + timedelta(days=days)).timestamp())
