"""Approval with the judge's error taken out of it: what share of the messages is good, as far as probes can tell."""

from dataclasses import dataclass

from agent_platform.probes.figures import shown_by
from agent_platform.registry.alias import PLATFORM
from agent_platform.registry.probings import Probings
from measurement.imperfect_judge import Corrected, corrected

from operations.stack import Stack


@dataclass(frozen=True)
class Good:
    """The share of good messages behind a share of approved ones with its 95 % interval, or why nobody can say."""

    judge: str
    corrected: Corrected | None
    why: str

    @property
    def words(self) -> str:
        """It as one reads it."""
        if self.corrected is None:
            return self.why
        low, high = self.corrected.interval
        return f"{self.corrected.rate:.1%} ({low:.1%} to {high:.1%})"


def good_behind(stack: Stack, judge: str, *, approved: int, messages: int) -> Good | None:
    """What is known of approvals by the platform's judge of this name; None if there were none.

    The judge is taken to err on messages as on probes: on the draft that was kept, however often it was written.
    """
    if not messages:
        return None
    agent_id = f"{PLATFORM}#{judge}"
    version = stack.aliases.alias(agent_id).production
    if version is None:
        return Good(judge, None, f"no {judge} is in production")
    named = f"{judge}@{version}"
    probing = Probings(stack.outputs["AgentRegistry"], stack.dynamodb).of(agent_id, version)
    if probing is None:
        return Good(named, None, f"unknown: scripts/agents probe {named}")
    found = corrected(approved, messages, shown_by(probing))
    return Good(named, found, "" if found else f"unknown: {named} isn't shown to tell good from bad")
