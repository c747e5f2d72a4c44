"""What runs out: tokens that come back with time, and places that come back when somebody leaves."""

from dataclasses import dataclass, field


@dataclass
class Bucket:
    """So many a second, and as many at once as come back in `seconds`; never more than that saved."""

    rate: float
    seconds: float
    _there: float = field(init=False)
    _at: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._there = self.rate * self.seconds

    def take(self, amount: float, now: float) -> bool:
        """Whether there was enough, which is gone then."""
        self._there = min(self.rate * self.seconds, self._there + (now - self._at) * self.rate)
        self._at = now
        if self._there < amount:
            return False
        self._there -= amount
        return True

    def give_back(self, amount: float) -> None:
        """What was taken for nothing."""
        self._there += amount


@dataclass
class Places:
    """So many at once."""

    most: float
    taken: int = 0
    highest: int = 0

    def enter(self) -> bool:
        """Whether there was one."""
        if self.taken + 1 > max(self.most, 1):
            return False
        self.taken += 1
        self.highest = max(self.highest, self.taken)
        return True

    def leave(self) -> None:
        """Make it free."""
        self.taken -= 1
