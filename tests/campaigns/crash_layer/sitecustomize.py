"""Ends its process at one AWS call that a test chose, as a machine that dies would, or lets the bus refuse an event.

Python imports a module of this name at start-up; a layer's folder stands on the functions' path, and no code of the
product knows of it. The folder named in `folder.txt` holds what is to happen, and every call that was made.
"""

import json
import os
import signal
from itertools import count
from pathlib import Path

import botocore.client

FOLDER = Path(Path(__file__).with_name("folder.txt").read_text())
FUNCTION = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
REFUSED = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}

_call = botocore.client.BaseClient._make_api_call
_calls = count(1)


def _is_due(plan, number):
    """Whether this is the call that was chosen; true as often as the test armed it, in all processes together."""
    if (plan["function"], plan["call"]) != (FUNCTION, number):
        return False
    for armed in FOLDER.glob("armed-*"):
        try:
            armed.rename(armed.with_name(armed.name.replace("armed", "fired")))
        except FileNotFoundError:
            continue
        return True
    return False


def _effect(number):
    try:
        plan = json.loads((FOLDER / "plan.json").read_text())
    except FileNotFoundError:
        return None
    return plan["effect"] if _is_due(plan, number) else None


def _made_with_effect(client, operation, parameters):
    call = {"function": FUNCTION, "process": os.getpid(), "operation": operation}
    with (FOLDER / "calls.jsonl").open("a") as calls:
        calls.write(json.dumps(call) + "\n")
    effect = _effect(next(_calls))
    if effect == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    if effect == "refused":
        return REFUSED
    answer = _call(client, operation, parameters)
    if effect == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return answer


botocore.client.BaseClient._make_api_call = _made_with_effect
