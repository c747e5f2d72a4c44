"""The stack's Lambdas that change agents: asked from here as a pipeline may ask them, too."""

import json
from typing import Any

from operations.agents.parsing import called
from operations.stack import Stack
from operations.terminal import Problem

REGISTER, DEPLOY, ROLL_BACK, PROBE = "RegisterAgent", "DeployAgent", "RollBackAgent", "ProbeJudge"


def ask(stack: Stack, function: str, **asked: Any) -> dict[str, Any]:
    """The answer of one of the functions; Problem with every reason if it can't be done."""
    payload = json.dumps({name: value for name, value in asked.items() if value is not None})
    invoked = stack.client("lambda").invoke(FunctionName=stack.outputs[function], Payload=payload.encode())
    answer: dict[str, Any] = json.loads(invoked["Payload"].read())
    if invoked.get("FunctionError"):
        raise Problem(f"{stack.outputs[function]} failed: {answer.get('errorType')}: {answer.get('errorMessage')}")
    if answer["ok"]:
        return answer
    problems = "".join(f"\n  {problem}" for problem in answer["problems"])
    of = asked.get("agent_id")
    raise Problem("Nothing was changed" + (f" of {called(of)}" if of else "") + f":{problems}")
