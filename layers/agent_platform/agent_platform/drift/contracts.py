"""What travels between the states of the daily comparison, and what is kept of it."""

from typing import Any, Literal, TypedDict

type Verdict = Literal["drifted", "steady", "collecting", "too_few"]
WRITER = "writer"


class Compared(TypedDict):
    """One tenant's workflow with its versions in production, since when all of them are, and as of when it is asked.

    `agent_id` is the writer's: whose drift it is. What a judge makes of drafts is a part of what comes out of them.
    """

    tenant: str
    agent_id: str
    workflow: str
    purposes: list[str]
    agents: dict[str, dict[str, Any]]
    since: str
    as_of: str


class Found(TypedDict):
    """The day's comparisons, and how many they are."""

    count: int
    agents: list[Compared]


class Report(TypedDict):
    """Figures alone, and no run or customer: how every subject moved, those that drifted first.

    `verdict` is `collecting` until there is a baseline, and `too_few` where hardly any run came since. `cause` is where
    the first of what drifted belongs, as one area causes the next.
    """

    tenant: str
    workflow: str
    agents: dict[str, dict[str, Any]]
    as_of: str
    since: str
    verdict: Verdict
    cause: str | None
    baseline: dict[str, Any]
    window: dict[str, Any]
    subjects: list[dict[str, Any]]


class Answer(TypedDict):
    """A report in short, as it travels on."""

    tenant: str
    agent_id: str
    verdict: Verdict
    drifted: int


class Conclusion(TypedDict):
    """How many agents were compared with which verdict, by its word."""

    verdicts: dict[str, int]
