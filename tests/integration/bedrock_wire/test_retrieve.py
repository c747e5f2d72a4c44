import json
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pytest
from botocore.exceptions import ClientError

OBJECTS = {
    "cases/greenedge/dog.md": "The customer's dog likes the tidy lawn.",
    "cases/greenedge/dog.md.metadata.json": '{"metadataAttributes": {"tenant": "greenedge", "purpose": "referral"}}',
    "cases/brightnest/oven.md": "An oven, and a dog on the lawn.",
    "cases/brightnest/oven.md.metadata.json": '{"metadataAttributes": {"tenant": "brightnest", "purpose": "upsell"}}',
}


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as reading takes, by path, with a page for each object."""

    def do_GET(self):
        address = urlsplit(self.path)
        name, _, key = unquote(address.path).lstrip("/").partition("/")
        if name != "the-cases":
            return self.answer(404, "<Error><Code>NoSuchBucket</Code></Error>")
        if key:
            return self.answer(200, OBJECTS[key])
        keys = sorted(OBJECTS)
        at = int(address.query.partition("continuation-token=")[2].partition("&")[0] or 0)
        rest = f"<NextContinuationToken>{at + 1}</NextContinuationToken>" if at + 1 < len(keys) else ""
        more = "true" if rest else "false"
        listed = f"<Contents><Key>{keys[at]}</Key></Contents><IsTruncated>{more}</IsTruncated>{rest}"
        return self.answer(200, f"<ListBucketResult>{listed}</ListBucketResult>")

    def answer(self, status, text):
        self.server.keys_seen.add(self.headers["authorization"].partition("Credential=")[2].partition("/")[0])
        content = text.encode()
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def emulator(serve):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    server.keys_seen = set()
    return serve(server)


def set_knowledge_base(wire, **described):
    body = json.dumps({"id": "LOCALCASES", "region": "us-east-1"} | described).encode()
    request = urllib.request.Request(f"{wire.url}/_control/knowledge-base", data=body, method="POST")
    urllib.request.urlopen(request, timeout=5).close()
    wire.service.knowledge_bases.ingest("LOCALCASES")


@pytest.fixture
def retrieve(wire, client):
    agent = client(wire, "bedrock-agent-runtime")

    def ask(text, knowledge_base="LOCALCASES", **search):
        return agent.retrieve(
            knowledgeBaseId=knowledge_base,
            retrievalQuery={"text": text},
            retrievalConfiguration={"vectorSearchConfiguration": search},
        )["retrievalResults"]

    return ask


def test_cases_are_read_from_a_bucket_at_the_emulator_with_no_real_key(wire, emulator, retrieve, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "SOMEBODYSOWNKEY")
    port = emulator.server_address[1]
    set_knowledge_base(wire, bucket="the-cases", endpoint=f"http://127.0.0.1:{port}")
    first, second = retrieve("tidy lawn, dog")
    assert first["content"]["text"] == OBJECTS["cases/greenedge/dog.md"]
    assert first["location"] == {"type": "S3", "s3Location": {"uri": "s3://the-cases/cases/greenedge/dog.md"}}
    assert first["metadata"]["tenant"] == "greenedge"
    assert 1 >= first["score"] > second["score"] >= 0
    assert emulator.keys_seen == {"test"}


def test_the_cases_of_another_account_are_read_with_its_own_key(wire, emulator, retrieve):
    port = emulator.server_address[1]
    set_knowledge_base(wire, bucket="the-cases", endpoint=f"http://127.0.0.1:{port}", account="111111111111")

    assert retrieve("tidy lawn, dog")
    assert emulator.keys_seen == {"111111111111"}


def test_a_filter_and_a_number_of_results(wire, emulator, retrieve):
    set_knowledge_base(wire, bucket="the-cases", endpoint=f"http://127.0.0.1:{emulator.server_address[1]}")
    tenant = {"equals": {"key": "tenant", "value": "brightnest"}}
    [only] = retrieve("dog", filter={"andAll": [tenant, {"equals": {"key": "purpose", "value": "upsell"}}]})
    assert only["metadata"]["tenant"] == "brightnest"
    assert len(retrieve("dog", numberOfResults=1)) == 1


def test_an_unknown_knowledge_base_is_not_found(retrieve):
    with pytest.raises(ClientError) as failure:
        retrieve("dog", knowledge_base="ABCDEFGHIJ")
    assert failure.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_folder_serves_as_well(wire, retrieve, tmp_path):
    (tmp_path / "a.md").write_text("a dog")
    wire.service.knowledge_bases.set({"id": "LOCALCASES", "folder": str(tmp_path)})
    wire.service.knowledge_bases.ingest("LOCALCASES")
    [only] = retrieve("dog")
    assert only["content"]["text"] == "a dog"
