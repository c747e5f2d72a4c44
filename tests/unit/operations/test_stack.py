"""A stack's clients: which of the local AWS's servers each of them reaches."""

from types import SimpleNamespace

import pytest

from operations import access
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
    monkeypatch.setattr(access, "running", lambda _: running)

    assert Stack("local").client(service).meta.endpoint_url == address


@pytest.fixture
def stack(monkeypatch):
    """A stack of which CloudFormation tells, and the secret behind its references."""
    described = {"Outputs": [{"OutputKey": "Sources", "OutputValue": "the-table"}],
                 "Parameters": [{"ParameterKey": "RetentionDays", "ParameterValue": "365"}]}  # fmt: skip
    resources = {"ReferenceKey": {"PhysicalResourceId": "the-secret"}}
    clients = {
        "cloudformation": SimpleNamespace(
            describe_stacks=lambda **_: {"Stacks": [described]},
            describe_stack_resource=lambda **asked: {"StackResourceDetail": resources[asked["LogicalResourceId"]]},
        ),
        "secretsmanager": SimpleNamespace(get_secret_value=lambda **asked: {"SecretString": f"of {asked['SecretId']}"}),
    }
    monkeypatch.setattr(Stack, "client", lambda self, name: clients[name])
    return Stack("local")


def test_a_stack_tells_what_it_was_deployed_with_and_what_it_gives(stack):
    assert stack.outputs == {"Sources": "the-table"}
    assert stack.parameters == {"RetentionDays": "365"}


def test_the_key_behind_references_is_the_stack_s_own_secret(stack):
    assert stack.reference_key == b"of the-secret"
