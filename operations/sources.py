"""Who may send events, and how many: add a source, rotate its secret, list them, limit a tenant."""

import argparse
import json
from collections.abc import Sequence

from agent_platform.ingest.sources import Source, new_secret
from agent_platform.registry.alias import PLATFORM
from agent_platform.tenants import SYNTHETIC, TENANT_NAME
from botocore.exceptions import ClientError

from operations import limits, stream
from operations.stack import Stack
from operations.terminal import Problem, arguments, err, out, print_json, run, table, with_account, with_json


def add(stack: Stack, name: str, tenant: str) -> str:
    """Make a source and its first secret, which is returned and never shown again."""
    for what, given in (("source", name), ("tenant", tenant)):
        if not TENANT_NAME.fullmatch(given):
            raise Problem(f"A {what}'s name has only a-z, 0-9 and -, at most 40: not {given!r}")
    if tenant == PLATFORM:
        raise Problem(f"{PLATFORM} is who agents for everyone belong to: no tenant may be called so")
    if SYNTHETIC in {name, tenant} and name != tenant:
        raise Problem(f"{SYNTHETIC} is whose the synthetic runs are: no company and no other source may be called so")
    if any(source.name == name for source in stack.sources.all()):
        raise Problem(f"There is a source {name} already. A new secret for it: scripts/source rotate {name}")
    secret = new_secret()
    stack.sources.add(Source(name, tenant, _keep(stack, name, secret)))
    return secret


def _keep(stack: Stack, name: str, secret: str) -> str:
    """Keep a source's only secret; one that an earlier stack or a crash left behind is written over."""
    secrets, content = stack.client("secretsmanager"), json.dumps({"secrets": [secret]})
    path = f"/referral-system/{stack.account}/sources/{name}"
    tags = [{"Key": key, "Value": value} for key, value in stack.tags.items()]
    try:
        return str(secrets.create_secret(Name=path, SecretString=content, Tags=tags)["ARN"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceExistsException":
            raise
    return str(secrets.put_secret_value(SecretId=path, SecretString=content)["ARN"])


def rotate(stack: Stack, name: str) -> str:
    """Make a new secret beside the newest one, which stays valid until the next rotation; the one before ends."""
    arn = _find(stack, name).secret_arn
    secrets = stack.client("secretsmanager")
    newest = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])["secrets"][0]
    secret = new_secret()
    secrets.put_secret_value(SecretId=arn, SecretString=json.dumps({"secrets": [secret, newest]}))
    return secret


def signing_secret(stack: Stack, name: str) -> str:
    """The newest secret of a source, for those who may read it."""
    arn = _find(stack, name).secret_arn
    text = stack.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    return str(json.loads(text)["secrets"][0])


def _find(stack: Stack, name: str) -> Source:
    for source in stack.sources.all():
        if source.name == name:
            return source
    raise Problem(f"There is no source {name}. Make it: scripts/source add {name} --tenant TENANT")


def _print_limits(stack: Stack, given: argparse.Namespace) -> None:
    """Change a tenant's limit, if so told, and print what holds."""
    changed = given.per_second is not None or given.burst is not None
    if (changed or given.default) and not given.tenant:
        raise Problem("Whose limit? scripts/source limit TENANT --per-second N --burst N")
    if given.default:
        limits.forget(stack, given.tenant)
    elif changed:
        limits.change(stack, given.tenant, per_second=given.per_second, burst=given.burst)
    found = limits.limits(stack)
    rows = [{"tenant": each, **vars(found[each])} for each in found if given.tenant in {None, each}]
    if given.json:
        print_json(rows)
    else:
        table("Limits", ("tenant", "events a second", "at once"), [tuple(map(str, row.values())) for row in rows])


def _print_sources(stack: Stack, given: argparse.Namespace) -> None:
    rows = [vars(source) for source in stack.sources.all()]
    if given.json:
        print_json(rows)
    else:
        table("Sources", ("source", "tenant", "secret"), [tuple(row.values()) for row in rows])


def _parser() -> argparse.ArgumentParser:
    parser = arguments(
        "source",
        "Who may send events to POST /webhook/{source}. A secret is printed once, when it is made.",
        account=False,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    subs = {}
    for command, told in (
        ("add", "make a source and print its secret"),
        ("rotate", "make a new secret; the one before stays valid until the next rotation"),
        ("list", "the sources and whose they are"),
        ("limit", "how many events a tenant may send, and changing it"),
        ("refused", "records of the stream that were refused, and every problem with each"),
    ):
        subs[command] = commands.add_parser(command, help=told, description=told)
        with_account(subs[command])
    for command in ("list", "limit", "refused"):
        with_json(subs[command])
    for command in ("add", "rotate"):
        subs[command].add_argument("name", help="the source's name, as in the URL")
    subs["add"].add_argument("--tenant", required=True, help="the company whose events these are")
    limit = subs["limit"]
    limit.add_argument("tenant", nargs="?", help="the company (default: every one)")
    limit.add_argument("--per-second", type=int, metavar="N", help="as many events a second for as long as it likes")
    limit.add_argument("--burst", type=int, metavar="N", help="as many at once")
    limit.add_argument("--default", action="store_true", help="the stack's own limit again")
    subs["refused"].add_argument("--forget", action="store_true", help="take them off the list, once they are shown")
    return parser


def _print_refused(stack: Stack, given: argparse.Namespace) -> None:
    found = list(stream.refused(stack, forget=given.forget))
    if given.json:
        print_json([vars(each) for each in found])
        return
    rows = [
        (each.arrived_at, f"{each.shard}:{each.first}", "\n".join(
            [each.detail, *(f"{error['pointer']}: {error['expected']}" for error in each.errors)]
        ))
        for each in found
    ]  # fmt: skip
    table("Refused of the stream", ("arrived", "record", "why"), rows)


_READERS = {"list": _print_sources, "limit": _print_limits, "refused": _print_refused}


def main(argv: Sequence[str]) -> None:
    """scripts/source."""
    given = _parser().parse_args(argv)
    stack = Stack(given.account)
    if given.command in _READERS:
        _READERS[given.command](stack, given)
        return
    secret = add(stack, given.name, given.tenant) if given.command == "add" else rotate(stack, given.name)
    err.print(f"Post to {stack.api_url}/webhook/{given.name}, signed with this secret. It is not shown again.")
    out.print(secret, soft_wrap=True)


if __name__ == "__main__":
    run(main)
