"""What is measured of a run, as its workflow recorded it, and what of that is compared.

A recording's material has, under `measured`: `agents`, the versions that it ran with by role ({agent_id, version}), and
by area, `inputs`, `retrieval` and `outputs`, what was measured, by name: a number, a text, yes or no, or None where it
lacks; or numbers by name, each of which is measured by itself where most runs have it. A skip has its reason alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from measurement.drift import Counted, Measured, Run, count

from agent_platform.recordings import SKIPPED, Recording

type Versions = Mapping[str, Mapping[str, Any]]
# Of what has numbers by name: whose are subjects.
type Names = Mapping[str, Sequence[str]]
Area = Literal["inputs", "skips", "retrieval", "outputs"]
# As one causes the next: what moved first explains what moved after it.
AREAS: tuple[Area, ...] = get_args(Area)
SKIP_REASON = "skips.reason"
WRITTEN = "written"
_MOST_NAMES = 8


@dataclass(frozen=True)
class MeasuredRun:
    """One run with all that was measured of it, by `area.name`; a mapping's values are not spread yet."""

    recorded_at: str
    key: str
    values: Mapping[str, Measured | Mapping[str, float]]

    @classmethod
    def of(cls, recording: Recording, versions: Versions) -> Self | None:
        """What a recording says; None of one that is older than measuring.

        What comes out of a run speaks of the versions that it ran with, so a run of others has no outputs here.
        """
        measured = recording.material.get("measured")
        if measured is None:
            return None
        values: dict[str, Any] = {SKIP_REASON: WRITTEN}
        if recording.purpose == SKIPPED:
            values[SKIP_REASON] = measured["reason"]
        else:
            areas = ["inputs", "retrieval", *(["outputs"] if measured["agents"] == versions else [])]
            values |= {f"{area}.{name}": value for area in areas for name, value in measured[area].items()}
        return cls(recording.recorded_at, f"{recording.recorded_at}#{recording.message_id}", values)


def area_of(subject: str) -> Area:
    """Where a subject belongs."""
    return next(area for area in AREAS if subject.startswith(f"{area}."))


def key_of(versions: Versions) -> str:
    """The versions as a part of a key: with another one of them, what was kept of these holds no more."""
    return "#".join(f"{versions[role]['agent_id']}#{versions[role]['version']}" for role in sorted(versions))


def counted(runs: Iterable[MeasuredRun], names: Names) -> Counted:
    """How often each subject had which value, numbers by name each by itself."""
    return count(_flat(run.values, names) for run in runs)


def names_in(baseline: Iterable[MeasuredRun]) -> Names:
    """Of numbers by name, those names that at least half of the baseline's runs have.

    The baseline alone decides, so that a new name in the window is no chance to be counted more than once.
    """
    known: Counter[str] = Counter()
    times: dict[str, Counter[str]] = {}
    for run in baseline:
        for subject, value in run.values.items():
            if isinstance(value, Mapping):
                known[subject] += 1
                times.setdefault(subject, Counter()).update(value.keys())
    return {
        subject: [name for name, number in counter.most_common(_MOST_NAMES) if 2 * number >= known[subject]]
        for subject, counter in times.items()
    }


def _flat(values: Mapping[str, Measured | Mapping[str, float]], names: Names) -> Run:
    flat: dict[str, Measured] = {}
    for subject, value in values.items():
        if subject not in names:
            # What only the window has by name is told as how many names there are.
            flat[subject] = len(value) if isinstance(value, Mapping) else value
        elif value is None or isinstance(value, Mapping):
            flat |= {f"{subject}.{name}": (value or {}).get(name) for name in names[subject]}
    return flat
