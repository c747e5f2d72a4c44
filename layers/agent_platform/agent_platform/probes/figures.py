"""What the answers to probes come to: how often the judge is right, by kind of fault, and whether it wavers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from measurement.imperfect_judge import LEAST_DISCRIMINATION, Probes
from measurement.proportions import clopper_pearson

from agent_platform.errors import Refused
from agent_platform.moments import iso
from agent_platform.probes.asking import Answer
from agent_platform.probes.sets import Probe
from agent_platform.registry.probings import Probing, Rate

# A judge that changes more than this share of its answers when asked again is asked twice where it matters.
MOST_FLIPPED = 0.02


def figures(
    name: str, digest: str, probes: Sequence[Probe], answers: Mapping[str, Answer], *, now: datetime
) -> Probing:
    """One probing's figures; Refused if the judge answered about no good or no bad probe at all."""
    told = [(probe["fault"], answers[probe["id"]]) for probe in probes]
    right = [(fault, answer["approved"] == (fault is None)) for fault, answer in told if "approved" in answer]
    good, bad = (rate(was for fault, was in right if (fault is None) == wanted) for wanted in (True, False))
    failed = Counter(answer["error"] for _, answer in told if "error" in answer)
    if not (good["n"] and bad["n"]):
        raise Refused([f"the judge answered about {len(right)} of {len(told)} probes: {dict(failed)}"])
    shown = Probes(good["n"], good["right"], bad["n"], bad["right"])
    found = shown.discrimination()
    twice = [answer for _, answer in told if "again" in answer]
    flipped = sum(answer["approved"] != answer["again"] for answer in twice)
    return {
        "probing": name,
        "at": iso(now),
        "set": digest,
        "good": good,
        "bad": bad,
        "faults": {kind: rate(was for fault, was in right if fault == kind) for kind in _kinds(told)},
        "discrimination": {
            "index": shown.sensitivity + shown.specificity - 1,
            "low": found.low,
            "high": found.high,
            "bound": LEAST_DISCRIMINATION,
        },
        "discriminates": shown.discriminates(),
        "repeated": len(twice),
        "flipped": flipped,
        "unstable": clopper_pearson(flipped, len(twice)).low > MOST_FLIPPED if twice else False,
        "failed": dict(failed),
        "cost_micros": sum(answer["cost_micros"] for _, answer in told),
    }


def rate(right: Iterable[bool]) -> Rate:
    """How often of all times, with the exact interval."""
    each = list(right)
    found = clopper_pearson(sum(each), len(each)) if each else None
    low, high = found or (0.0, 1.0)
    return {"n": len(each), "right": sum(each), "low": low, "high": high}


def shown_by(probing: Probing) -> Probes:
    """What a probing has shown, as approval is corrected by it."""
    good, bad = probing["good"], probing["bad"]
    return Probes(good["n"], good["right"], bad["n"], bad["right"])


def _kinds(told: Iterable[tuple[str | None, Answer]]) -> list[str]:
    return sorted({fault for fault, _ in told if fault is not None})
