"""Approval with the judge's error taken out of it: what share of the messages is good, as far as one can tell.

Probes say how a judge errs, and people do who saw approved messages; what either says is shown apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agent_platform.probes.figures import shown_by
from agent_platform.probes.practice import SPEAKS_FOR, JudgeVersion, Practice
from agent_platform.registry.alias import PLATFORM
from agent_platform.registry.probings import Probing, Probings, Rate
from measurement.imperfect_judge import Corrected, Probes, corrected
from measurement.judge_in_use import InUse, Joined, joined
from measurement.proportions import clopper_pearson

from operations.dashboards.spans import Span
from operations.stack import Stack

# Of the kinds of faults, those that are told where one reads; the rest is in the JSON.
_WEAKEST = 3


@dataclass(frozen=True)
class Sources:
    """How the judge errs: by its probes, by fault as well; by people, who saw some of what it approved; by both."""

    probes: Probes
    faults: dict[str, Rate]
    people: InUse
    both: Joined


@dataclass(frozen=True)
class Good:
    """The share of good messages behind a share of approved ones with its 95 % interval, or why nobody can say."""

    judge: str
    corrected: Corrected | None
    why: str
    sources: Sources | None = None
    judged: int = 0

    @property
    def words(self) -> str:
        """It as one reads it."""
        if self.corrected is None:
            return self.why
        return _share(self.corrected.rate, *self.corrected.interval)

    @property
    def grounds(self) -> list[str]:
        """What it rests upon, a sentence each; nothing where nothing is known."""
        if not self.sources:
            return []
        said = list(_grounds(self.judge, self.sources))
        return [self._about, *said] if self.corrected else said

    @property
    def _about(self) -> str:
        messages = "message" if self.judged == 1 else "messages"
        return f"The good share is of {self.judged:,} {messages} judged by {self.judge}, synthetic runs left out"


def good_behind(stack: Stack, workflow: str, judge: str, span: Span, *, now: datetime) -> Good | None:
    """What is known of a span's approvals by the platform's judge of this name; None if it judged nothing.

    The judge is taken to err on messages as on probes: on the draft that was kept, however often it was written.
    """
    agent_id = f"{PLATFORM}#{judge}"
    version = stack.aliases.alias(agent_id).production
    if version is None:
        return Good(judge, None, f"no {judge} is in production")
    practice, named = Practice(stack.client("cloudwatch")), f"{judge}@{version}"
    in_production = JudgeVersion(workflow, agent_id, version)
    used = practice.between(in_production, span.start, span.end, period=span.period)
    if not used.judged:
        return None
    probing = Probings(stack.outputs["AgentRegistry"], stack.dynamodb).of(agent_id, version)
    if probing is None:
        return Good(named, None, f"unknown: scripts/agents probe {named}")
    sources = _sources(probing, practice.lately(in_production, now=now))
    found = corrected(used.approved, used.judged, sources.both.probes)
    why = "" if found else f"unknown: {named} isn't shown to tell good from bad"
    return Good(named, found, why, sources, used.judged)


def _sources(probing: Probing, people: InUse) -> Sources:
    probes = shown_by(probing)
    return Sources(probes, probing["faults"], people, joined(probes, people))


def _grounds(judge: str, known: Sources) -> Iterator[str]:
    probes, people, both = known.probes, known.people, known.both.probes
    yield (f"By {probes.good + probes.bad:.0f} probes {judge} approves {_sensitivity(probes)} of what is good, "
           f"and refuses {_specificity(probes)} of what is bad")  # fmt: skip
    weakest = sorted(known.faults.items(), key=lambda each: (each[1]["right"] / (each[1]["n"] or 1), each[0]))
    yield "It refuses least often: " + ", ".join(_of_kind(*each) for each in weakest[:_WEAKEST])
    lately = f"in the last {SPEAKS_FOR.days} days"
    if not people.seen:
        yield f"By people nothing is known of it: nobody decided on a fair sample {lately} (all or share in the policy)"
        return
    upheld = _share(people.upheld / people.seen, *clopper_pearson(people.upheld, people.seen))
    yield (f"By people it was right about {people.upheld} of {people.seen} approved ones that they saw {lately}: "
           f"{upheld}")  # fmt: skip
    if known.both.at_odds:
        yield ("Probes and people contradict each other, so that only the probes count: their faults aren't those of "
               "the messages, or people go by something else. Next: scripts/review report")  # fmt: skip
        return
    yield f"By both it approves {_sensitivity(both)} of what is good, and refuses {_specificity(both)} of what is bad"


def _sensitivity(of: Probes) -> str:
    return _share(of.sensitivity, *of.sensitivity_interval())


def _specificity(of: Probes) -> str:
    return _share(of.specificity, *of.specificity_interval())


def _of_kind(kind: str, rate: Rate) -> str:
    return f"{kind.replace('_', ' ')} {rate['right']} of {rate['n']} ({rate['low']:.0%} to {rate['high']:.0%})"


def _share(rate: float, low: float, high: float) -> str:
    return f"{rate:.1%} ({low:.1%} to {high:.1%})"
