"""The layer's botocore: only the services that have clients, whose calls look on the wire as with the whole one."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import botocore
import pytest

LAYER = Path(__file__).parents[3] / "layers/agent_platform"
SCRIPT = LAYER / "prune_botocore.py"
[SERVICES] = [line.split()[2:] for line in (LAYER / "Makefile").read_text().splitlines() if line.startswith("SERVICES")]
# What a client of each service would send, in regions of three partitions, without sending it.
SENT = """
import json, sys, botocore, botocore.session

class Sent(Exception):
    pass

CALLS = {
    "cloudwatch": ("delete_alarms", {"AlarmNames": ["a"]}),
    "dynamodb": ("get_item", {"TableName": "t", "Key": {"id": {"S": "1"}}}),
    "events": ("put_events", {"Entries": [{"Source": "s", "DetailType": "d", "Detail": "{}"}]}),
    "lambda": ("invoke", {"FunctionName": "f", "Payload": b"{}"}),
    "s3": ("get_object", {"Bucket": "b", "Key": "k", "VersionId": "v"}),
    "s3vectors": ("query_vectors", {"indexArn": "i", "topK": 1, "queryVector": {"float32": [1.0]}, "filter": {"a": 1}}),
    "secretsmanager": ("get_secret_value", {"SecretId": "s"}),
    "sqs": ("send_message", {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/q", "MessageBody": "b"}),
    "ssm": ("get_parameter", {"Name": "n"}),
    "stepfunctions": ("start_execution", {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"}),
    "bedrock-agent": ("list_ingestion_jobs", {"knowledgeBaseId": "K" * 10, "dataSourceId": "D" * 10}),
    "bedrock-runtime": ("converse", {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "hi"}]}]}),
    "bedrock-agent-runtime": ("retrieve", {"knowledgeBaseId": "K" * 10, "retrievalQuery": {"text": "q"}}),
}
session = botocore.session.get_session()
session.set_credentials("key", "secret")
sent = []
for region in ("us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1"):
    for service in sys.argv[1:]:
        client = session.create_client(service, region_name=region)
        def keep(request, **_):
            sent.append([service, region, request.method, request.url, repr(request.body)])
            raise Sent
        client.meta.events.register("before-send", keep)
        name, given = CALLS[service]
        try:
            getattr(client, name)(**given)
        except Sent:
            pass
print(botocore.__file__)
print(json.dumps(sent))
"""


@pytest.fixture(scope="module")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("layer")
    shutil.copytree(Path(botocore.__file__).parent, target / "botocore", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-I", SCRIPT, target, *SERVICES], check=True)
    return target


def sent_with(*first: str) -> tuple[str, list[list[str]]]:
    """Where botocore came from, and what it would send."""
    source = f"import sys; sys.path[:] = {[*first, *sys.path]!r}\n{SENT}"
    answer = subprocess.run([sys.executable, "-c", source, *SERVICES], check=True, capture_output=True, text=True)
    used, sent = answer.stdout.splitlines()
    return used, json.loads(sent)


def test_a_pruned_botocore_sends_what_the_whole_one_sends(pruned: Path) -> None:
    used, sent = sent_with(str(pruned))

    assert Path(used).is_relative_to(pruned)
    assert sent == sent_with()[1]
    assert {service for service, *_ in sent} == set(SERVICES)


def test_only_these_services_are_left_and_no_manual(pruned: Path) -> None:
    data = pruned / "botocore/data"

    assert {folder.name for folder in data.iterdir() if folder.is_dir()} == set(SERVICES)
    assert sum(file.stat().st_size for file in data.rglob("*") if file.is_file()) < 700_000


def test_an_unknown_service_is_refused_rather_than_left_out(tmp_path: Path) -> None:
    command = [sys.executable, SCRIPT, tmp_path, "dynamodb"]
    answer = subprocess.run(command, check=False, capture_output=True, text=True)

    assert answer.returncode == 1
    assert "no botocore data of dynamodb" in answer.stderr
