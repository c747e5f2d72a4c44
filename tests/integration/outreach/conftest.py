"""One event's way through the six states, with a model that answers by a script."""

from dataclasses import asdict, replace

import pytest
from agent_platform.inference import completions
from agent_platform.references import EventReference
from agent_platform.tenants import SYNTHETIC

from tests.builders import service_completed
from tests.fakes import ScriptedConverse
from tests.integration.crm import Crm


@pytest.fixture
def registry(stack):
    """The stack's registry, as scripts/seed has it."""
    return stack.registry()


@pytest.fixture
def ready(stack):
    """A stack as scripts/seed leaves it: the shipped agents in production, the brands in their bucket."""
    stack.seed()
    return stack


@pytest.fixture
def probe(ready):
    """The source that synthetic events come from, with its brand and with the workflow's manifest."""
    ready.add_brand(SYNTHETIC)
    ready.add_manifest()
    return Crm(SYNTHETIC, ready.add_source(SYNTHETIC, SYNTHETIC))


@pytest.fixture
def script(monkeypatch):
    """Say what the models answer, in order; gives the fake that notes the calls."""

    def answers(*planned):
        fake = ScriptedConverse(*planned)
        monkeypatch.setattr(completions, "converse", fake)
        return fake

    return answers


@pytest.fixture
def begin(ready, crm):
    """Send an event through the real webhook and starter; the input of the execution that begins.

    What it says of the customer is materialized before, unless its queue is slower than the run.
    """

    def begin(event=None, *, sender=crm, event_id="msg_1", run=1, materialized=True):
        answer = ready.invoke("ReceiveWebhookFunction", sender.post(event or service_completed(), event_id=event_id))
        assert answer["statusCode"] == 202, answer["body"]
        if materialized:
            ready.invoke("OutreachMaterializeFeaturesFunction", ready.queued("OutreachFeaturesQueue"))
        ready.invoke("OutreachStartExecutionFunction", ready.queued())
        inputs = [each["input"] for each in ready.executions()]
        (found,) = [each for each in inputs if each["event_id"] == event_id and each["source"] == sender.source]
        return asdict(replace(EventReference.of(found), run=run))

    return begin
