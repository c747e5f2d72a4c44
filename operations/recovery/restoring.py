"""Putting everything back, into a stack that was deployed anew; what was on its way starts again."""

import gzip
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent_platform.ingest.open_events import LISTING
from agent_platform.moments import iso
from botocore.exceptions import ClientError

from operations.recovery.holdings import Holdings
from operations.terminal import Problem, counted

_MOST_AT_ONCE = 25
# What Secrets Manager puts behind a name to make an ARN of it: a hyphen and six characters.
_SUFFIX = 7


def restore(holdings: Holdings, folder: Path) -> Iterator[str]:
    """Write an export over what a stack holds, and let it take up what was open; yields a line for each, as it is done.

    Running it again finishes what broke off. Secrets come first: with another key no customer would be found again.
    """
    if not (folder / "tables").is_dir():
        raise Problem(
            f"{folder} holds no export: there is no folder {folder / 'tables'}. Make one: scripts/recover export"
        )
    arns = {name: _put_secret(holdings, name, text) for name, text in _read(folder / "secrets.json").items()}
    yield counted(len(arns), "secret")
    yield counted(_put_parameters(holdings, _read(folder / "parameters.json")), "parameter")
    s3 = holdings.stack.client("s3")
    for bucket, name in holdings.buckets().items():
        yield f"{bucket}: {counted(_put_objects(s3, name, folder / 'buckets' / bucket), 'object')}"
    now, is_open = datetime.now(UTC), 0
    for table, name in holdings.tables().items():
        items = [_as_of_now(item, arns, now) for item in _items(folder / "tables" / table)]
        is_open += sum(LISTING.shard in item for item in items) if table == "EventRecordsTable" else 0
        _put_items(holdings.stack.dynamodb, name, items)
        yield f"{table}: {counted(len(items), 'item')}"
    yield f"{counted(is_open, 'event')} on the way: {_taken_up(holdings)}"


def _read(path: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text())
    return found


def _put_secret(holdings: Holdings, name: str, text: str) -> str:
    secrets = holdings.stack.client("secretsmanager")
    try:
        return str(secrets.put_secret_value(SecretId=name, SecretString=text)["ARN"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
    tags = [{"Key": key, "Value": value} for key, value in holdings.stack.tags.items()]
    return str(secrets.create_secret(Name=name, SecretString=text, Tags=tags)["ARN"])


def _put_parameters(holdings: Holdings, saved: dict[str, str]) -> int:
    """Put back all but what the template makes, which speaks of the new stack's own resources."""
    made = holdings.template_parameters()
    ours = {name: value for name, value in saved.items() if name not in made}
    for name, value in ours.items():
        holdings.stack.client("ssm").put_parameter(Name=name, Value=value, Type="String", Overwrite=True)
    return len(ours)


def _put_objects(s3: Any, bucket: str, folder: Path) -> int:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in files:
        with path.open("rb") as file:
            s3.put_object(Bucket=bucket, Key=str(path.relative_to(folder)), Body=file)
    return len(files)


def _items(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*.json.gz")):
        with gzip.open(path, "rt") as lines:
            yield from (json.loads(line)["Item"] for line in lines)


def _as_of_now(item: dict[str, Any], arns: dict[str, str], now: datetime) -> dict[str, Any]:
    """An item as the new stack needs it: a source's secret has another ARN, and what is open is due."""
    if "secretArn" in item:
        name = item["secretArn"]["S"].partition(":secret:")[2][:-_SUFFIX]
        return item | {"secretArn": {"S": arns[name]}}
    return item | {LISTING.due: {"S": iso(now)}} if LISTING.shard in item else item


def _put_items(dynamodb: Any, table: str, items: list[dict[str, Any]]) -> None:
    for start in range(0, len(items), _MOST_AT_ONCE):
        left: Iterable[dict[str, Any]] = [
            {"PutRequest": {"Item": item}} for item in items[start : start + _MOST_AT_ONCE]
        ]
        while left:
            left = dynamodb.batch_write_item(RequestItems={table: left})["UnprocessedItems"].get(table, [])


def _taken_up(holdings: Holdings) -> str:
    """What reconcile says, which finds that their executions are no more and starts them again."""
    answer = holdings.stack.client("lambda").invoke(FunctionName=holdings.function("ReconcileFunction"))
    if "FunctionError" in answer:
        raise Problem(f"reconcile failed, and runs again within the hour: {answer['Payload'].read().decode()}")
    return "started again"
