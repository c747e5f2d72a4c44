"""What travels through agent_rollout: which rollout it is, the last look at it, and the last shift."""

from typing import Literal, NotRequired, TypedDict

from agent_platform.registry.open_rollouts import Outcome


class Look(TypedDict):
    """Look's key: what was decided and why. `closed` says that somebody else has ended the rollout."""

    number: int
    decision: Literal["hold", "advance", "end", "closed"]
    reason: str
    share: int | None
    outcome: Outcome | None


class Shift(TypedDict):
    """Shift's key: the share (of 10,000) that is in force now and since when; with `over` the rollout has ended."""

    share: int
    since: str
    over: bool


class Started(TypedDict):
    """The input of an execution; `look_every` is in seconds."""

    agent_id: str
    rollout: int
    look_every: int


class Watched(Started):
    """What Look reads: nothing more at the first look."""

    look: NotRequired[Look]
    shift: NotRequired[Shift]


class Looked(Started):
    """What Shift reads."""

    look: Look
    shift: NotRequired[Shift]
