"""A stack's clients: which of the local AWS's servers each of them reaches."""

from types import SimpleNamespace

import pytest

from operations.stack import Stack


@pytest.mark.parametrize(
    ("service", "address"),
    [
        ("s3", "http://emulator"),
        ("bedrock-runtime", "http://wire"),
        ("bedrock-agent", "http://wire"),
        ("bedrock-agent-runtime", "http://wire"),
        ("s3vectors", "http://wire"),
    ],
)
def test_a_client_of_the_local_stack_reaches_the_server_that_answers_for_its_service(service, address, monkeypatch):
    running = SimpleNamespace(endpoint="http://emulator", model_endpoint="http://wire", region="us-local-1")
    monkeypatch.setattr(Stack, "local", running)

    assert Stack("local").client(service).meta.endpoint_url == address
