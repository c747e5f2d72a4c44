"""What an evaluation is asked to do: which two versions, on which past requests, at what price."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self, TypedDict, get_args

from agent_platform.errors import Refused
from agent_platform.registry.alias import PLATFORM

Arm = Literal["candidate", "baseline"]
ARMS: tuple[Arm, ...] = get_args(Arm)
MOST_REQUESTS = 5_000
# Each pair has one model call under way, so this is the number of calls that the model is asked for at once.
MOST_AT_ONCE = 20
# What decides which evaluation it is, beside the candidate; one that was planned before has all of it.
CHOICES = ("baseline", "purpose", "last", "requests", "seed")
_LIMITS = {
    "candidate": (1, 1_000_000),
    "baseline": (1, 1_000_000),
    "last": (1, MOST_REQUESTS),
    "seed": (0, 2**53),
    "cap_micros": (0, 10**12),
    "concurrency": (1, MOST_AT_ONCE),
}


@dataclass(frozen=True)
class Wanted:
    """The input of an evaluation, checked.

    The requests are those of a named set, `requests`, the key of a JSON list in the evaluations' bucket, or the last so
    many of the tenants' up to a moment. `evaluation` names one that was planned before: its versions, judge, seed and
    requests are taken over. `margin` is the difference in approval that would matter.
    """

    agent_id: str
    candidate: int
    tenants: Sequence[str]
    until: str
    baseline: int | None = None
    purpose: str | None = None
    last: int = 200
    requests: str | None = None
    evaluation: str | None = None
    seed: int = 1
    margin: float = 0.05
    cap_micros: int = 20_000_000
    concurrency: int = 5
    estimate_only: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """What is asked for; Refused with everything that is wrong with it."""
        known = {name: value for name, value in given.items() if value is not None}
        if problems := list(_problems(known, cls.__dataclass_fields__)):
            raise Refused(problems)
        return cls(**known)

    @property
    def owner(self) -> str:
        """Whose agent it is."""
        return self.agent_id.partition("#")[0]


class Reference(TypedDict):
    """One version of an agent, as functions are given it."""

    agent_id: str
    version: int


class Terms(TypedDict):
    """What an evaluation was planned with, beside its requests: candidate, baseline and judge, and the seed.

    With `twice` each draft is judged twice, because the judge was seen to waver.
    """

    agents: dict[str, Reference]
    seed: int
    twice: bool


class Plan(TypedDict):
    """What an evaluation goes by: the versions, the workflow's functions, where its items are, and what is left."""

    evaluation: str
    agent_id: str
    agents: dict[str, Reference]
    functions: dict[str, str]
    bucket: str
    items: str
    requests: int
    left: int
    seed: int
    twice: bool
    margin: float
    concurrency: int
    estimate: dict[str, int]


def evaluation_id(versions: Sequence[tuple[str, int]], requests: Collection[str], seed: int) -> str:
    """What names an evaluation: the same versions, judge, requests and seed are the same one, begun again or not."""
    material = json.dumps([list(versions), sorted(requests), seed])
    return hashlib.sha256(material.encode()).hexdigest()[:20]


def _problems(given: Mapping[str, Any], fields: Collection[str]) -> Any:
    if unknown := sorted(set(given) - set(fields)):
        yield f"unknown: {', '.join(unknown)}"
    if missing := [name for name in ("agent_id", "candidate", "tenants", "until") if name not in given]:
        yield f"missing: {', '.join(missing)}"
        return
    for name, (least, most) in _LIMITS.items():
        if name in given and not (type(given[name]) is int and least <= given[name] <= most):
            yield f"{name} must be a whole number from {least} to {most}"
    if not 0 < given.get("margin", 0.05) < 1:
        yield "margin must be above 0 and below 1"
    if given["candidate"] == given.get("baseline"):
        yield "candidate and baseline are the same version"
    yield from _choice_problems(given)
    yield from _tenant_problems(given)
    try:
        datetime.fromisoformat(given["until"])
    except (TypeError, ValueError):
        yield "until must be a moment in ISO 8601"


def _choice_problems(given: Mapping[str, Any]) -> Any:
    if "evaluation" in given:
        if not re.fullmatch("[0-9a-f]{20}", str(given["evaluation"])):
            yield "evaluation must be the 20 hexadecimal digits that name one"
        if beside := [name for name in CHOICES if name in given]:
            yield f"an evaluation that goes on has its own {', '.join(beside)}: leave that out"
    elif "requests" in given and (beside := [name for name in ("purpose", "last") if name in given]):
        yield f"a named set says which requests are taken: leave out {', '.join(beside)}"


def _tenant_problems(given: Mapping[str, Any]) -> Any:
    owner, tenants = str(given["agent_id"]).partition("#")[0], given["tenants"]
    if not (
        isinstance(tenants, list) and tenants and all(isinstance(each, str) and "#" not in each for each in tenants)
    ):
        yield "tenants must list whose requests are taken"
    elif owner not in {PLATFORM, *tenants} or (owner != PLATFORM and len(tenants) > 1):
        yield f"an agent of {owner} is evaluated on the requests of {owner} alone"
