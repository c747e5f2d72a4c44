"""State machine definitions as data."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.infrastructure.template import ROOT, resources

State = dict[str, Any]


@dataclass(frozen=True)
class Processor:
    """A machine inside a Map."""

    name: str
    machine: dict[str, Any]

    def __str__(self) -> str:
        return self.name

    @property
    def states(self) -> dict[str, State]:
        return self.machine["States"]


@dataclass(frozen=True)
class Definition:
    """One file of statemachines/, by its workflow's word."""

    word: str
    path: Path

    def __str__(self) -> str:
        return self.word

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def machine(self) -> dict[str, Any]:
        return json.loads(self.text)

    @property
    def states(self) -> dict[str, State]:
        return self.machine["States"]

    @property
    def tasks(self) -> dict[str, State]:
        """The tasks of the machine and of its Maps."""
        every = [self.states, *(each.states for each in self.maps.values())]
        return {name: state for states in every for name, state in states.items() if state["Type"] == "Task"}

    @property
    def functions(self) -> dict[str, State]:
        """The tasks that are a function of this word; what a Map asks of a workflow is named by its manifest."""
        return {name: task for name, task in self.tasks.items() if task["Resource"].startswith("${")}

    @property
    def maps(self) -> dict[str, "Processor"]:
        """The machines inside this one, by the Map that runs them."""
        return {
            name: Processor(f"{self.word}-{name}", state["ItemProcessor"])
            for name, state in self.states.items() if state["Type"] == "Map"
        }  # fmt: skip

    @property
    def properties(self) -> dict[str, Any]:
        """The resource that deploys it."""
        [resource] = [
            each["Properties"]
            for each in resources("AWS::Serverless::StateMachine").values()
            if ROOT / each["Properties"]["DefinitionUri"] == self.path
        ]
        return resource


def definitions() -> list[Definition]:
    """Every state machine of the project."""
    return [Definition(path.name.partition(".")[0], path) for path in sorted(ROOT.glob("statemachines/*.asl.json"))]


def workflows() -> list[Definition]:
    """Those of a workflow, whose domain is a layer; the other machines are the platform's own."""
    return [each for each in definitions() if (ROOT / "layers" / each.word).is_dir()]


def targets(state: State) -> Iterator[str]:
    """The states that may come next."""
    yield from (state[key] for key in ("Next", "Default") if key in state)
    for rule in (*state.get("Choices", []), *state.get("Catch", [])):
        yield rule["Next"]
