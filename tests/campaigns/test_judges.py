"""Judges with known error: how often the corrected approval covers the truth, and whether coins are refused."""

from collections.abc import Callable

import numpy as np
from measurement.imperfect_judge import Probes, corrected
from measurement.proportions import clopper_pearson

JUDGES = 500
# Each judge is probed and used so often, because 500 intervals alone would leave a percent to chance.
USES = 10
LEAST_COVERED, MOST_COVERED = 0.93, 0.97
SIZES = (200, 1_000, 5_000)


def probed(sensitivity: float, specificity: float, random: np.random.Generator) -> Probes:
    """What probes show of a judge of these error rates: some good drafts, and more with one fault each."""
    good, bad = int(random.integers(60, 200)), int(random.integers(140, 300))
    return Probes(good, int(random.binomial(good, sensitivity)), bad, int(random.binomial(bad, specificity)))


def test_the_corrected_rate_covers_the_truth(seed: int, tell: Callable[[str], None]) -> None:
    random = np.random.default_rng(seed)
    covered = covered_raw = corrections = 0
    judges = zip(random.uniform(0.75, 0.99, JUDGES), random.uniform(0.65, 0.98, JUDGES), strict=True)
    for sensitivity, specificity in (judge for judge in judges for _ in range(USES)):
        truth, judged = random.uniform(0.3, 0.99), int(random.choice(SIZES))
        good = random.binomial(judged, truth)
        approved = int(random.binomial(good, sensitivity) + random.binomial(judged - good, 1 - specificity))
        found = corrected(approved, judged, probed(sensitivity, specificity, random))
        if found is None:
            continue
        raw = clopper_pearson(approved, judged)
        corrections += 1
        covered += found.interval.low <= truth <= found.interval.high
        covered_raw += raw.low <= truth <= raw.high
    tell(
        f"{JUDGES} judges, {corrections} rates (seed {seed}): the corrected one covers {covered / corrections:.1%},"
        f" the raw one {covered_raw / corrections:.1%}; {JUDGES * USES - corrections} refused for their probes"
    )
    assert LEAST_COVERED <= covered / corrections <= MOST_COVERED
    # Hardly any of these judges is too weak to be corrected.
    assert corrections > 0.95 * JUDGES * USES


def test_a_judge_without_discrimination_is_refused(seed: int, tell: Callable[[str], None]) -> None:
    random = np.random.default_rng(seed)
    biases = random.uniform(0.02, 0.98, JUDGES)
    refused = sum(not probed(bias, 1 - bias, random).discriminates() for bias in biases)
    tell(f"{JUDGES} coins of every bias (seed {seed}): {refused} refused")
    assert refused == JUDGES
