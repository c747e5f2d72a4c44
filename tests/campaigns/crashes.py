"""Killing a function's process at an AWS call of one's choice: a layer that the test adds through the public API."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from operations.stack import Stack

_SITECUSTOMIZE = Path(__file__).parent / "crash_layer" / "sitecustomize.py"
_LAYER = "crash"


@dataclass(frozen=True)
class Point:
    """Where a function's process is killed: before its nth AWS call is sent or after it was carried out.

    `refused` is no crash: PutEvents answers 200 with an entry that failed, and carries nothing out.
    """

    function: str
    call: int
    operation: str
    effect: str
    times: int = 1

    def __str__(self) -> str:
        often = " twice" if self.times == 2 else ""
        return f"{self.function} {self.effect} call {self.call} ({self.operation}){often}"


class Crashes:
    """The stack's functions with the crash layer on them, and what they are to do next."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self._client, self._folder = stack.client("lambda"), folder
        self.functions = functions_of(stack)
        self._own = {name: self._layers(name) for name in self.functions}

    @contextmanager
    def installed(self) -> Iterator[None]:
        """The layer on every function, until this ends."""
        made = self._client.publish_layer_version(LayerName=_LAYER, Content={"ZipFile": self._zipped()})
        try:
            for name in self.functions:
                self._set_layers(name, [*self._own[name], made["LayerVersionArn"]])
            yield
        finally:
            for name in self.functions:
                self._set_layers(name, self._own[name])
            self._client.delete_layer_version(LayerName=_LAYER, VersionNumber=made["Version"])

    def points(self, function: str) -> list[Point]:
        """Every boundary of a function as its first process reached them, and every way the bus can refuse it."""
        first = self._calls(function)
        numbered = list(enumerate(first, start=1))
        points = [Point(function, call, name, effect) for call, name in numbered for effect in ("before", "after")]
        return points + [Point(function, call, name, "refused") for call, name in numbered if name == "PutEvents"]

    def arm(self, point: Point) -> None:
        """Let it happen at the point, in a process that starts with the next invocation."""
        plan = {"function": self.functions[point.function], "call": point.call, "effect": point.effect}
        for old in [*self._folder.glob("armed-*"), *self._folder.glob("fired-*")]:
            old.unlink()
        (self._folder / "plan.json").write_text(json.dumps(plan))
        self.refresh(point.function)
        for number in range(point.times):
            (self._folder / f"armed-{number}").touch()

    def refresh(self, function: str) -> None:
        """End the function's processes: a process that starts makes every call, and a warm one does not."""
        self._set_layers(function, self._layers(function))
        (self._folder / "calls.jsonl").unlink(missing_ok=True)

    def armed(self) -> bool:
        """Whether something is to happen, or did, since the last `arm`."""
        return (self._folder / "plan.json").exists()

    def fired(self) -> int:
        """How often it happened since the last `arm`."""
        return len(list(self._folder.glob("fired-*")))

    def _calls(self, function: str) -> list[str]:
        lines = (self._folder / "calls.jsonl").read_text().splitlines()
        calls = [call for call in map(json.loads, lines) if call["function"] == self.functions[function]]
        return [call["operation"] for call in calls if call["process"] == calls[0]["process"]]

    def _layers(self, name: str) -> list[str]:
        found = self._client.get_function_configuration(FunctionName=self.functions[name])
        return [layer["Arn"] for layer in found.get("Layers", [])]

    def _set_layers(self, name: str, layers: list[str]) -> None:
        self._client.update_function_configuration(FunctionName=self.functions[name], Layers=layers)

    def _zipped(self) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as layer:
            layer.write(_SITECUSTOMIZE, "python/sitecustomize.py")
            layer.writestr("python/folder.txt", str(self._folder))
        return content.getvalue()


def functions_of(stack: Stack) -> dict[str, str]:
    """The stack's functions by what the template calls them."""
    functions = resources_of(stack, "AWS::Lambda::Function")
    return {logical.removesuffix("Function"): name for logical, name in functions.items()}


def resources_of(stack: Stack, kind: str) -> dict[str, str]:
    """The physical ids of the stack's resources of one type, by what the template calls them."""
    found = stack.client("cloudformation").describe_stack_resources(StackName=stack.profile["stack_name"])
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in found["StackResources"]
        if each["ResourceType"] == kind
    }


def failed_execution(stack: Stack, execution: str) -> dict[str, Any]:
    """The event that EventBridge sends of an execution which ended."""
    described = stack.client("stepfunctions").describe_execution(executionArn=execution)
    names = ("executionArn", "stateMachineArn", "name", "status", "input", "error", "cause")
    return {
        "source": "aws.states",
        "detail-type": "Step Functions Execution Status Change",
        "detail": {name: described.get(name) for name in names},
    }
