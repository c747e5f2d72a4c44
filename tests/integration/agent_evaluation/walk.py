"""The evaluation's state machine, walked by its own definition against functions on moto."""

import json
from typing import Any

from agent_platform.errors import PlatformError

from tests.integration.stack import ROOT, Stack

MACHINE = json.loads((ROOT / "statemachines/agent_evaluation.asl.json").read_text())["States"]
PAIR = MACHINE["Write pairs"]["ItemProcessor"]


class Evaluation:
    """One execution; `payloads` has what the workflow's functions were asked with."""

    def __init__(self, stack: Stack, wanted: dict[str, Any]) -> None:
        self._stack, self.wanted = stack, wanted
        self.payloads: list[tuple[str, dict[str, Any]]] = []

    def plan(self) -> dict[str, Any]:
        return self._stack.invoke("AgentEvaluationSampleFunction", self.wanted)

    def run(self, *, pairs: int | None = None) -> dict[str, Any]:
        """The whole execution, or one that is cut off after so many pairs."""
        state = self.wanted | {"plan": self.plan()}
        if state["plan"]["left"]:
            for item in self.items(state["plan"])[:pairs]:
                self._child({"pair": item, "functions": state["plan"]["functions"]})
        if pairs is None:
            state["result"] = self._stack.invoke("AgentEvaluationCompareFunction", state)
        return state

    def items(self, plan: dict[str, Any]) -> list[dict[str, Any]]:
        body = self._stack.clients("s3").get_object(Bucket=plan["bucket"], Key=plan["items"])["Body"].read()
        return [json.loads(line) for line in body.splitlines()]

    def write(self, state: dict[str, Any]) -> str:
        """One pair's execution, to its last state's answer."""
        name = PAIR["StartAt"]
        while name != "Write pair":
            state, name = self._step(PAIR["States"][name], state)
        return self._stack.invoke("AgentEvaluationWritePairFunction", state)

    def _child(self, state: dict[str, Any]) -> None:
        try:
            self.write(state)
        except PlatformError:
            if MACHINE["Write pairs"].get("ToleratedFailurePercentage") != 100:
                raise

    def _step(self, task: dict[str, Any], state: dict[str, Any]) -> tuple[dict[str, Any], str]:
        if task["Type"] == "Choice":
            [rule] = task["Choices"]
            assert (rule["Variable"], rule["BooleanEquals"]) == ("$.pair.twice", True)
            return state, rule["Next"] if state["pair"]["twice"] else task["Default"]
        asked = _filled(task["Parameters"], state)
        self.payloads.append((asked["FunctionName"], asked["Payload"]))
        try:
            answer = self._stack.invoke(asked["FunctionName"], asked["Payload"])
        except PlatformError as error:
            [caught] = task["Catch"]
            return state | {"error": {"Error": type(error).__name__, "Cause": str(error)}}, caught["Next"]
        return state | {task["ResultPath"].removeprefix("$."): {"answer": answer}}, task["Next"]


def _filled(template: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    """Parameters with their paths followed, as Step Functions does."""
    filled = {}
    for name, value in template.items():
        if name.endswith(".$"):
            found: Any = state
            for part in value.removeprefix("$.").split("."):
                found = found[part]
            filled[name.removesuffix(".$")] = found
        else:
            filled[name] = _filled(value, state) if isinstance(value, dict) else value
    return filled
