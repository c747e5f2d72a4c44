"""Judges with known error: how often the corrected approval covers the truth, and whether coins are refused."""

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from measurement.imperfect_judge import Probes, corrected
from measurement.intervals import Interval
from measurement.judge_in_use import InUse, joined
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
        approved, _ = approvals(truth, judged, sensitivity, specificity, random)
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


def test_people_s_decisions_beside_the_probes_keep_the_corrected_rate_honest(
    seed: int, tell: Callable[[str], None]
) -> None:
    """People saw some of what the judge approved in a month; a day of another truth is corrected by both sources."""
    random = np.random.default_rng(seed)
    shown: dict[str, list[float]] = defaultdict(list)
    judges = zip(random.uniform(0.75, 0.99, JUDGES), random.uniform(0.65, 0.98, JUDGES), strict=True)
    for sensitivity, specificity in (judge for judge in judges for _ in range(USES)):
        probes, used = probed(sensitivity, specificity, random), seen_by_people(sensitivity, specificity, random)
        truth, judged = random.uniform(0.3, 0.99), int(random.choice(SIZES))
        approved, _ = approvals(truth, judged, sensitivity, specificity, random)
        both, missed = joined(probes, used), used.seen - used.upheld
        pooled = Probes(probes.good + used.upheld, probes.approved + used.upheld, probes.bad + missed, probes.refused)
        for name, known in {"probes": probes, "both": both.probes, "decisions taken for probes": pooled}.items():
            if found := corrected(approved, judged, known):
                shown[name].append(covers(found.interval, truth))
                shown[f"{name}, width"].append(found.interval.high - found.interval.low)
        shown["sensitivity"].append(covers(both.probes.sensitivity_interval(), sensitivity))
        shown["specificity"].append(covers(both.probes.specificity_interval(), specificity))
        shown["said to be at odds"].append(both.at_odds)
    means = {name: float(np.mean(each)) for name, each in shown.items()}
    tell(f"{JUDGES} judges in {JUDGES * USES} months, with people's decisions (seed {seed}), covered or wide: "
         + ", ".join(f"{name} {mean:.1%}" for name, mean in means.items()))  # fmt: skip
    assert LEAST_COVERED <= means["both"] <= MOST_COVERED
    assert min(means["sensitivity"], means["specificity"]) >= LEAST_COVERED
    assert means["both, width"] < means["probes, width"]
    # Sources that are never at odds may seem to be, as often as that.
    assert means["said to be at odds"] <= 0.06


def covers(interval: Interval, truth: float) -> bool:
    """Whether the truth is within."""
    return interval.low <= truth <= interval.high


def approvals(
    truth: float, judged: int, sensitivity: float, specificity: float, random: np.random.Generator
) -> tuple[int, int]:
    """Of the messages judged, how many the judge approves, and how many of these are good."""
    good = random.binomial(judged, truth)
    rightly = int(random.binomial(good, sensitivity))
    return rightly + int(random.binomial(judged - good, 1 - specificity)), rightly


def seen_by_people(sensitivity: float, specificity: float, random: np.random.Generator) -> InUse:
    """A month of a company, and the random share of its approved messages that people saw."""
    judged = int(random.choice(SIZES))
    approved, rightly = approvals(random.uniform(0.3, 0.99), judged, sensitivity, specificity, random)
    seen = min(approved, int(random.choice((20, 60, 200, 500))))
    return InUse(judged, approved, seen, int(random.hypergeometric(rightly, approved - rightly, seen)))


def test_a_judge_without_discrimination_is_refused(seed: int, tell: Callable[[str], None]) -> None:
    random = np.random.default_rng(seed)
    biases = random.uniform(0.02, 0.98, JUDGES)
    refused = sum(not probed(bias, 1 - bias, random).discriminates() for bias in biases)
    tell(f"{JUDGES} coins of every bias (seed {seed}): {refused} refused")
    assert refused == JUDGES
