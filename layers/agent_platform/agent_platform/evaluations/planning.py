"""Planning an evaluation: versions and requests are looked up, and the price is held against the cap."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from agent_platform.errors import Refused
from agent_platform.evaluations.archive import Archive, requests_of
from agent_platform.evaluations.plans import ARMS, Arm, Plan, Reference, Terms, Wanted, evaluation_id
from agent_platform.evaluations.samples import Estimate, PastRequest, chosen, estimate, items_of
from agent_platform.recordings import Recordings
from agent_platform.registry.alias import PLATFORM
from agent_platform.registry.aliases import Aliases
from agent_platform.registry.manifests import Manifests
from agent_platform.registry.probings import Probings
from agent_platform.registry.versions import AgentVersion, Registry

_ROLES = (*ARMS, "judge")


@dataclass(frozen=True)
class Planner:
    """What planning needs to know beyond the input."""

    registry: Registry
    aliases: Aliases
    recordings: Recordings
    archive: Archive
    manifests: Manifests
    probings: Probings

    def plan(self, wanted: Wanted, *, now: datetime) -> Plan:
        """The plan; what it is made with and on is kept, its items too unless only an estimate is wanted.

        Raises Refused without requests, or if what is left could cost more than the cap, and ConfigurationError for a
        version that isn't there.
        """
        terms = self._kept(wanted) if wanted.evaluation else self._resolved(wanted)
        agents = {role: self.registry.version(**terms["agents"][role]) for role in _ROLES}
        manifest = self.manifests.of(agents["candidate"].config["workflow"])
        requests = self._requests(wanted, manifest, now)
        evaluation = _named(wanted, terms, requests)
        done = self.archive.done(evaluation)
        left = [request for request in requests if request.key not in done]
        price = estimate(left, {arm: agents[arm] for arm in ARMS}, agents["judge"], twice=terms["twice"])
        _hold_the_cap(price, wanted.cap_micros)
        self.archive.put_terms(evaluation, terms, requests=[request.key for request in requests])
        plan: Plan = {
            "evaluation": evaluation,
            "agent_id": wanted.agent_id,
            **terms,
            "functions": dict(manifest["functions"]),
            "bucket": self.archive.bucket,
            "items": "",
            "requests": len(requests),
            "left": len(left),
            "margin": wanted.margin,
            "concurrency": wanted.concurrency,
            "estimate": asdict(price),
        }
        if not wanted.estimate_only:
            plan["items"] = self.archive.put_items(evaluation, items_of(evaluation, left, **terms))
        return plan

    def _kept(self, wanted: Wanted) -> Terms:
        """The terms of an evaluation that was planned before, whatever is in production by now."""
        terms = self.archive.terms(str(wanted.evaluation))
        candidate = terms["agents"]["candidate"]
        if candidate != {"agent_id": wanted.agent_id, "version": wanted.candidate}:
            whose = f"version {candidate['version']} of {candidate['agent_id']}"
            raise Refused([f"evaluation {wanted.evaluation} is of {whose}: go on with that one"])
        # One that was planned when none was judged twice goes on so.
        return {**terms, "twice": terms.get("twice", False)}

    def _resolved(self, wanted: Wanted) -> Terms:
        writers = self._writers(wanted)
        manifest = self.manifests.of(writers["candidate"].config["workflow"])
        judge = self._judge(wanted, manifest["agents"]["judge"])
        agents: dict[str, Reference] = {
            role: {"agent_id": agent.agent_id, "version": agent.version}
            for role, agent in zip(_ROLES, (*(writers[arm] for arm in ARMS), judge), strict=True)
        }
        shown = self.probings.of(judge.agent_id, judge.version)
        return {"agents": agents, "seed": wanted.seed, "twice": bool(shown and shown["unstable"])}

    def _writers(self, wanted: Wanted) -> dict[Arm, AgentVersion]:
        production = self.aliases.alias(wanted.agent_id).production
        baseline = wanted.baseline or production
        if baseline is None:
            raise Refused([f"no version of {wanted.agent_id} is in production: say which one is the baseline"])
        if baseline == wanted.candidate:
            raise Refused([f"version {baseline} is in production itself: say which one is the baseline"])
        numbers = dict(zip(ARMS, (wanted.candidate, baseline), strict=True))
        writers = {arm: self.registry.version(wanted.agent_id, number) for arm, number in numbers.items()}
        if others := [str(each.version) for each in writers.values() if each.config.get("role") != "writer"]:
            raise Refused([f"version {', '.join(others)} is no writer's: only writers are evaluated on history"])
        return writers

    def _judge(self, wanted: Wanted, name: str) -> AgentVersion:
        """The one version that judges both arms: the one in production now, for all tenants alike."""
        found = {self._in_production(name, tenant) for tenant in wanted.tenants}
        if len(found) > 1:
            raise Refused(["the tenants have different judges: evaluate them one at a time"])
        [(agent_id, version)] = found
        return self.registry.version(agent_id, version)

    def _in_production(self, name: str, tenant: str) -> tuple[str, int]:
        for owner in (tenant, PLATFORM):
            if version := self.aliases.alias(f"{owner}#{name}").production:
                return f"{owner}#{name}", version
        raise Refused([f"no judge {name} is in production"])

    def _requests(self, wanted: Wanted, manifest: Mapping[str, Any], now: datetime) -> list[PastRequest]:
        purposes = manifest["purposes"]
        names = requests_of(wanted.evaluation) if wanted.evaluation else wanted.requests
        if wanted.purpose is not None and wanted.purpose not in purposes:
            raise Refused([f"there is no purpose {wanted.purpose}; there are: {', '.join(purposes)}"])
        requests = chosen(
            wanted,
            self.recordings,
            workflow=manifest["workflow"],
            purposes=[wanted.purpose] if wanted.purpose else purposes,
            named=self.archive.named_set(names) if names else None,
            now=now,
        )
        if strangers := {request.tenant for request in requests} - set(wanted.tenants):
            raise Refused([f"the set has requests of {', '.join(sorted(strangers))}, whom this isn't for"])
        if not requests:
            raise Refused(["there are no recorded requests to evaluate on"])
        return requests


def _named(wanted: Wanted, terms: Terms, requests: Sequence[PastRequest]) -> str:
    """The evaluation's name; Refused if another one was meant: its pairs would be paid for again."""
    versions = [(terms["agents"][role]["agent_id"], terms["agents"][role]["version"]) for role in _ROLES]
    evaluation = evaluation_id(versions, [request.key for request in requests], terms["seed"])
    if wanted.evaluation not in {None, evaluation}:
        raise Refused([f"what is kept of evaluation {wanted.evaluation} was changed: begin another one"])
    return evaluation


def _hold_the_cap(price: Estimate, cap_micros: int) -> None:
    if price.at_most_micros > cap_micros:
        most, probably, cap = map(_dollars, (price.at_most_micros, price.expected_micros, cap_micros))
        raise Refused([f"it could cost {most} (probably {probably}), and the cap is {cap}"])


def _dollars(micros: int) -> str:
    return f"${micros / 1_000_000:.2f}"
