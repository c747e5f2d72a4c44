"""One item that people decide on: who may take it, who has it in hand, and when enough was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from agent_platform.moments import iso

type Verdict = Literal["approve", "edit", "reject"]
type Outcome = Literal["approved", "declined", "withdrawn"]


@dataclass(frozen=True)
class Lease:
    """Since when somebody has an item in hand, and until when it is kept for them."""

    taken_at: str
    until: str


@dataclass(frozen=True)
class Decision:
    """What one person says of an item: as it is, with other words, or not at all and why.

    `edit` has the parts as they shall be, `seen` the claims that the person knows to be without a source.
    """

    verdict: Verdict
    reason: str | None = None
    words: str = ""
    edit: Mapping[str, str] | None = None
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReviewItem:
    """A message that waits for people: why, how many of them, and what each has said so far."""

    tenant: str
    workflow: str
    message_id: str
    reasons: tuple[str, ...]
    needed: int
    lease_minutes: int
    opened_at: str
    expires_at: int
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    leases: Mapping[str, Lease] = field(default_factory=dict)
    outcome: Outcome | None = None
    concluded_at: str | None = None
    told: bool = False
    revision: int = 0

    @property
    def asked(self) -> int:
        """How many have to decide: as many as are needed, and one more if those disagree on whether it may go."""
        return self.needed + (len({verdict == "reject" for verdict in self.verdicts.values()}) > 1)

    @property
    def due(self) -> str:
        """From when on somebody can take it: at once, or when the first of those who have it in hand lost it."""
        held = sorted(lease.until for name, lease in self.leases.items() if name not in self.verdicts)
        free = self.asked - len(self.verdicts)
        return self.opened_at if len(held) < free else held[len(held) - free]

    def open_to(self, reviewer: str, now: datetime) -> bool:
        """Whether this person can take it: who decided on it, or has it in hand, never gets it a second time."""
        if self.outcome or self.expires_at <= now.timestamp() or reviewer in self.verdicts:
            return False
        return not self._in_hand(reviewer, now) and self._seats(now) > 0

    def taken_by(self, reviewer: str, now: datetime) -> "ReviewItem":
        """It, in this person's hands."""
        lease = Lease(iso(now), iso(now + timedelta(minutes=self.lease_minutes)))
        return self._changed(leases={**self.leases, reviewer: lease})

    def objections(self, reviewer: str, now: datetime) -> list[str]:
        """Everything that speaks against a decision of this person now; nothing if they may decide.

        Who is late may, as long as nobody else took the place.
        """
        if self.outcome:
            return [f"the item was concluded meanwhile: {self.outcome}; take the next one"]
        if self.expires_at <= now.timestamp():
            return ["the message isn't kept any more; take the next one"]
        if reviewer not in self.leases:
            return ["the item wasn't given to you; take the next one"]
        if not self._in_hand(reviewer, now) and self._seats(now) <= 0:
            return ["your time for it was over and somebody else has it now; take the next one"]
        return []

    def decided(self, reviewer: str, verdict: Verdict, now: datetime) -> "ReviewItem":
        """It, with what this person says; concluded if that is enough."""
        after = self._changed(verdicts={**self.verdicts, reviewer: verdict})
        if len(after.verdicts) < after.asked:
            return after
        against = sum(given == "reject" for given in after.verdicts.values())
        outcome: Outcome = "declined" if 2 * against > len(after.verdicts) else "approved"
        return replace(after, outcome=outcome, concluded_at=iso(now))

    def withdrawn(self, now: datetime) -> "ReviewItem":
        """It, taken off the desk undecided, since nothing waits for the decision any more."""
        return self._changed(outcome="withdrawn", concluded_at=iso(now), told=True)

    def after_telling(self) -> "ReviewItem":
        """It, once its workflow said what came of it."""
        return self._changed(told=True)

    def _changed(self, **changes: object) -> "ReviewItem":
        return replace(self, revision=self.revision + 1, **changes)  # type: ignore[arg-type]

    def _in_hand(self, reviewer: str, now: datetime) -> bool:
        return reviewer in self.leases and self.leases[reviewer].until > iso(now)

    def _seats(self, now: datetime) -> int:
        """How many more can take it."""
        held = [name for name in self.leases if name not in self.verdicts and self._in_hand(name, now)]
        return self.asked - len(self.verdicts) - len(held)
