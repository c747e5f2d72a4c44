"""State machine definitions as data."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.infrastructure.template import NEUTRAL, ROOT, resources

State = dict[str, Any]
# The rooms of the platform's own machines.
CONTRACTS = {"agent_rollout": "agent_platform.experiments.contracts"}


@dataclass(frozen=True)
class Definition:
    """One file of statemachines/, by its word."""

    word: str
    path: Path

    def __str__(self) -> str:
        return self.word

    @property
    def contracts(self) -> str:
        """The module that says what travels through it: a workflow's own, or its room's in the platform."""
        return CONTRACTS.get(self.word, f"{self.word}.contracts")

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
        return {name: state for name, state in self.states.items() if state["Type"] == "Task"}

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


def workflows() -> set[str]:
    """The words of the workflows; the other machines are the platform's own."""
    return {definition.word for definition in definitions()} - NEUTRAL


def targets(state: State) -> Iterator[str]:
    """The states that may come next."""
    yield from (state[key] for key in ("Next", "Default") if key in state)
    for rule in (*state.get("Choices", []), *state.get("Catch", [])):
        yield rule["Next"]
