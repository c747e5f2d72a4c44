"""Give a stack what it needs to write: agents, brands, past cases, a first source. Running it again changes nothing."""

import hashlib
import json
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from agent_platform.errors import ConfigurationError
from agent_platform.registry.contents import problems_of
from agent_platform.tenants import SYNTHETIC, TENANT_NAME
from botocore.exceptions import ClientError
from outreach.brands import parse_brand
from rich.text import Text

from operations import accounts, cases, sources
from operations.agents import probe_files, probing
from operations.agents.folders import AgentFolder, read
from operations.agents.registering import after_registering, register
from operations.agents.releasing import promote
from operations.profiles import make_local_index
from operations.stack import ROOT, Stack
from operations.terminal import Problem, arguments, next_step, out, plain, run

FIRST_SOURCE, FIRST_TENANT = "greenedge-crm", "greenedge"
# Locally a Knowledge Base is the wire server's; its ids have ten characters, as on AWS.
LOCAL_DATA_SOURCE = "LOCALFILES"


def seed(stack: Stack) -> Iterator[str]:
    """Bring a stack's content up to what the repository holds; yields a line for each thing, as it is done.

    Raises Problem that lists everything which is wrong in agents/, brands/ and cases/, before anything is changed.
    """
    agents, manifests = _agents(), _manifests(stack)
    problems = [*_agent_problems(stack, agents, manifests), *_brand_problems(), *cases.problems(ROOT / "cases")]
    if problems:
        raise Problem("Nothing was changed:\n" + "\n".join(f"  {problem}" for problem in problems))
    for folder, agent in agents.items():
        yield _register(stack, agent)
        if (ROOT / "agents" / folder / probe_files.FOLDER).is_dir():
            yield f"{probing.upload(stack, f'{agent.owner}#{folder}')} probes of agent {folder}"
    yield _upload_folder(stack, "brands", stack.outputs["Brands"], "*/brand.json")
    if stack.local:
        # Before the cases, whose upload starts ingestions: what is read as "none" is believed for a minute.
        _make_local_knowledge_base(stack)
        yield make_local_index(stack)
    yield _upload_folder(stack, "cases", stack.outputs["Cases"], "*/*.md*")
    yield cases.ingest(stack)
    known = {source.name for source in stack.sources.all()}
    if SYNTHETIC not in known:
        sources.add(stack, SYNTHETIC, SYNTHETIC)
    yield f"source {SYNTHETIC}, of nobody: scripts/synthetic once"
    if FIRST_SOURCE not in known:
        secret = sources.add(stack, FIRST_SOURCE, FIRST_TENANT)
        yield f"source {FIRST_SOURCE} of tenant {FIRST_TENANT}, signing secret (not shown again): {secret}"
    else:
        yield f"source {FIRST_SOURCE}: there already (for a new secret: scripts/source rotate {FIRST_SOURCE})"


def _agents() -> dict[str, AgentFolder]:
    folders = sorted(path for path in (ROOT / "agents").iterdir() if path.is_dir())
    return {folder.name: read(folder, shown=f"agents/{folder.name}") for folder in folders}


def _manifests(stack: Stack) -> dict[str, Any]:
    path = f"/referral-system/{stack.account}/workflows/"
    found = stack.client("ssm").get_parameters_by_path(Path=path)["Parameters"]
    return {each["Name"].removeprefix(path): json.loads(each["Value"]) for each in found}


def _agent_problems(stack: Stack, agents: dict[str, AgentFolder], manifests: dict[str, Any]) -> Iterator[str]:
    allowed = stack.outputs["Models"].split(",")
    for folder, agent in agents.items():
        manifest = manifests.get(agent.config.get("workflow", ""))
        if manifest is None:
            yield f"agents/{folder}: workflow must be one of {', '.join(manifests)}"
        if not TENANT_NAME.fullmatch(agent.owner):
            yield f"agents/{folder}: {agent.owner!r} is no tenant's name"
        for problem in problems_of(agent.config, agent.prompt, allowed_models=allowed, manifest=manifest):
            yield f"agents/{folder}: {problem}"


def _brand_problems() -> Iterator[str]:
    for folder in sorted(path for path in (ROOT / "brands").iterdir() if path.is_dir()):
        if not TENANT_NAME.fullmatch(folder.name):
            yield f"brands/{folder.name}: a tenant's name has only a-z, 0-9 and -, at most 40"
        try:
            parse_brand((folder / "brand.json").read_bytes())
        except (OSError, ConfigurationError) as error:
            yield f"brands/{folder.name}: {error}"


def _register(stack: Stack, agent: AgentFolder) -> str:
    """Register an agent; only the first version goes into production by itself."""
    made = register(stack, agent)
    agent_id, version, production = made["agent_id"], made["version"], stack.aliases.alias(made["agent_id"]).production
    if production is None or production == version:
        # Also one that is there already: its parameter may have stayed behind.
        promote(stack, agent_id, version, by="scripts/seed", reason="the first version")
        return f"agent {agent_id} version {version} in production, {agent.config['model']}"
    what = f"agent {agent_id} version {version} is {made['status']}, version {production} stays in production"
    return f"{what}. Next: {after_registering(stack, made)}" if made["status"] == "draft" else what


def _upload_folder(stack: Stack, name: str, bucket: str, pattern: str) -> str:
    s3, files = stack.client("s3"), sorted((ROOT / name).glob(pattern))
    sent = sum(_upload(s3, bucket, path, str(path.relative_to(ROOT / name))) for path in files)
    return f"{name}: {len(files)} files in {bucket}, {sent} of them new or changed"


def _upload(s3: Any, bucket: str, path: Path, key: str) -> bool:
    """Upload a file unless the bucket has the same bytes, so that seeding again makes no new brand version."""
    content = path.read_bytes()
    try:
        held = s3.head_object(Bucket=bucket, Key=key)["ETag"].strip('"')
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] not in {403, 404}:
            raise
        held = None
    # S3's entity tag of a small object is its MD5; here it compares, and protects nothing.
    if held == hashlib.md5(content, usedforsecurity=False).hexdigest():
        return False
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    return True


def local_knowledge_base(stack: Stack) -> str:
    """The id of a local stack's Knowledge Base: each account has its own."""
    return f"KB{accounts.named(stack.account).id[-8:]}"


def _make_local_knowledge_base(stack: Stack) -> None:
    """Let the wire server have one over the cases bucket, and the functions know it."""
    assert stack.local  # noqa: S101 - the caller asked
    knowledge_base = local_knowledge_base(stack)
    ids = {"knowledge-base-id": knowledge_base, "cases-data-source-id": LOCAL_DATA_SOURCE}
    for name, value in ids.items():
        parameter = f"/referral-system/{stack.account}/{name}"
        stack.client("ssm").put_parameter(Name=parameter, Value=value, Type="String", Overwrite=True)
    told = {
        "id": knowledge_base,
        "data_source": LOCAL_DATA_SOURCE,
        "bucket": stack.outputs["Cases"],
        "endpoint": stack.local.endpoint,
        "region": stack.profile["region"],
        "account": accounts.named(stack.account).id,
    }
    request = urllib.request.Request(  # noqa: S310 - our own server on this machine
        f"{stack.local.model_endpoint}/_control/knowledge-base",
        data=json.dumps(told).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310


def main(argv: Sequence[str]) -> None:
    """scripts/seed."""
    parser = arguments(
        "seed",
        "Register agents/*, upload brands/* and cases/*, and make the first source. Running it again changes nothing.\n"
        "An agent's first version goes into production; a changed agent becomes a draft.",
    )
    given = parser.parse_args(argv)
    for line in seed(Stack(given.account)):
        out.print(Text("✓ ", style="green") + plain(line), soft_wrap=True)
    next_step("scripts/send-event --sample good-referral", given.account)


if __name__ == "__main__":
    run(main)
