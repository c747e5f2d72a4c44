"""What is exact: found once, it is the same on every machine."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Count:
    """One exact number and the most that it may be; counts of one name are of one kind, and `of` tells them apart."""

    name: str
    value: float
    unit: str
    limit: float | None
    of: str | None = None

    @property
    def kept(self) -> bool:
        """Whether it is within the limit."""
        return self.limit is None or self.value <= self.limit

    def document(self) -> dict[str, Any]:
        """The number as JSON, in the same keys as what was measured in pairs."""
        return {
            "name": self.name,
            "of": self.of,
            "unit": self.unit,
            "limit": self.limit,
            "min": self.value,
            "median": self.value,
            "max": self.value,
            "kept": self.kept,
        }
