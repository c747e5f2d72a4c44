"""P6: how long a run without a rewrite is: its transitions, its history's events, its largest document.

Counted twice: on the run recorded in events/, by the definition of the state machine, and on one that really ran.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from operations.executions import history
from operations.stack import ROOT
from tests.bench.counts import Count
from tests.bench.generate import run_of_the_sample
from tests.bench.warm import seeded_stack

MACHINE, RECORDED = ROOT / "statemachines/outreach.asl.json", ROOT / "events/outreach"
MOST_TRANSITIONS, MOST_EVENTS, MOST_KILOBYTES = 9, 60, 16
# What a state leaves in a history; and a run its start and its end.
_EVENTS = {
    "Task": ("TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded",
             "TaskStateExited"),
    "Choice": ("ChoiceStateEntered", "ChoiceStateExited"),
}  # fmt: skip


@dataclass(frozen=True)
class RunSize:
    """What AWS bills a run by, and what it limits: 25,000 events, 256 KB a document."""

    transitions: int
    events: int
    largest_bytes: int

    def counts(self, of: str) -> Iterator[Count]:
        """Each with its limit."""
        yield Count("transitions of a run", self.transitions, "transitions", MOST_TRANSITIONS, of)
        yield Count("events of its history", self.events, "events", MOST_EVENTS, of)
        yield Count("largest document", self.largest_bytes / 1024, "KB", MOST_KILOBYTES, of)


def figures() -> Iterator[Count]:
    """The recorded run, and a run on a local AWS of its own."""
    yield from recorded().counts("as recorded")
    with seeded_stack() as stack:
        yield from happened(history(stack, run_of_the_sample(stack), with_data=True)).counts("as it ran")


def recorded() -> RunSize:
    """The run of events/outreach; its documents are those that its states were given."""
    states = json.loads(MACHINE.read_text())["States"]
    way = list(_way())
    given = (RECORDED / f"{name.lower()}.json" for name in way if states[name]["Type"] == "Task")
    return RunSize(
        transitions=1 + len(way),
        events=2 + sum(len(_EVENTS[states[name]["Type"]]) for name in way),
        largest_bytes=max(_bytes(json.loads(path.read_text())) for path in given),
    )


def _way() -> Iterator[str]:
    """The states in the order in which the recorded run, whose last document has every decision, entered them."""
    machine, document = json.loads(MACHINE.read_text()), json.loads((RECORDED / "store.json").read_text())
    name = machine["StartAt"]
    while name:
        yield name
        state = machine["States"][name]
        name = _chosen(state, document) if state["Type"] == "Choice" else state.get("Next")


def _chosen(state: Mapping[str, Any], document: Any) -> str:
    for choice in state["Choices"]:
        found = document
        for key in choice["Variable"].removeprefix("$.").split("."):
            found = found[key]
        if found == choice["StringEquals"]:
            return str(choice["Next"])
    return str(state["Default"])


def happened(events: Sequence[Mapping[str, Any]]) -> RunSize:
    """The size of a run by its history, with its data."""
    details = [value for event in events for name, value in event.items() if name.endswith("EventDetails")]
    documents = [each[key] for each in details for key in ("input", "output") if key in each]
    return RunSize(
        # Starting is a transition, as entering each state is.
        transitions=1 + sum(event["type"].endswith("StateEntered") for event in events),
        events=len(events),
        largest_bytes=max(len(document.encode()) for document in documents),
    )


def _bytes(document: Any) -> int:
    return len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
