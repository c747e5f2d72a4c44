"""The past requests that an evaluation is made on, in which order each one's arms write, and what that may cost."""

import heapq
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Self

from agent_platform.evaluations.plans import ARMS, Arm, Wanted
from agent_platform.inference.prices import cost_micros
from agent_platform.recordings import Recording, Recordings
from agent_platform.registry.versions import AgentVersion

# Generous on purpose: where nothing was counted, an estimate should rather be too high.
_CHARACTERS_PER_TOKEN = 3
# An answer out of shape is asked for once more, and the second request carries the first answer.
_CALLS_AT_MOST = 2
_READ_AT_ONCE = 8


@dataclass(frozen=True)
class PastRequest:
    """One recorded request, without its material: which it is, its groups, and what its first attempt took."""

    tenant: str
    recording: str
    recorded_at: str
    slices: Mapping[str, str]
    usage: Mapping[str, Any]
    characters: int

    @classmethod
    def of(cls, recording: Recording) -> Self:
        """The request of a recording."""
        material = recording.material
        slices = {"purpose": recording.purpose, **material.get("slices", {})}
        # The first attempt's, because later ones carry feedback, and an evaluation has only first ones.
        [first] = material.get("usage", [])[:1] or [{}]
        characters = len(json.dumps(material, ensure_ascii=False))
        return cls(recording.tenant, recording.message_id, recording.recorded_at, slices, first, characters)

    @property
    def key(self) -> str:
        """What names it among all tenants'."""
        return f"{self.tenant}#{self.recording}"


@dataclass(frozen=True)
class Estimate:
    """What an evaluation will probably cost and what it can cost at most, in millionths of a USD.

    At most: every answer as long as its version allows, asked for twice, and read as long as that by the judge. A call
    that fails after it was paid for, and is made again, isn't foreseen.
    """

    expected_micros: int
    at_most_micros: int
    measured: int


def chosen(
    wanted: Wanted,
    recordings: Recordings,
    *,
    workflow: str,
    purposes: Iterable[str],
    named: Sequence[str] | None,
    now: datetime,
) -> list[PastRequest]:
    """The requests of the named set, or the last ones of all series, newest first."""
    if named is not None:

        def read(key: str) -> PastRequest:
            tenant, _, recording = key.partition("#")
            return PastRequest.of(recordings.read(tenant, recording, now=now))

        with ThreadPoolExecutor(_READ_AT_ONCE) as pool:
            return list(pool.map(read, named))
    until = datetime.fromisoformat(wanted.until)
    series = [
        map(PastRequest.of, recordings.newest(tenant, workflow, purpose, until=until, now=now))
        for tenant in wanted.tenants
        for purpose in purposes
    ]
    newest = heapq.merge(*series, key=lambda request: (request.recorded_at, request.key), reverse=True)
    return list(islice(newest, wanted.last))


def estimate(
    requests: Sequence[PastRequest], writers: Mapping[Arm, AgentVersion], judge: AgentVersion, *, twice: bool = False
) -> Estimate:
    """The cost of both arms and of the judge on these requests, by today's prices and their own past tokens."""
    judgings = [(judge, "judge", 0)] * (2 if twice else 1)
    expected = at_most = 0
    for request in requests:
        for arm in ARMS:
            longer = max(0, len(writers[arm].prompt) - len(writers["baseline"].prompt)) // _CHARACTERS_PER_TOKEN
            for agent, function, more in ((writers[arm], "generate", longer), *judgings):
                draft = _longest(writers[arm]) if function == "judge" else 0
                read, written = _tokens(request, function, agent)
                read, most = read + more, _longest(agent)
                expected += cost_micros(agent.model, input_tokens=read, output_tokens=written)
                at_most += _CALLS_AT_MOST * cost_micros(
                    agent.model, input_tokens=read + draft + most, output_tokens=most
                )
    return Estimate(expected, at_most, sum(1 for request in requests if request.usage))


def items_of(
    evaluation: str,
    requests: Iterable[PastRequest],
    *,
    agents: Mapping[str, Mapping[str, Any]],
    seed: int,
    twice: bool = False,
) -> list[dict[str, Any]]:
    """One item for each pair; who writes and is judged first is decided by the seed and the request alone."""
    return [_item(evaluation, request, agents, seed) | {"twice": twice} for request in requests]


def _item(evaluation: str, request: PastRequest, agents: Mapping[str, Any], seed: int) -> dict[str, Any]:
    order = list(ARMS)
    # A lot that a rerun draws alike; nothing secret depends on it.
    random.Random(f"{seed} {request.key}").shuffle(order)  # noqa: S311
    arms = {place: {"arm": arm, "writer": agents[arm]} for place, arm in zip(("first", "second"), order, strict=True)}
    return {
        "evaluation": evaluation,
        "tenant": request.tenant,
        "recording": request.recording,
        "slices": dict(request.slices),
        "judge": agents["judge"],
        **arms,
    }


def _tokens(request: PastRequest, function: str, agent: AgentVersion) -> tuple[int, int]:
    """Tokens of one call: as they were counted when the request was written for, else from its length."""
    if used := request.usage.get(function):
        return round(used["input_tokens"] / used["calls"]), round(used["output_tokens"] / used["calls"])
    read = (request.characters + len(agent.prompt)) // _CHARACTERS_PER_TOKEN
    return read, _longest(agent)


def _longest(agent: AgentVersion) -> int:
    """How many tokens an answer of this version may have."""
    return int(agent.config["inference"]["max_tokens"])
