"""What a company's reviews come to: how often two people agree, how long one takes, and what they decide."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from agent_platform.reviews.rows import Given
from measurement.intervals import Interval
from measurement.proportions import wilson


@dataclass(frozen=True)
class Figures:
    """Items and decisions; of the items that two people saw, on how many they agreed; seconds with one in hand."""

    items: int
    verdicts: Counter[str]
    reasons: Counter[str]
    pairs: int
    agreed: int
    seconds: float | None
    by_reviewer: dict[str, tuple[int, float]]

    @property
    def agreement(self) -> Interval | None:
        """What the agreement may be in the long run, with 95 %; None where nobody saw what another saw."""
        return wilson(self.agreed, self.pairs) if self.pairs else None


def agreement_of(found: Figures) -> str:
    """How often two people agreed, as one reads it."""
    if found.agreement is None:
        return "No message was seen by two people, so nothing is known of their agreement (second_share in the policy)."
    low, high = found.agreement
    return f"Two people agreed on {found.agreed} of {found.pairs} messages: {low:.0%} to {high:.0%} (95 %)"


def figures(decisions: Iterable[Given]) -> Figures:
    """The figures of decisions in their order; what a third said, whom two had differ, is no agreement."""
    items: dict[str, list[Given]] = defaultdict(list)
    for given in decisions:
        items[given.message_id].append(given)
    all_given = [given for each in items.values() for given in each]
    pairs = [each[:2] for each in items.values() if len(each) >= 2]
    return Figures(
        items=len(items),
        verdicts=Counter(given.decision.verdict for given in all_given),
        reasons=Counter(given.decision.reason for given in all_given if given.decision.reason),
        pairs=len(pairs),
        agreed=sum(_sends(one) == _sends(other) for one, other in pairs),
        seconds=median(given.seconds for given in all_given) if all_given else None,
        by_reviewer=_by_reviewer(all_given),
    )


def _sends(given: Given) -> bool:
    return given.decision.verdict != "reject"


def _by_reviewer(all_given: Sequence[Given]) -> dict[str, tuple[int, float]]:
    """How many decisions each person made, and the median of their seconds."""
    times: dict[str, list[int]] = defaultdict(list)
    for given in all_given:
        times[given.reviewer].append(given.seconds)
    return {name: (len(each), median(each)) for name, each in sorted(times.items())}
