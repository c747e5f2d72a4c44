"""What an evaluation and a probing ask Generate and Judge with, beside the runs of events."""

from typing import Any, NotRequired, TypedDict

from outreach.contracts import AgentReference, Draft, Features, Passages, Request


class ReplayAgents(TypedDict):
    """Who writes or who judges in an evaluation."""

    writer: NotRequired[AgentReference]
    judge: NotRequired[AgentReference]


class Replayed(TypedDict):
    """What an evaluation asks Generate and Judge with: a recorded run, and the versions that are to work on it.

    The judge is given no writer, so that its answer can't depend on which one wrote.
    """

    tenant: str
    recording: str
    agents: ReplayAgents
    draft: NotRequired[Draft]


class ProbeMaterial(TypedDict):
    """What the judge has before it in a probe: what a run would have, and the brand file itself."""

    request: Request
    features: Features
    passages: Passages
    comment: str | None
    brand: dict[str, Any]


class DraftText(TypedDict):
    """What a draft says."""

    subject: str
    body: str
    call_to_action: str


class Probed(TypedDict):
    """What Judge is asked with by a probing: a draft whose truth is known elsewhere, and the version that judges it."""

    tenant: str
    probe: str
    material: ProbeMaterial
    agents: ReplayAgents
    text: DraftText
