"""Judges with known error: how often the corrected approval covers the truth, and whether coins are refused."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from measurement.imperfect_judge import Corrected, Probes, corrected
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
    shown, raw = Shown(), []
    for number, (sensitivity, specificity) in enumerate(in_use(random)):
        truth, judged = random.uniform(0.3, 0.99), int(random.choice(SIZES))
        approved, _ = approvals(truth, judged, sensitivity, specificity, random)
        shown.add("corrected", corrected(approved, judged, probed(sensitivity, specificity, random)), truth)
        # Beside it only; it is so far off that each judge's first use tells enough.
        if number % USES == 0:
            raw.append(covers(clopper_pearson(approved, judged), truth))
    corrections = len(shown.said["corrected"])
    tell(f"{JUDGES} judges, {corrections} rates (seed {seed}): {shown}; the raw one covers {np.mean(raw):.1%};"
         f" {JUDGES * USES - corrections} refused for their probes")  # fmt: skip
    assert LEAST_COVERED <= shown.mean("corrected") <= MOST_COVERED
    # Hardly any of these judges is too weak to be corrected.
    assert corrections > 0.95 * JUDGES * USES


@dataclass(frozen=True)
class Stratum:
    """Months and days whose truth lies within these bounds; of approved messages people see one of these numbers."""

    low: float
    high: float
    seen: tuple[int, ...]

    def truth(self, random: np.random.Generator) -> float:
        """The share of good messages of a month, or of a day."""
        return random.uniform(self.low, self.high)


STRATA = {
    "any truth": Stratum(0.3, 0.99, (20, 60, 200, 500)),
    "nearly all good, few seen": Stratum(0.93, 0.995, (20, 60)),
    "nearly all good, many seen": Stratum(0.93, 0.995, (200, 500)),
    "mostly bad": Stratum(0.05, 0.3, (20, 60, 200)),
}


@pytest.mark.parametrize("name", STRATA)
def test_people_s_decisions_beside_the_probes_keep_the_corrected_rate_honest(
    name: str, seed: int, tell: Callable[[str], None]
) -> None:
    """People saw some of what the judge approved in a month; a day of another truth is corrected by both sources."""
    random, stratum = np.random.default_rng(seed), STRATA[name]
    shown = Shown()
    for sensitivity, specificity in in_use(random):
        probes = probed(sensitivity, specificity, random)
        used = seen_by_people(stratum, sensitivity, specificity, random)
        truth, judged = stratum.truth(random), int(random.choice(SIZES))
        approved, _ = approvals(truth, judged, sensitivity, specificity, random)
        both, missed = joined(probes, used), used.seen - used.upheld
        pooled = Probes(probes.good + used.upheld, probes.approved + used.upheld, probes.bad + missed, probes.refused)
        for source, known in {"probes": probes, "both": both.probes, "decisions taken for probes": pooled}.items():
            shown.add(source, corrected(approved, judged, known), truth)
        shown.said["at odds"].append(both.at_odds)
    tell(f"{name}: {JUDGES} judges in {JUDGES * USES} months with people's decisions (seed {seed}): {shown}")
    shown.hold()


class Shown:
    """By what was known of the judges: how often the corrected rate covered the truth, and how wide it was."""

    def __init__(self) -> None:
        self.said: dict[str, list[float]] = defaultdict(list)

    def add(self, source: str, found: Corrected | None, truth: float) -> None:
        """Count one rate; none if the judge was refused."""
        if found:
            self.said[source].append(covers(found.interval, truth))
            self.said[f"{source}, width"].append(found.interval.high - found.interval.low)

    def mean(self, name: str) -> float:
        """The mean of what was said."""
        return float(np.mean(self.said[name]))

    def hold(self) -> None:
        """What probes and people say together must be honest, and worth having."""
        assert self.mean("both") >= LEAST_COVERED
        # More than 97 % is no lie. Where the truth is near its end the probes alone cover more than that too.
        assert self.mean("both") <= max(MOST_COVERED, self.mean("probes") + 0.01)
        assert self.mean("both, width") < self.mean("probes, width")
        # Sources that are never at odds may seem to be, as often as that.
        assert self.mean("at odds") <= 0.06

    def __str__(self) -> str:
        conservative = " (conservative)" if "both" in self.said and self.mean("both") > MOST_COVERED else ""
        return ", ".join(f"{name} {self.mean(name):.1%}" for name in self.said) + conservative


def test_what_both_say_of_the_judge_itself_is_honest_too(seed: int, tell: Callable[[str], None]) -> None:
    random, stratum = np.random.default_rng(seed), STRATA["any truth"]
    covered = []
    for sensitivity, specificity in in_use(random, uses=1):
        probes = probed(sensitivity, specificity, random)
        both = joined(probes, seen_by_people(stratum, sensitivity, specificity, random)).probes
        covered.append((covers(both.sensitivity_interval(), sensitivity),
                        covers(both.specificity_interval(), specificity)))  # fmt: skip
    of_good, of_bad = np.mean(covered, axis=0)
    tell(f"{JUDGES} judges by both (seed {seed}): sensitivity covered {of_good:.1%}, specificity {of_bad:.1%}")
    assert min(of_good, of_bad) >= LEAST_COVERED


@pytest.mark.parametrize(("share", "other_share"), [(0.0, 1.0), (0.05, 0.5)])
def test_two_companies_seen_more_and_less_often_are_held_beside_what_was_drawn(
    share: float, other_share: float, seed: int, tell: Callable[[str], None]
) -> None:
    """One has nine tenths of the messages, 90 % of them good; the other's are seen more often, and 70 % are."""
    random, truth = np.random.default_rng(seed), 0.9 * 0.9 + 0.1 * 0.7
    shown = Shown()
    for sensitivity, specificity in in_use(random):
        probes = probed(sensitivity, specificity, random)
        month, drawn = [], []
        for good, messages, seen in ((0.9, 4_500, share), (0.7, 500, other_share)):
            lot = int(random.binomial(messages, seen))
            drawn.append((lot, *approvals(good, lot, sensitivity, specificity, random)))
            month.append(approvals(good, messages - lot, sensitivity, specificity, random)[0] + drawn[-1][1])
        judged, approved, upheld = (sum(each) for each in zip(*drawn, strict=True))
        both = joined(probes, InUse(judged, approved, approved, upheld))
        beside_all = joined(probes, InUse(5_000, sum(month), approved, upheld))
        shown.add("probes", corrected(sum(month), 5_000, probes), truth)
        shown.add("both", corrected(sum(month), 5_000, both.probes), truth)
        shown.said["at odds"].append(both.at_odds)
        shown.said["at odds if held beside all messages"].append(beside_all.at_odds)
    tell(f"two companies, {share:.0%} and {other_share:.0%} seen: {JUDGES * USES} months (seed {seed}): {shown}")
    shown.hold()


def in_use(random: np.random.Generator, *, uses: int = USES) -> Iterator[tuple[float, float]]:
    """Sensitivity and specificity of each judge, as often as it is probed and used."""
    judges = zip(random.uniform(0.75, 0.99, JUDGES), random.uniform(0.65, 0.98, JUDGES), strict=True)
    return (judge for judge in judges for _ in range(uses))


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


def seen_by_people(stratum: Stratum, sensitivity: float, specificity: float, random: np.random.Generator) -> InUse:
    """A month of a company, and the random share of its approved messages that people saw."""
    judged = int(random.choice(SIZES))
    approved, rightly = approvals(stratum.truth(random), judged, sensitivity, specificity, random)
    seen = min(approved, int(random.choice(stratum.seen)))
    return InUse(judged, approved, seen, int(random.hypergeometric(rightly, approved - rightly, seen)))


def test_a_judge_without_discrimination_is_refused(seed: int, tell: Callable[[str], None]) -> None:
    random = np.random.default_rng(seed)
    biases = random.uniform(0.02, 0.98, JUDGES)
    refused = sum(not probed(bias, 1 - bias, random).discriminates() for bias in biases)
    tell(f"{JUDGES} coins of every bias (seed {seed}): {refused} refused")
    assert refused == JUDGES
