"""Taking everything out: into a folder that only its owner reads, in the form in which DynamoDB exports to S3."""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from operations.recovery.holdings import Holdings
from operations.terminal import Problem, counted

_OWNER_ONLY = 0o700


def export(holdings: Holdings, folder: Path) -> Iterator[str]:
    """Write a stack's tables, buckets, secrets and parameters into a new folder; yields a line for each, as it is done.

    A table is read while it is written to. What holds together is DynamoDB's own export, of a moment in the last 35
    days, whose files have the same form.
    """
    if folder.exists():
        raise Problem(f"{folder} is there already. Name another: an export is written once.")
    folder.mkdir(mode=_OWNER_ONLY, parents=True)
    for table, name in holdings.tables().items():
        yield f"{table}: {counted(_table(holdings.stack.dynamodb, name, folder / 'tables' / table), 'item')}"
    for bucket, name in holdings.buckets().items():
        yield f"{bucket}: {counted(_bucket(holdings.stack.client('s3'), name, folder / 'buckets' / bucket), 'object')}"
    secrets = {name: _secret(holdings, name) for name in holdings.secrets()}
    (folder / "secrets.json").write_text(json.dumps(secrets))
    parameters = {each["Name"]: each["Value"] for each in holdings.parameters()}
    (folder / "parameters.json").write_text(json.dumps(parameters))
    yield f"{counted(len(secrets), 'secret')}, {counted(len(parameters), 'parameter')}"


def _table(dynamodb: Any, name: str, folder: Path) -> int:
    folder.mkdir(parents=True)
    count = 0
    with gzip.open(folder / "items.json.gz", "wt") as lines:
        for page in dynamodb.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
            for item in page["Items"]:
                lines.write(json.dumps({"Item": item}) + "\n")
                count += 1
    return count


def _bucket(s3: Any, name: str, folder: Path) -> int:
    count = 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
        for each in page.get("Contents", []):
            path = (folder / each["Key"]).resolve()
            if not path.is_relative_to(folder.resolve()):
                raise Problem(
                    f"{name} has an object whose key leads out of the folder: {each['Key']!r}. Delete it there."
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                shutil.copyfileobj(s3.get_object(Bucket=name, Key=each["Key"])["Body"], file)
            count += 1
    return count


def _secret(holdings: Holdings, name: str) -> str:
    answer = holdings.stack.client("secretsmanager").get_secret_value(SecretId=name)
    return str(answer["SecretString"])
