"""Give a stack what it needs to write: agents, brands, past cases, a first source. Running it again changes nothing."""

import hashlib
import json
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from agent_platform.registry import PLATFORM
from botocore.exceptions import ClientError

from operations import sources
from operations.stack import ROOT, Stack
from operations.terminal import arguments, err, out, run

FIRST_SOURCE, FIRST_TENANT = "greenedge-crm", "greenedge"
# Locally a Knowledge Base is the wire server's; its ids have ten characters, as on AWS.
LOCAL_KNOWLEDGE_BASE = "LOCALCASES"


def seed(stack: Stack) -> Iterator[str]:
    """Bring a stack's content up to what the repository holds; yields a line for each thing, as it is done."""
    yield from _agents(stack)
    yield from _folder(stack, "brands", stack.outputs["Brands"], "*/brand.json")
    yield from _folder(stack, "cases", stack.outputs["Cases"], "*/*.md*")
    if stack.local:
        yield from _local_knowledge_base(stack)
    if all(source.name != FIRST_SOURCE for source in stack.sources.all()):
        secret = sources.add(stack, FIRST_SOURCE, FIRST_TENANT)
        yield f"source {FIRST_SOURCE} of tenant {FIRST_TENANT}, signing secret (not shown again): {secret}"
    else:
        yield f"source {FIRST_SOURCE}: there already"


def _agents(stack: Stack) -> Iterator[str]:
    allowed = stack.outputs["Models"].split(",")
    for folder in sorted((ROOT / "agents").iterdir()):
        config = json.loads((folder / "config.json").read_text())
        prompt = (folder / "prompt.md").read_text()
        made = stack.registry.register(
            config, prompt, owner=config.get("tenant", PLATFORM), allowed_models=allowed, now=datetime.now(UTC)
        )
        yield f"agent {made.agent_id} version {made.version} in production, {made.model}"


def _folder(stack: Stack, name: str, bucket: str, pattern: str) -> Iterator[str]:
    s3, files = stack.client("s3"), sorted((ROOT / name).glob(pattern))
    sent = sum(_upload(s3, bucket, path, str(path.relative_to(ROOT / name))) for path in files)
    yield f"{name}: {len(files)} files in {bucket}, {sent} of them new or changed"


def _upload(s3: object, bucket: str, path: Path, key: str) -> bool:
    """Upload a file unless the bucket has the same bytes, so that seeding again makes no new brand version."""
    content = path.read_bytes()
    try:
        held = s3.head_object(Bucket=bucket, Key=key)["ETag"].strip('"')  # type: ignore[attr-defined]
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] not in {403, 404}:
            raise
        held = None
    # S3's entity tag of a small object is its MD5; here it compares, and protects nothing.
    if held == hashlib.md5(content, usedforsecurity=False).hexdigest():
        return False
    s3.put_object(Bucket=bucket, Key=key, Body=content)  # type: ignore[attr-defined]
    return True


def _local_knowledge_base(stack: Stack) -> Iterator[str]:
    assert stack.local  # noqa: S101 - the caller asked
    ssm, name = stack.client("ssm"), f"/referral-system/{stack.account}/knowledge-base-id"
    ssm.put_parameter(Name=name, Value=LOCAL_KNOWLEDGE_BASE, Type="String", Overwrite=True)
    told = {
        "id": LOCAL_KNOWLEDGE_BASE,
        "bucket": stack.outputs["Cases"],
        "endpoint": stack.local.endpoint,
        "region": stack.profile["region"],
    }
    request = urllib.request.Request(  # noqa: S310 - our own server on this machine
        f"{stack.local.model_endpoint}/_control/knowledge-base",
        data=json.dumps(told).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        yield f"knowledge base {LOCAL_KNOWLEDGE_BASE}: answered locally from the cases"


def main(argv: Sequence[str]) -> None:
    """scripts/seed."""
    parser = arguments(
        "Register agents/*, upload brands/* and cases/*, and make the first source. Running it again changes nothing."
    )
    given = parser.parse_args(argv)
    for line in seed(Stack(given.account)):
        out.print(f"[green]✓[/] {line}", soft_wrap=True)
    if given.account != "local":
        err.print("Next: scripts/send-event --sample good-referral --account " + given.account)


if __name__ == "__main__":
    run(main)
