"""A workflow's slots as pure numbers: how many runs each tenant has open, and who waits to open one.

While k others wait, a tenant takes no slot beyond the (k+1)th part of all, so never one beyond half; what it holds
already it keeps until those runs are over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Seconds for which a mark outlives the moment in which its message asks again: a queue's and a function's own time.
_SLACK = 5
# For so long after a mark ran out it still tells the sweep of open events that the tenant's messages may be waiting.
_REMEMBERED = 900


@dataclass(frozen=True)
class Asking:
    """A run that needs a slot, and after how many seconds it asks again if it gets none now."""

    tenant: str
    execution: str
    asks_again: int = 2
    # Whether its message was received before, so that an earlier try may have taken its slot.
    received_before: bool = False


@dataclass(frozen=True)
class Board:
    """Who holds how many slots, and until when (in epoch seconds) each tenant that was refused counts as waiting."""

    held: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)

    @property
    def taken(self) -> int:
        """How many slots are taken."""
        return sum(self.held.values())

    def share(self, tenant: str, *, most: int, now: int) -> int:
        """How many of `most` slots a tenant may come to hold now."""
        others = sum(until > now for other, until in self.waiting.items() if other != tenant)
        return max(1, most // (others + 1))

    def serve(self, asking: Iterable[Asking], *, most: int, now: int) -> "tuple[Board, list[Asking]]":
        """The board after these asked, those who hold least first, and who of them got a slot."""
        left, served = list(asking), []
        board = Board(self.held, {who: until for who, until in self.waiting.items() if until + _REMEMBERED > now})
        while left:
            each = min(left, key=lambda one: board.held.get(one.tenant, 0))
            left.remove(each)
            holds = board.held.get(each.tenant, 0)
            if board.taken < most and holds < board.share(each.tenant, most=most, now=now):
                board = Board({**board.held, each.tenant: holds + 1}, board.waiting)
                served.append(each)
            else:
                board = board._marked(each, now)
        return board, served

    def freed(self, tenant: str) -> "Board":
        """The board after one of a tenant's runs was over."""
        held = {**self.held, tenant: self.held.get(tenant, 1) - 1}
        return Board({who: many for who, many in held.items() if many}, self.waiting)

    def may_wait(self, now: int) -> frozenset[str]:
        """Every tenant of which messages may be waiting; those of the last minutes are among them."""
        return frozenset(who for who, until in self.waiting.items() if until + _REMEMBERED > now)

    def _marked(self, each: Asking, now: int) -> "Board":
        # Beyond what is needed, so that most refusals find a mark that is good enough, and write nothing.
        if self.waiting.get(each.tenant, 0) >= now + each.asks_again + _SLACK:
            return self
        return Board(self.held, {**self.waiting, each.tenant: now + 2 * each.asks_again + _SLACK})
