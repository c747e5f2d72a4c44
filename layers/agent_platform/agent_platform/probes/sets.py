"""Sets of probes in the bucket of evaluations: one for each judge's name, an agent of a tenant's included."""

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict

from botocore.exceptions import ClientError

from agent_platform import aws, settings
from agent_platform.errors import Refused


class Probe(TypedDict):
    """A draft that is good, or has one known fault; `material` is what its workflow's judge needs to judge it."""

    id: str
    fault: str | None
    draft: dict[str, str]
    material: dict[str, Any]


@dataclass(frozen=True)
class ProbeSet:
    """All probes of a judge, and the digits that name this content."""

    digest: str
    probes: tuple[Probe, ...]

    def sample(self, good: int, bad: int, *, seed: str) -> tuple[Probe, ...]:
        """So many of each, as far as there are, in turn; the bad ones go round their kinds, so each has its share."""
        # A lot that a repeated run draws alike; nothing secret depends on it.
        lot = random.Random(seed)  # noqa: S311
        kinds: dict[str | None, list[Probe]] = {}
        for probe in lot.sample(self.probes, len(self.probes)):
            kinds.setdefault(probe["fault"], []).append(probe)
        right = kinds.pop(None, [])
        return tuple(_in_turn([right[:good], _in_turn(list(kinds.values()))[:bad]]))


def _in_turn(kinds: Sequence[list[Probe]]) -> list[Probe]:
    longest = max(map(len, kinds), default=0)
    return [each[number] for number in range(longest) for each in kinds if number < len(each)]


def stored(probes: Sequence[Probe]) -> bytes:
    """A set as it is kept: a line for each probe."""
    return b"".join(json.dumps(probe, ensure_ascii=False, sort_keys=True).encode() + b"\n" for probe in probes)


def key_of(agent_id: str) -> str:
    """Where the set for an agent is: a tenant's own judge is asked what the platform's of its name is asked."""
    return f"probes/{agent_id.partition('#')[2]}.jsonl"


@dataclass(frozen=True)
class _Settings:
    evaluations_bucket: str


class ProbeSets:
    """The sets in the bucket."""

    def __init__(self, *, bucket: str, s3: Any) -> None:
        self._bucket, self._s3 = bucket, s3

    def of(self, agent_id: str) -> ProbeSet:
        """The set for an agent; Refused if there is none."""
        try:
            body: bytes = self._s3.get_object(Bucket=self._bucket, Key=key_of(agent_id))["Body"].read()
        except ClientError as error:
            if aws.code_of(error) not in {"NoSuchKey", "AccessDenied"}:
                raise
            raise Refused([f"there are no probes for {agent_id}: scripts/agents probe uploads them"]) from None
        return ProbeSet(hashlib.sha256(body).hexdigest()[:12], tuple(map(json.loads, body.splitlines())))


@cache
def probe_sets() -> ProbeSets:
    """The stack's sets, as the function's environment names their bucket."""
    return ProbeSets(bucket=settings.read(_Settings).evaluations_bucket, s3=aws.client("s3"))
