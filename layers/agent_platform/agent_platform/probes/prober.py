"""Probing a judge's version: its sample is asked in shares, each kept; after the last one the figures are."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from agent_platform.errors import PlatformError, Refused
from agent_platform.probes.answers import Answers
from agent_platform.probes.asking import Answer, Invoke, answer_to, judge_of
from agent_platform.probes.figures import figures
from agent_platform.probes.plans import Estimate, Wanted, at_most, name_of, sizes
from agent_platform.probes.sets import Probe, ProbeSets
from agent_platform.registry.manifests import Manifests
from agent_platform.registry.probings import Probing, Probings
from agent_platform.registry.versions import AgentVersion, Registry

# So many model calls at once, as an evaluation has; and so many probes between two looks at the clock.
_AT_ONCE = 5
_SHARE = 20


class Progress(TypedDict):
    """What a probing takes; and its figures, once nothing is left to ask."""

    estimate: Estimate
    result: Probing | None


@dataclass(frozen=True)
class _Sample:
    """What is asked in a probing, and which of it twice; `digest` names the set that it was drawn of."""

    name: str
    digest: str
    probes: tuple[Probe, ...]
    twice: frozenset[str]


@dataclass(frozen=True)
class Prober:
    """What probing needs to know beyond the input; `in_time` says whether another share may be begun."""

    registry: Registry
    manifests: Manifests
    sets: ProbeSets
    answers: Answers
    probings: Probings
    invoke: Invoke
    in_time: Callable[[], bool]

    def probe(self, wanted: Wanted, *, now: datetime) -> Progress:
        """Ask what is left, or a share of it; Refused if it could cost more than the cap, or isn't a judge's version.

        Whatever was answered stays, also if this ends in an error: who asks again pays only for the rest.
        """
        agent = self.registry.version(wanted.agent_id, wanted.version)
        if agent.config.get("role") != "judge":
            raise Refused([f"version {wanted.version} of {wanted.agent_id} is no judge's: only judges are probed"])
        sample = self._sample(wanted)
        answers = self.answers.of(sample.name)
        left = [probe for probe in sample.probes if probe["id"] not in answers]
        estimate = _estimate(sample, left, agent)
        _hold_the_cap(estimate, wanted.cap_micros)
        if wanted.estimate_only:
            return {"estimate": estimate, "result": None}
        answers |= self._asked(sample, left[: wanted.most], agent)
        estimate["left"] = len(sample.probes) - len(answers)
        if estimate["left"]:
            return {"estimate": estimate, "result": None}
        result = figures(sample.name, sample.digest, sample.probes, answers, now=now)
        self.probings.keep(agent.agent_id, agent.version, wanted.occasion, result)
        return {"estimate": estimate, "result": result}

    def _sample(self, wanted: Wanted) -> _Sample:
        whole = self.sets.of(wanted.agent_id)
        probes = whole.sample(*sizes(wanted, whole.probes), seed=wanted.seed)
        twice = frozenset(probe["id"] for probe in probes[: wanted.repeated])
        return _Sample(name_of(wanted, whole.digest), whole.digest, probes, twice)

    def _asked(self, sample: _Sample, left: Sequence[Probe], agent: AgentVersion) -> dict[str, Answer]:
        function = judge_of(self.manifests.of(agent.config["workflow"]), agent.config)
        version = {"agent_id": agent.agent_id, "version": agent.version}
        told: dict[str, Answer] = {}

        def ask(probe: Probe) -> Answer | PlatformError:
            twice = probe["id"] in sample.twice
            try:
                return answer_to(probe, version, function=function, twice=twice, invoke=self.invoke)
            except PlatformError as error:
                return error

        for start in range(0, len(left), _SHARE):
            if start and not self.in_time():
                break
            told |= self._share(sample.name, left[start : start + _SHARE], ask)
        return told

    def _share(
        self, probing: str, share: Sequence[Probe], ask: Callable[[Probe], Answer | PlatformError]
    ) -> dict[str, Answer]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            came = dict(zip((probe["id"] for probe in share), pool.map(ask, share), strict=True))
        told = {probe: each for probe, each in came.items() if not isinstance(each, PlatformError)}
        self.answers.keep(probing, told)
        for each in came.values():
            if isinstance(each, PlatformError):
                raise each
        return told


def _estimate(sample: _Sample, left: Sequence[Probe], agent: AgentVersion) -> Estimate:
    good = sum(probe["fault"] is None for probe in sample.probes)
    return {
        "probing": sample.name,
        "good": good,
        "bad": len(sample.probes) - good,
        "repeated": len(sample.twice),
        "left": len(left),
        "at_most_micros": at_most(agent, left, twice=sample.twice),
    }


def _hold_the_cap(estimate: Estimate, cap_micros: int) -> None:
    if estimate["at_most_micros"] > cap_micros:
        most, cap = (f"${micros / 1_000_000:.2f}" for micros in (estimate["at_most_micros"], cap_micros))
        raise Refused([f"it could cost {most}, and the cap is {cap}"])
