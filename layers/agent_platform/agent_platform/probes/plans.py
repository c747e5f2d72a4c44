"""What a probing is asked to do: which judge's version, on how many probes, at what price at most."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypedDict

from measurement.imperfect_judge import probes_needed

from agent_platform.errors import Refused
from agent_platform.inference.prices import cost_micros
from agent_platform.probes.sets import Probe
from agent_platform.registry.probings import Occasion
from agent_platform.registry.versions import AgentVersion

# A judge may be asked once more for an answer in shape.
_CALLS_AT_MOST = 2
# A little more than English has, so that what is said in advance is rather too much.
_CHARACTERS_PER_TOKEN = 3
_REPEATED = 30


@dataclass(frozen=True)
class Wanted:
    """The input of a probing, checked.

    `half_width` is how sure the discrimination is to be known; without it all probes are asked. The same seed draws the
    same sample, and a probing that is asked for again goes on where it ended. `most` bounds one call's share of it.
    """

    agent_id: str
    version: int
    seed: str
    half_width: float | None = None
    repeated: int = _REPEATED
    cap_micros: int = 5_000_000
    most: int | None = None
    estimate_only: bool = False
    occasion: Occasion = "asked"

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """What is asked for; Refused with everything that is wrong with it."""
        known = {name: value for name, value in given.items() if value is not None}
        problems = [f"unknown: {name}" for name in sorted(set(known) - set(cls.__dataclass_fields__))]
        kinds = {"agent_id": str, "version": int, "seed": str}
        problems += [f"{name} must be given as {kind.__name__}" for name, kind in kinds.items()
                     if type(known.get(name)) is not kind]  # fmt: skip
        for name, most in {"repeated": 10_000, "cap_micros": 10**12, "most": 10_000}.items():
            if name in known and not (type(known[name]) is int and 0 <= known[name] <= most):
                problems.append(f"{name} must be a whole number from 0 to {most}")
        if not 0 < known.get("half_width", 0.5) < 1:
            problems.append("half_width must be above 0 and below 1")
        if problems:
            raise Refused(problems)
        return cls(**known)


class Estimate(TypedDict):
    """What a probing comes to: probes of each label, calls, the price at most, and the digits that name it."""

    probing: str
    good: int
    bad: int
    repeated: int
    left: int
    at_most_micros: int


def sizes(wanted: Wanted, probes: Sequence[Probe]) -> tuple[int, int]:
    """How many good and bad probes are asked: all, or as many as the wanted half width takes."""
    if wanted.half_width is None:
        good = sum(probe["fault"] is None for probe in probes)
        return good, len(probes) - good
    needed = probes_needed(wanted.half_width)
    return needed, needed


def name_of(wanted: Wanted, digest: str) -> str:
    """What names a probing: the same version, set, sample and seed are the same one, begun again or not."""
    asked = [wanted.agent_id, wanted.version, digest, wanted.half_width, wanted.repeated, wanted.seed]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:20]


def at_most(agent: AgentVersion, probes: Sequence[Probe], *, twice: Collection[str]) -> int:
    """What these probes may cost, by today's prices."""
    longest = int(agent.config["inference"]["max_tokens"])
    told = len(agent.prompt) + len(json.dumps(agent.config.get("rubric", [])))
    price = 0
    for probe in probes:
        characters = told + len(json.dumps(probe, ensure_ascii=False))
        tokens = characters // _CHARACTERS_PER_TOKEN + longest
        once = _CALLS_AT_MOST * cost_micros(agent.model, input_tokens=tokens, output_tokens=longest)
        price += once * (2 if probe["id"] in twice else 1)
    return price
