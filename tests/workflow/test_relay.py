"""The relay, as the README runs it and as AWS would: what a CRM says in its own words becomes a message."""

import hashlib
import hmac
import io
import json
import os
import re
import subprocess
import uuid
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.deployed import Deployed

ROOT = Path(__file__).parents[2]
CRM_SECRET = "the CRM's own"
ROLE = "crm-relay"


@pytest.fixture
def sent() -> dict[str, Any]:
    """A well rated job at a customer who was never written to, in the words of some CRM."""
    return {
        "event": "job.completed",
        "delivery_id": f"dlv.{uuid.uuid4().hex}",
        "occurred_at": "2026-10-14T19:05:00Z",
        "client": {
            "id": f"relayed-{uuid.uuid4().hex[:12]}",
            "display_name": "RUIZ, ANA",
            "email": "Ana.Ruiz@Example.com",
            "town": "Fairview",
            "country": "USA",
            "language": "en_US",
            "opted_in": True,
            "opted_in_at": "02/01/2024",
            "past_jobs": [{"number": 69, "title": "weekly mow", "finished_at": "09/16/2026", "total": "$48.00"}],
        },
        "job": {"number": 70, "title": "weekly mow", "finished_at": "10/14/2026", "total": "$48.00", "stars": 5},
    }


def _code() -> bytes:
    """What the README zips: the file, and the one library beside it."""
    spec = find_spec("standardwebhooks")
    assert spec
    assert spec.origin
    library = Path(spec.origin).parent
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(ROOT / "examples/relay.py", "relay.py")
        for module in library.rglob("*.py"):
            archive.write(module, module.relative_to(library.parent))
    return packed.getvalue()


@pytest.fixture
def function(deployed: Deployed) -> Iterator[str]:
    """The relay as a Lambda function that may do nothing on AWS; its name."""
    functions, roles, name = deployed.stack.client("lambda"), deployed.stack.client("iam"), ROLE
    trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = roles.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps({"Statement": [trusted]}))
    settings = {"CRM_SECRET": CRM_SECRET, "SOURCE_SECRET": deployed.secret, "WEBHOOK_URL": deployed.url}
    functions.create_function(
        FunctionName=name, Runtime="python3.13", Handler="relay.lambda_handler", Timeout=30, Role=role["Role"]["Arn"],
        Code={"ZipFile": _code()}, Environment={"Variables": settings},
    )  # fmt: skip
    yield name
    functions.delete_function(FunctionName=name)
    roles.delete_role(RoleName=ROLE)


def _answer(deployed: Deployed, function: str, sent: dict[str, Any], *, secret: str = CRM_SECRET) -> tuple[int, Any]:
    body = json.dumps(sent)
    signature = "sha256=" + hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    request = {"headers": {"x-crm-signature": signature}, "body": body, "isBase64Encoded": False}
    invoked = deployed.stack.client("lambda").invoke(FunctionName=function, Payload=json.dumps(request))
    answer = json.load(invoked["Payload"])
    assert "FunctionError" not in invoked, answer
    return answer["statusCode"], json.loads(answer["body"])


def test_what_a_crm_relays_becomes_one_message(deployed: Deployed, function: str, sent: dict[str, Any]) -> None:
    status, said = _answer(deployed, function, sent)
    assert status == 202

    message = deployed.message(said["receipt"])
    assert (message["status"], message["recipient"]) == ("approved", "Ana.Ruiz@example.com")
    assert "Ana" in message["text"]

    assert _answer(deployed, function, sent) == (202, said)


def test_what_the_crm_did_not_sign_is_not_relayed(deployed: Deployed, function: str, sent: dict[str, Any]) -> None:
    before = len(deployed.items("EventRecords"))
    assert _answer(deployed, function, sent, secret="another")[0] == 401
    assert len(deployed.items("EventRecords")) == before


def test_the_crm_is_told_what_the_contract_lacks(deployed: Deployed, function: str, sent: dict[str, Any]) -> None:
    status, said = _answer(deployed, function, sent | {"occurred_at": "yesterday"})
    assert (status, [error["pointer"] for error in said["errors"]]) == (422, ["/timestamp"])


def test_the_readmes_relay(deployed: Deployed) -> None:
    section = re.search(r"\n## Connect your CRM\n.*?```bash\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert section
    environment = os.environ | {"URL": deployed.stack.api_url, "SECRET": deployed.secret}
    ended = subprocess.run(
        ["bash", "-c", section[1]], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    message = deployed.message(json.loads(ended.stdout)["receipt"])
    assert message["status"] == "approved", message
