"""What two versions came to on the same requests: one comparison of each figure, the largest losses, one sentence."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

from measurement.paired import Comparison, compare_approvals, compare_slices, compare_values

from agent_platform.errors import Refused
from agent_platform.evaluations.pairs import Pair, Written

ALPHA = 0.05
_MOST_LOSSES = 10
_FEWEST_PAIRS = 2
# A quarter of a point on 1-5, and a tenth of what the baseline takes: what a person would notice of a figure that only
# approval decides about.
_SCORE_MARGIN = 0.25
_RELATIVE_MARGIN = 0.1
_EFFORTS: dict[str, Callable[[Written], float]] = {
    "words": lambda written: written.words,
    "cost_micros": lambda written: written.cost_micros,
    "latency_ms": lambda written: written.latency_ms,
}


def compared(
    pairs: Sequence[Pair], failures: Sequence[Mapping[str, str]], *, requests: int, margin: float
) -> dict[str, Any]:
    """All that is known of the pairs; Refused if there are too few to say anything, with what stopped the others.

    `missing` are requests of which neither a pair nor a failure was kept.
    """
    failed = Counter(failure["error"] for failure in failures)
    missing = requests - len(pairs) - len(failures)
    if len(pairs) < _FEWEST_PAIRS:
        reasons = [f"{name} {count} times" for name, count in failed.most_common()]
        reasons += [f"{missing} of which nothing was kept"] if missing else []
        why = ", ".join(reasons) or "nothing failed"
        raise Refused([f"{len(pairs)} of {requests} pairs were written, too few to compare: {why}"])
    return {
        "pairs": len(pairs),
        "failed": dict(failed.most_common()),
        "missing": missing,
        "approval": asdict(compare_approvals(_approvals(pairs), margin=margin, alpha=ALPHA)),
        "scores": {name: asdict(each) for name, each in _scores(pairs)},
        "efforts": {name: asdict(_effort(pairs, read)) for name, read in _EFFORTS.items()},
        "findings": _findings(pairs),
        "slices": _slices(pairs, margin),
        "losses": [_side_by_side(pair) for pair in _losses(pairs)],
        "spent_micros": sum(arm.cost_micros + arm.judging_micros for pair in pairs for arm in pair.arms.values()),
    }


def sentence(approval: Mapping[str, Any], *, candidate: int, baseline: int) -> str:
    """The verdict as one says it; how sure it is stands in it."""
    low, high = approval["interval"]
    measured = (
        f"{_points(approval['difference'])} points of approval, {100 - 100 * approval['alpha']:g} % interval "
        f"{_points(low)} to {_points(high)}, on {approval['n']} requests"
    )
    margin = f"{100 * approval['margin']:g} points"
    match approval["verdict"]:
        case "better":
            return f"Version {candidate} is better than version {baseline}: {measured}."
        case "not_worse":
            return f"Version {candidate} is not worse than version {baseline} by more than {margin}: {measured}."
        case "worse":
            return f"Version {candidate} is worse than version {baseline}: {measured}."
        case _:
            need = f"about {approval['needed']:,} would show whether it is worse by {margin}"
            return f"Inconclusive between version {candidate} and version {baseline}: {measured}; {need}."


def _approvals(pairs: Iterable[Pair]) -> list[tuple[bool, bool]]:
    return [(pair.arms["baseline"].approved, pair.arms["candidate"].approved) for pair in pairs]


def _values(pairs: Iterable[Pair], read: Callable[[Written], float]) -> list[tuple[float, float]]:
    return [(read(pair.arms["baseline"]), read(pair.arms["candidate"])) for pair in pairs]


def _scores(pairs: Sequence[Pair]) -> Iterable[tuple[str, Comparison]]:
    """The mean score, and each of the rubric's criteria."""
    yield "score", compare_values(_values(pairs, lambda arm: arm.score), margin=_SCORE_MARGIN, alpha=ALPHA)
    for name in pairs[0].arms["baseline"].scores:
        values = _values(pairs, lambda arm, name=name: arm.scores[name])  # type: ignore[misc]
        yield name, compare_values(values, margin=_SCORE_MARGIN, alpha=ALPHA)


def _effort(pairs: Sequence[Pair], read: Callable[[Written], float]) -> Comparison:
    values = _values(pairs, read)
    margin = max(1.0, _RELATIVE_MARGIN * fmean(baseline for baseline, _ in values))
    return compare_values(values, margin=margin, alpha=ALPHA, less_is_better=True)


def _findings(pairs: Sequence[Pair]) -> dict[str, dict[str, int]]:
    """How many drafts of each arm were stopped by a finding of each kind and result."""
    counts: dict[str, Counter[str]] = {}
    for pair in pairs:
        for arm, written in pair.arms.items():
            for kind in {f"{finding['kind']} {finding['result']}" for finding in written.findings}:
                counts.setdefault(kind, Counter())[arm] += 1
    return {kind: {arm: counts[kind][arm] for arm in ("baseline", "candidate")} for kind in sorted(counts)}


def _slices(pairs: Sequence[Pair], margin: float) -> dict[str, dict[str, Any]]:
    """Approval within each group, corrected for the number of all groups of all slices together."""
    groups: dict[str, list[tuple[bool, bool]]] = {}
    for pair in pairs:
        for name, group in pair.slices.items():
            groups.setdefault(f"{name}: {group}", []).extend(_approvals([pair]))
    # The only group of its slice is the whole again.
    telling = {name: each for name, each in groups.items() if len(each) < len(pairs)}
    corrected = compare_slices(compare_approvals, telling, alpha=ALPHA, margin=margin)
    return {name: asdict(each) for name, each in corrected.items()}


def _losses(pairs: Iterable[Pair]) -> list[Pair]:
    """Where the candidate did worse, the worst first: an approval that was lost, then points of score."""

    def gain(pair: Pair) -> tuple[int, float, str]:
        candidate, baseline = pair.arms["candidate"], pair.arms["baseline"]
        return candidate.approved - baseline.approved, candidate.score - baseline.score, pair.recording

    return [pair for pair in sorted(pairs, key=gain) if gain(pair)[:2] < (0, 0)][:_MOST_LOSSES]


def _side_by_side(pair: Pair) -> dict[str, Any]:
    return {
        "tenant": pair.tenant,
        "recording": pair.recording,
        "slices": pair.slices,
        **{arm: _shown(written) for arm, written in pair.arms.items()},
    }


def _shown(written: Written) -> dict[str, Any]:
    """A draft with the reasons for what it came to: what stopped it, and the judge's words on its lowest scores."""
    reasons = [
        f"{finding['kind']} {finding['result']}: {finding['text'] or finding['slot'] or finding['where']}"
        for finding in written.findings
    ]
    lowest, highest = min(written.scores.values()), max(written.scores.values())
    # A good draft's equal scores explain nothing.
    if lowest < highest or not written.approved:
        reasons += [
            f"{name} {score}: {written.reasons[name]}" for name, score in written.scores.items() if score == lowest
        ]
    return {"approved": written.approved, "score": written.score, "texts": written.texts, "reasons": reasons}


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f}"
