"""The stack on moto, made from the template for each test, and a CRM that may send to it."""

import threading

import pytest
from agent_platform import aws
from agent_platform.ingest.acceptance import Acceptance
from agent_platform.ingest.sources import new_secret
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from tests.integration.crm import Crm
from tests.integration.moto_once import remembering
from tests.integration.stack import REGION, Clients, Stack, forget


@pytest.fixture(scope="session")
def _clients():
    with pytest.MonkeyPatch.context() as monkeypatch:
        remembering(monkeypatch)
        yield Clients()


@pytest.fixture
def stack(_clients, monkeypatch, request):
    """A deployed stack without data, and without any way to a real account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("POWERTOOLS_SERVICE_NAME", raising=False)
    monkeypatch.setattr(aws, "client", _clients)
    monkeypatch.setattr(BotocoreStubber, "process_request", _one_at_a_time(BotocoreStubber.process_request))
    # What a test does in this process begins as in a process of its own.
    forget()
    with mock_aws():
        _clients.forget()
        yield Stack(_clients, seeded="ready" in request.fixturenames)


def _one_at_a_time(answer):
    """Moto copies a table before a transaction and puts the copy back: of two threads' requests one would be lost."""
    lock = threading.RLock()

    def alone(self, request):
        with lock:
            return answer(self, request)

    return alone


# The same for all tests, since what one of them begins with may be a copy of what another sent.
SECRETS = {name: [new_secret()] for name in ("greenedge-crm", "brightnest-crm")}


@pytest.fixture
def crm(stack):
    """GreenEdge's CRM, which may send events."""
    return Crm("greenedge-crm", stack.add_source("greenedge-crm", "greenedge", SECRETS["greenedge-crm"]))


@pytest.fixture
def other_crm(stack):
    """BrightNest's CRM in the same stack."""
    return Crm("brightnest-crm", stack.add_source("brightnest-crm", "brightnest", SECRETS["brightnest-crm"]))


@pytest.fixture
def defective(monkeypatch):
    """An acceptance with a defect, which the event `poison` meets; the defect's own words hold a person's name."""
    accept = Acceptance.accept

    def meet(self, context, source, event_id, text, *, now):
        if event_id == "poison":
            raise KeyError("Maria Oliveira")
        return accept(self, context, source, event_id, text, now=now)

    monkeypatch.setattr(Acceptance, "accept", meet)


@pytest.fixture(scope="module")
def _kept():
    return {}


@pytest.fixture
def done(request, _kept):
    """What each function did, in one walk for all tests of a module, which only read it: the module's `walked`."""
    if not _kept:
        _kept.update(request.getfixturevalue("walked"))
    return _kept
