"""The true rate behind an imperfect judge: what it approves, corrected for the errors that its probes have shown."""

from dataclasses import dataclass
from math import ceil, sqrt

from measurement.distributions import normal_quantile
from measurement.intervals import Interval
from measurement.proportions import clopper_pearson, newcombe

# Of a coin's 0 and a perfect judge's 1. Less would stretch every interval to three times its width and more.
LEAST_DISCRIMINATION = 0.3
# What a usable judge may be expected to be; only how many probes are asked depends on it.
_EXPECTED_SENSITIVITY, _EXPECTED_SPECIFICITY = 0.9, 0.8


@dataclass(frozen=True)
class Probes:
    """What a judge said of drafts whose truth is known: of so many good ones approved, of so many bad ones refused.

    Parts of a draft are allowed: what else is known of a judge may be worth so many probes.
    """

    good: float
    approved: float
    bad: float
    refused: float

    @property
    def sensitivity(self) -> float:
        """The share of the good drafts that the judge approves."""
        return self.approved / self.good

    @property
    def specificity(self) -> float:
        """The share of the bad drafts that the judge refuses."""
        return self.refused / self.bad

    def sensitivity_interval(self, *, alpha: float = 0.05) -> Interval:
        """How sure the sensitivity is."""
        return clopper_pearson(self.approved, self.good, alpha=alpha)

    def specificity_interval(self, *, alpha: float = 0.05) -> Interval:
        """How sure the specificity is."""
        return clopper_pearson(self.refused, self.bad, alpha=alpha)

    def discrimination(self, *, alpha: float = 0.05) -> Interval:
        """How much likelier a good draft is approved than a bad one: Youden's index, with its interval.

        Zero is a coin, whatever its bias.
        """
        return newcombe(self.approved, self.good, self.bad - self.refused, self.bad, alpha=alpha)

    def discriminates(self, *, least: float = LEAST_DISCRIMINATION, alpha: float = 0.05) -> bool:
        """Whether the probes show that the judge tells good drafts from bad ones by more than `least`."""
        return self.good > 0 and self.bad > 0 and self.discrimination(alpha=alpha).low > least


def probes_needed(half_width: float, *, alpha: float = 0.05) -> int:
    """Of good and of bad probes so many each, that a usable judge's discrimination is known to about ± half_width."""
    if not 0 < half_width < 1:
        raise ValueError(f"{half_width} is no half width of a share")
    z = normal_quantile(1 - alpha / 2)
    spread = sum(rate * (1 - rate) for rate in (_EXPECTED_SENSITIVITY, _EXPECTED_SPECIFICITY))
    return ceil(spread * (z / half_width) ** 2)


@dataclass(frozen=True)
class Corrected:
    """The share of good drafts behind a share of approvals, with an interval that carries the probes' uncertainty."""

    rate: float
    interval: Interval


def corrected(approved: int, judged: int, probes: Probes, *, alpha: float = 0.05) -> Corrected | None:
    """The share of good drafts among the judged; None if the judge isn't shown to discriminate.

    Rogan and Gladen's estimate (American Journal of Epidemiology 107, 1978) with the interval of Lang and Reiczigel
    (Preventive Veterinary Medicine 113, 2014), which stays near its level where rates are close to 0 or 1.
    """
    if not 0 <= approved <= judged or not judged:
        raise ValueError(f"{approved} of {judged} is no proportion")
    if not probes.discriminates(alpha=alpha):
        return None
    estimate = (approved / judged + probes.specificity - 1) / (probes.sensitivity + probes.specificity - 1)
    return Corrected(_within(estimate), _interval(approved, judged, probes, normal_quantile(1 - alpha / 2)))


def _interval(approved: int, judged: int, probes: Probes, z: float) -> Interval:
    seen, n = (approved + z * z / 2) / (judged + z * z), judged + z * z
    good, bad = probes.good + 2, probes.bad + 2
    sensitivity, specificity = (probes.approved + 1) / good, (probes.refused + 1) / bad
    index = sensitivity + specificity - 1
    rate = _within((seen + specificity - 1) / index)
    of_good, of_bad = sensitivity * (1 - sensitivity) / good, specificity * (1 - specificity) / bad
    middle = rate + 2 * z * z * (rate * of_good - (1 - rate) * of_bad)
    half = z * sqrt(seen * (1 - seen) / n + rate**2 * of_good + (1 - rate) ** 2 * of_bad) / index
    return Interval(_within(middle - half), _within(middle + half))


def _within(rate: float) -> float:
    return min(1.0, max(0.0, rate))
