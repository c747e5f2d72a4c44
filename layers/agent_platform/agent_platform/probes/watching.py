"""Every night: a sample of the probes for each judge in production, and what a day's approvals are worth by it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aws_lambda_powertools.metrics import MetricUnit
from measurement.imperfect_judge import corrected
from measurement.judge_in_use import joined

from agent_platform import telemetry
from agent_platform.errors import TransientError
from agent_platform.probes.figures import shown_by
from agent_platform.probes.plans import Wanted
from agent_platform.probes.practice import JudgeVersion, Practice
from agent_platform.probes.prober import Prober
from agent_platform.registry.alias import PLATFORM
from agent_platform.registry.aliases import Aliases
from agent_platform.registry.probings import Probing
from agent_platform.registry.versions import AgentVersion
from agent_platform.sweeps import Swept, sweep

# A usable judge, whose index is about 0.7, is known to ± 0.15 by 43 probes of each label: far above its bound of 0.3.
HALF_WIDTH = 0.15
REPEATED = 20
NIGHTLY_CAP_MICROS = 2_000_000


@dataclass(frozen=True)
class Watch:
    """Who is asked, what a night's probing needs, and what the judges do in use."""

    aliases: Aliases
    prober: Prober
    practice: Practice

    def tell(self, *, now: datetime) -> Swept[str]:
        """Probe and tell of each judge; IncompleteSweepError, at the end, if that failed for any."""
        swept = sweep(
            self._judges(),
            lambda judge: self._told(judge, now),
            may_go_on=self.prober.in_time,
            named=lambda judge: {"agent": judge.agent_id},
            done="judge probed",
        )
        return swept.complete("judges")

    def _judges(self) -> Iterator[AgentVersion]:
        for alias in self.aliases.in_production():
            version = self.prober.registry.version(alias.agent_id, int(alias.production or 0))
            if version.config.get("role") == "judge":
                yield version

    def _told(self, judge: AgentVersion, now: datetime) -> str:
        wanted = Wanted(
            judge.agent_id, judge.version, seed=f"{now:%Y-%m-%d}", half_width=HALF_WIDTH, repeated=REPEATED,
            cap_micros=NIGHTLY_CAP_MICROS, occasion="nightly",
        )  # fmt: skip
        probing = self.prober.probe(wanted, now=now)["result"]
        if probing is None:
            raise TransientError("not every probe was asked in time")
        _tell_of(judge, probing)
        if judge.agent_id.startswith(f"{PLATFORM}#"):
            self._tell_approval(judge, now)
        return "discriminates" if probing["discriminates"] else "slips"

    def _tell_approval(self, judge: AgentVersion, now: datetime) -> None:
        """What share of yesterday's messages is good: by the larger probing, if somebody asked for one, and by people.

        Whether the judge slips is for the probes alone to say: they are the same drafts whatever the day brings.
        """
        workflow = str(judge.config["workflow"])
        version = JudgeVersion(workflow, judge.agent_id, judge.version)
        day, known = self.practice.yesterday(version, now=now), self.prober.probings.of(judge.agent_id, judge.version)
        if not (known and day.judged):
            return
        both = joined(shown_by(known), self.practice.lately(version, now=now))
        if found := corrected(day.approved, day.judged, both.probes):
            low, high = found.interval
            telemetry.emit({
                "CorrectedApproval": (MetricUnit.Percent, 100 * found.rate),
                "CorrectedApprovalLow": (MetricUnit.Percent, 100 * low),
                "CorrectedApprovalHigh": (MetricUnit.Percent, 100 * high),
            }, workflow=workflow)  # fmt: skip


def _tell_of(judge: AgentVersion, probing: Probing) -> None:
    shown = shown_by(probing)
    telemetry.emit(
        {
            "JudgeSlips": (MetricUnit.Count, 0 if probing["discriminates"] else 1),
            "JudgeSensitivity": (MetricUnit.Percent, 100 * shown.sensitivity),
            "JudgeSpecificity": (MetricUnit.Percent, 100 * shown.specificity),
        },
        agent=judge.agent_id,
        version=judge.version,
    )
