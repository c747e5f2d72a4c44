"""Every night: a sample of the probes for each judge in production, and what a day's approvals are worth by it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from measurement.imperfect_judge import corrected

from agent_platform import telemetry
from agent_platform.errors import TransientError
from agent_platform.probes.figures import shown_by
from agent_platform.probes.plans import Wanted
from agent_platform.probes.prober import Prober
from agent_platform.registry.alias import PLATFORM
from agent_platform.registry.aliases import Aliases
from agent_platform.registry.probings import Probing
from agent_platform.registry.versions import AgentVersion
from agent_platform.sweeps import Swept, sweep

# A usable judge, whose index is about 0.7, is known to ± 0.15 by 43 probes of each label: far above its bound of 0.3.
HALF_WIDTH = 0.15
_REPEATED = 20
_CAP_MICROS = 2_000_000

type Approvals = Callable[[str, datetime], tuple[int, int]]


@dataclass(frozen=True)
class Watch:
    """Who is asked, and what a night's probing needs; `approvals` counts a workflow's of the day before a moment's."""

    aliases: Aliases
    prober: Prober
    approvals: Approvals

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
            judge.agent_id, judge.version, seed=f"{now:%Y-%m-%d}", half_width=HALF_WIDTH, repeated=_REPEATED,
            cap_micros=_CAP_MICROS, occasion="nightly",
        )  # fmt: skip
        probing = self.prober.probe(wanted, now=now)["result"]
        if probing is None:
            raise TransientError("not every probe was asked in time")
        _tell_of(judge, probing)
        if judge.agent_id.startswith(f"{PLATFORM}#"):
            self._tell_approval(judge, now)
        return "discriminates" if probing["discriminates"] else "slips"

    def _tell_approval(self, judge: AgentVersion, now: datetime) -> None:
        """What share of the day's messages is good: by the larger probing that somebody asked for, if there is one."""
        workflow = str(judge.config["workflow"])
        approved, judged = self.approvals(workflow, now)
        known = self.prober.probings.of(judge.agent_id, judge.version)
        found = corrected(approved, judged, shown_by(known)) if known and judged else None
        if found:
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


def approvals_in(cloudwatch: Any) -> Approvals:
    """Count by the metric that every message has: 100 if it was approved, 0 if not."""

    def counted(workflow: str, now: datetime) -> tuple[int, int]:
        asked = [
            {"Id": stat.lower(), "MetricStat": {"Period": 86_400, "Stat": stat, "Metric": {
                "Namespace": telemetry.NAMESPACE, "MetricName": "ApprovalRate",
                "Dimensions": [{"Name": "workflow", "Value": workflow}],
            }}}
            for stat in ("Sum", "SampleCount")
        ]  # fmt: skip
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        answer = cloudwatch.get_metric_data(MetricDataQueries=asked, StartTime=today - timedelta(days=1), EndTime=today)
        found = {each["Id"]: sum(each["Values"]) for each in answer["MetricDataResults"]}
        return round(found.get("sum", 0) / 100), round(found.get("samplecount", 0))

    return counted
