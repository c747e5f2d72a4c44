"""What people's decisions on approved messages add to what probes show of a judge.

People see approved messages only, so a decision is no probe: counted as one, those upheld would make every judge look
as if it never refused a good message, and the others as if it never refused a bad one. What they do show is which share
of the approved ones is good. That share, the share of approvals, sensitivity and specificity bind each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from measurement.distributions import normal_quantile
from measurement.imperfect_judge import Probes

# One success and one failure more of each kind, as Lang and Reiczigel add them to the probes.
_ADDED = 1
# Steps of Newton's; hardly ever more than five are needed.
_ROUNDS = 20
# So far off the shares don't bind each other.
_NEAR = 1e-6


@dataclass(frozen=True)
class InUse:
    """Of so many messages the judge approved some; of a fair sample of approved ones people saw so many, upheld some.

    Both must be of the same kind of messages, or approvals and what people say don't belong together. People may have
    seen messages of before, or not all of them yet: the sample needn't be among those counted here.
    """

    judged: int
    approved: int
    seen: int
    upheld: int


@dataclass(frozen=True)
class Joined:
    """As many probes as would say what probes and people say together; the probes alone where these are at odds."""

    probes: Probes
    at_odds: bool


def joined(probes: Probes, used: InUse, *, alpha: float = 0.05) -> Joined:
    """What both sources say; the probes alone where people saw nothing, or the probes show no discrimination.

    With p approved, v of these good, sensitivity s and specificity c, of all messages pv/s are good, p(1 - v)/(1 - c)
    are bad, and both are the whole. The four measured shares are moved by least squares until that holds, each by its
    variance. Probes and people must be about the same kinds of faults; far from that they are at odds, and what both
    would say together is nobody's.
    """
    if not (0 <= used.upheld <= used.seen and 0 <= used.approved <= used.judged):
        raise ValueError(f"{used} can't be")
    if not (used.seen and used.judged) or not probes.discriminates(alpha=alpha):
        return Joined(probes, at_odds=False)
    measured, variances = _measured(probes, used)
    off, slopes = _off(measured)
    moved = _moved(measured, variances)
    if not moved or abs(off) > normal_quantile(1 - alpha / 2) * sqrt(_spread(slopes, variances)):
        return Joined(probes, at_odds=True)
    return Joined(_as_probes(moved, variances, probes), at_odds=False)


def _measured(probes: Probes, used: InUse) -> tuple[list[float], list[float]]:
    """The four shares, and how uncertain each is.

    What is added keeps a share of 0 or 1 uncertain. It mustn't move what people say: where they uphold 20 of 20, that
    would be two rejections of which nobody knows, and nothing holds against them as the interval does for the probes.
    """
    counts = [(used.approved, used.judged), (used.upheld, used.seen),
              (probes.approved, probes.good), (probes.refused, probes.bad)]  # fmt: skip
    shares = [(k + _ADDED) / (n + 2 * _ADDED) for k, n in counts]
    variances = [share * (1 - share) / (n + 2 * _ADDED) for share, (_, n) in zip(shares, counts, strict=True)]
    return [shares[0], used.upheld / used.seen, *shares[2:]], variances


def _off(shares: Sequence[float]) -> tuple[float, list[float]]:
    """How far the four shares are from what binds them, and how that moves with each."""
    p, v, s, c = shares
    off = p * v * (1 - c) + p * (1 - v) * s - s * (1 - c)
    return off, [v * (1 - c) + (1 - v) * s, p * (1 - c - s), p * (1 - v) - (1 - c), s - p * v]


def _moved(measured: Sequence[float], variances: Sequence[float]) -> list[float] | None:
    """The four shares closest to the measured ones that are bound as they must be; None if none near them are.

    A share that would pass 0 or 1 is held there, and the others move for it.
    """
    start, weights = list(measured), list(variances)
    shares = start
    for _ in range(_ROUNDS):
        off, slopes = _off(shares)
        if not (spread := _spread(slopes, weights)):
            break
        step = (off + sum(h * (was - now) for h, was, now in zip(slopes, start, shares, strict=True))) / spread
        wanted = [was - weight * h * step for was, weight, h in zip(start, weights, slopes, strict=True)]
        shares = [min(1.0, max(0.0, share)) for share in wanted]
        for each, share in enumerate(shares):
            if share != wanted[each]:
                start[each], weights[each] = share, 0.0
    return shares if abs(_off(shares)[0]) < _NEAR else None


def _as_probes(shares: Sequence[float], variances: Sequence[float], probes: Probes) -> Probes:
    """So many good and bad probes as leave sensitivity and specificity as uncertain as they are now."""
    _, slopes = _off(shares)
    spread = _spread(slopes, variances)
    numbers: list[float] = []
    of_each = zip((probes.good, probes.bad), shares[2:], variances[2:], slopes[2:], strict=True)
    for asked, share, variance, slope in of_each:
        size = (asked + 2 * _ADDED) / (1 - variance * slope**2 / spread)
        n = size - 2 * _ADDED
        numbers += [n, min(n, max(0.0, share * size - _ADDED))]
    return Probes(*numbers)


def _spread(slopes: Sequence[float], variances: Sequence[float]) -> float:
    return sum(slope**2 * variance for slope, variance in zip(slopes, variances, strict=True))
