"""What people's decisions on approved messages add to what probes show of a judge.

People see approved messages only, so a decision is no probe: counted as one, those upheld would make every judge look
as if he never refused a good message, and the others as if he never refused a bad one. What they do show is which share
of the approved ones is good. That share, the share of approvals, sensitivity and specificity bind each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from measurement.distributions import normal_quantile
from measurement.imperfect_judge import Probes

# One success and one failure more of each kind, as Lang and Reiczigel add them to the probes.
_ADDED = 1
# Each time the variances are taken anew where the last time ended; after three nothing moves that is ever shown.
_ROUNDS = 8
_LEAST = 1e-4


@dataclass(frozen=True)
class InUse:
    """Of so many messages the judge approved some; of a fair sample of approved ones people saw so many, upheld some.

    People may have seen messages of before, or not all of them yet: the sample needn't be among those counted here.
    """

    judged: int
    approved: int
    seen: int
    upheld: int


@dataclass(frozen=True)
class Joined:
    """As many probes as would say what probes and people say together; and whether those contradict each other."""

    probes: Probes
    at_odds: bool


def joined(probes: Probes, used: InUse, *, alpha: float = 0.05) -> Joined:
    """What both sources say; the probes alone where people saw nothing, or the probes show no discrimination.

    With p approved, v of these good, sensitivity s and specificity c, of all messages pv/s are good, p(1 - v)/(1 - c)
    are bad, and both are the whole. The four measured shares are moved by least squares until that holds, each by its
    variance. Probes and people must be about the same kinds of faults; far from that, they are at odds.
    """
    if not (0 <= used.upheld <= used.seen and 0 <= used.approved <= used.judged):
        raise ValueError(f"{used} can't be")
    if not (used.seen and used.judged) or not probes.discriminates(alpha=alpha):
        return Joined(probes, at_odds=False)
    counts = [(used.approved, used.judged), (used.upheld, used.seen),
              (probes.approved, probes.good), (probes.refused, probes.bad)]  # fmt: skip
    sizes = [n + 2 * _ADDED for _, n in counts]
    measured = [(k + _ADDED) / size for (k, _), size in zip(counts, sizes, strict=True)]
    off, slopes = _off(measured)
    at_odds = abs(off) > normal_quantile(1 - alpha / 2) * sqrt(_spread(slopes, _variances(measured, sizes)))
    return Joined(_as_probes(_moved(measured, sizes), sizes), at_odds=at_odds)


def _off(shares: Sequence[float]) -> tuple[float, list[float]]:
    """How far the four shares are from what binds them, and how that moves with each."""
    p, v, s, c = shares
    off = p * v * (1 - c) + p * (1 - v) * s - s * (1 - c)
    return off, [v * (1 - c) + (1 - v) * s, p * (1 - c - s), p * (1 - v) - (1 - c), s - p * v]


def _moved(measured: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """The four shares closest to the measured ones that are bound as they must be."""
    shares = list(measured)
    for _ in range(_ROUNDS):
        variances, (off, slopes) = _variances(shares, sizes), _off(shares)
        left = off + sum(h * (was - now) for h, was, now in zip(slopes, measured, shares, strict=True))
        step = left / _spread(slopes, variances)
        shares = [min(1 - _LEAST, max(_LEAST, was - variance * h * step))
                  for was, variance, h in zip(measured, variances, slopes, strict=True)]  # fmt: skip
    return shares


def _as_probes(shares: Sequence[float], sizes: Sequence[float]) -> Probes:
    """So many good and bad probes as leave sensitivity and specificity as uncertain as they are now."""
    variances, (_, slopes) = _variances(shares, sizes), _off(shares)
    spread = _spread(slopes, variances)
    numbers: list[float] = []
    for share, variance, slope in list(zip(shares, variances, slopes, strict=True))[2:]:
        size = share * (1 - share) / (variance - (variance * slope) ** 2 / spread)
        n = size - 2 * _ADDED
        numbers += [n, min(n, max(0.0, share * size - _ADDED))]
    return Probes(*numbers)


def _variances(shares: Sequence[float], sizes: Sequence[float]) -> list[float]:
    return [share * (1 - share) / size for share, size in zip(shares, sizes, strict=True)]


def _spread(slopes: Sequence[float], variances: Sequence[float]) -> float:
    return sum(slope**2 * variance for slope, variance in zip(slopes, variances, strict=True))
