import json

import pytest
from botocore.exceptions import ClientError

from local_aws.bedrock_wire.faults import read_faults
from local_aws.bedrock_wire.offline import Offline
from local_aws.bedrock_wire.real_bedrock import RealBedrock, connection
from local_aws.bedrock_wire.wire import Call, WireError
from tests.integration.bedrock_wire.requests_to_model import asked, only_block

OWN = {
    "BEDROCK_AWS_ACCESS_KEY_ID": "OWNKEY",
    "BEDROCK_AWS_SECRET_ACCESS_KEY": "own-secret",
    "BEDROCK_AWS_SESSION_TOKEN": "own-token",
    "BEDROCK_REGION": "eu-west-1",
}


@pytest.fixture
def real(serve, monkeypatch):
    """A second wire server in place of the real service, which keeps what it was sent."""
    server = serve(Offline())
    server.seen = []
    handler = server.RequestHandlerClass

    class Listening(handler):
        def _answer(self):
            self.server.seen.append((self.path, dict(self.headers)))
            return super()._answer()

    server.RequestHandlerClass = Listening
    # The emulator's dummies, as they stand in this server's environment.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "dummy")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "dummy")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    return server


@pytest.fixture
def passing_on(serve, real):
    return serve(RealBedrock(connection(OWN | {"BEDROCK_ENDPOINT_URL": real.url})))


def test_a_conversation_is_passed_on_signed_with_credentials_of_its_own(real, passing_on, client):
    answer = client(passing_on).converse(**asked())
    assert only_block(answer)["toolUse"]["name"] == "write_email"
    [(path, headers)] = real.seen
    assert path == "/model/us.amazon.nova-lite-v1%3A0/converse"
    assert "Credential=OWNKEY/" in headers["Authorization"]
    assert "/eu-west-1/bedrock/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "own-token"


def test_embeddings_and_retrieve_are_passed_on_too(real, passing_on, client, tmp_path):
    (tmp_path / "a.md").write_text("a dog")
    real.service.knowledge_bases.set({"id": "REALBASE01", "folder": str(tmp_path)})
    real.service.knowledge_bases.ingest("REALBASE01")
    body = json.dumps({"inputText": "x", "dimensions": 256})
    answer = client(passing_on).invoke_model(modelId="amazon.titan-embed-text-v2:0", body=body)
    assert len(json.loads(answer["body"].read())["embedding"]) == 256
    agent = client(passing_on, "bedrock-agent-runtime")
    found = agent.retrieve(knowledgeBaseId="REALBASE01", retrievalQuery={"text": "dog"})
    assert found["retrievalResults"][0]["content"]["text"] == "a dog"


def test_a_local_knowledge_base_is_answered_here(real, passing_on, client, tmp_path):
    (tmp_path / "a.md").write_text("a local case")
    passing_on.service.knowledge_bases.set({"id": "LOCALCASES", "folder": str(tmp_path)})
    passing_on.service.knowledge_bases.ingest("LOCALCASES")
    agent = client(passing_on, "bedrock-agent-runtime")
    found = agent.retrieve(knowledgeBaseId="LOCALCASES", retrievalQuery={"text": "case"})
    assert found["retrievalResults"][0]["content"]["text"] == "a local case"
    assert real.seen == []


@pytest.mark.parametrize(
    ("kind", "code"), [("throttle", "ThrottlingException"), ("access_denied", "AccessDeniedException")]
)
def test_errors_are_passed_back_as_they_are(real, passing_on, client, eventually, kind, code):
    real.service.faults.add(read_faults([{"kind": kind, "text": f"the real service's words about {kind}"}]))
    with pytest.raises(ClientError) as failure:
        client(passing_on).converse(**asked())
    assert failure.value.response["Error"] == {"Code": code, "Message": f"the real service's words about {kind}"}
    eventually(lambda: passing_on.service.calls.report()["counts"]["outcome"] == {code: 1})


def test_a_service_that_does_not_answer_is_an_error_with_a_name(real, client, serve):
    real.service.faults.add(read_faults([{"kind": "stall", "seconds": 2, "times": 1}]))
    model = RealBedrock(connection(OWN | {"BEDROCK_ENDPOINT_URL": real.url}), timeout=0.1)
    with pytest.raises(ClientError) as failure:
        client(serve(model)).converse(**asked())
    assert failure.value.response["Error"]["Code"] == "ModelTimeoutException"
    gone = RealBedrock(connection(OWN | {"BEDROCK_ENDPOINT_URL": "http://127.0.0.1:1"}))
    with pytest.raises(WireError) as unreachable:
        gone.converse(Call("Converse", ("m",), "/model/m/converse", b"{}", {}))
    assert unreachable.value.code == "ServiceUnavailableException"


def test_the_regions_own_address_is_used_whatever_the_emulators_variables_say(real):
    found = connection(OWN)
    assert found.runtime == "https://bedrock-runtime.eu-west-1.amazonaws.com"
    assert found.agent_runtime == "https://bedrock-agent-runtime.eu-west-1.amazonaws.com"


def test_a_profile_gives_credentials_and_region(tmp_path, monkeypatch):
    (tmp_path / "config").write_text("[profile real]\nregion = eu-north-1\n")
    (tmp_path / "credentials").write_text("[real]\naws_access_key_id = PROFILEKEY\naws_secret_access_key = s\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "dummy")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "dummy")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-local-1")
    found = connection({"BEDROCK_PROFILE": "real"})
    assert (found.credentials.access_key, found.region) == ("PROFILEKEY", "eu-north-1")
    with pytest.raises(WireError, match="absent"):
        connection({"BEDROCK_PROFILE": "absent"})


def test_what_is_missing_is_named():
    with pytest.raises(WireError) as failure:
        connection({"BEDROCK_AWS_ACCESS_KEY_ID": "OWNKEY"})
    assert "BEDROCK_AWS_SECRET_ACCESS_KEY, BEDROCK_REGION" in failure.value.message
    assert "OWNKEY" not in failure.value.message
