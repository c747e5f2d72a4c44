"""operations/message_quantities.json: what one message takes of each service, measured on the way of one event."""

import json
from collections import Counter
from types import SimpleNamespace

import pytest
from agent_platform.items import to_item

from local_aws.bedrock_wire.wire import read_call
from operations import events
from operations.message_cost import QUANTITIES
from tests.integration.capacity import Capacity, item_bytes
from tests.integration.stack import FUNCTIONS, ROOT, TEMPLATE, Clients, of_type

EVERY_FUNCTION = TEMPLATE["Globals"]["Function"]
# Log lines and items hold ids and durations, longer at one time than at another, and units are whole kilobytes.
TOLERANCE = 0.1


@pytest.fixture
def _clients():
    """Clients that no other test uses, for here also the writer's and the judge's answers come from the wire."""
    return Clients()


@pytest.fixture
def capacity(ready):
    """What the functions' DynamoDB is billed for."""
    with Capacity(ready.clients("dynamodb"), of_type("DynamoDB::Table")) as counted:
        yield counted


@pytest.fixture
def taken(ready, capacity, capsys, monkeypatch):
    """What each function takes that is invoked from now on, filled as they are."""
    found, invoke = {}, ready.invoke

    def noted(function, event):
        capsys.readouterr(), capacity.taken()
        answer = invoke(function, event)
        read, written = capacity.taken()
        found[function] = {
            "memory_mb": FUNCTIONS[function].get("MemorySize", EVERY_FUNCTION["MemorySize"]),
            "queued": len(event.get("Records", [])),
            "calls": dict(sorted(Counter(map(str, ready.clients.calls)).items())),
            "read_units": read,
            "write_units": written,
            "embedded_characters": sum(len(call.parameters.get("inputText", "")) for call in ready.clients.calls),
            "log_bytes": len(capsys.readouterr().out.encode()),
        }
        return answer

    monkeypatch.setattr(ready, "invoke", noted)
    return found


@pytest.fixture
def measured(ready, begin, taken, monkeypatch):
    """What the sample of events/outreach takes, from the webhook to the stored message."""
    ready.clients("bedrock-runtime").meta.events.register("before-call.bedrock-runtime.Converse", _from(ready))
    before, entered, step = _stored_bytes(ready), [], ready.step
    monkeypatch.setattr(ready, "step", lambda name, document: (entered.append(name), step(name, document))[1])
    document = ready.run(begin(json.loads(events.sample("good-referral"))))
    assert document["message"]["status"] == "approved"
    # Starting is a transition, as entering each state is.
    return {"functions": taken, "transitions": 1 + len(entered), "stored_bytes": _stored_bytes(ready) - before}


def _from(stack):
    """What the wire answers; before moto is asked, which doesn't know Converse."""

    def answered(params, **_):
        answer = stack.clients.wire.answer(read_call(params["url_path"], params["body"], method="POST"))
        return SimpleNamespace(status_code=answer.status), json.loads(answer.content)

    return answered


def _stored_bytes(stack):
    return sum(item_bytes(to_item(item)) for items in stack.contents().values() for item in items)


def test_what_a_message_takes_is_as_recorded(measured, tmp_path):
    anew = tmp_path / "message_quantities.json"
    anew.write_text(json.dumps(measured, indent=2) + "\n")
    recorded = json.loads(QUANTITIES.read_text())
    again = f"cp {anew} {QUANTITIES.relative_to(ROOT)} && scripts/costs document"

    assert _exact(measured) == _exact(recorded), again
    assert _about(measured) == pytest.approx(_about(recorded), rel=TOLERANCE), again


def _exact(quantities):
    exact = ("memory_mb", "queued", "calls")
    functions = {name: {key: each[key] for key in exact} for name, each in quantities["functions"].items()}
    return quantities["transitions"], functions


def _about(quantities):
    measured = ("read_units", "write_units", "log_bytes", "embedded_characters")
    functions = quantities["functions"].values()
    sums = {name: sum(each[name] for each in functions) for name in measured}
    return {**sums, "stored_bytes": quantities["stored_bytes"]}
