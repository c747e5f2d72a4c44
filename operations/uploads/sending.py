"""A file on its way into the inbox, by a link that is good for one file of one tenant."""

import re
from pathlib import Path

import requests
from agent_platform.uploads.contracts import Arrived
from agent_platform.uploads.planning import CSV, JSON_LINES

from operations.stack import Stack
from operations.terminal import Problem, err

_NAME = re.compile(r"[\w][\w.-]{0,127}", re.ASCII)
# What one PUT takes.
_MOST_BYTES = 5 * 1024**3
_TIMEOUT = (10, 600)


def key_of(stack: Stack, source: str, name: str) -> str:
    """Where a source's file stands in the inbox, below its tenant; Problem if there can be none of this name."""
    tenants = {each.name: each.tenant for each in stack.sources.all()}
    if source not in tenants:
        raise Problem(f"There is no source {source}. There are: {', '.join(tenants) or 'none'}")
    kinds = CSV | JSON_LINES
    if not _NAME.fullmatch(name) or Path(name).suffix.lower() not in kinds:
        wanted = " or ".join(f"*{kind}" for kind in sorted(kinds))
        raise Problem(f"{name} can't be the file's name: letters, digits, . _ and - only, and {wanted}. Rename it")
    return f"inbox/{tenants[source]}/{source}/{name}"


def link(stack: Stack, key: str, *, seconds: int) -> str:
    """A link to which this one file may be PUT, by whoever has it, with the rights of who made it."""
    where = {"Bucket": stack.outputs["Inbox"], "Key": key}
    made: str = stack.client("s3").generate_presigned_url("put_object", Params=where, ExpiresIn=seconds)
    return made


def send(stack: Stack, path: Path, key: str) -> Arrived:
    """Put a file into the inbox; what its run is known by."""
    size = path.stat().st_size
    if not size:
        raise Problem(f"{path} is empty")
    if size > _MOST_BYTES:
        raise Problem(f"{path} has {size:,} bytes, and an upload at most {_MOST_BYTES:,}. Split it")
    with path.open("rb") as file, err.status(f"uploading {size:,} bytes …"):
        answer = requests.put(link(stack, key, seconds=3600), data=file, timeout=_TIMEOUT)
    if not answer.ok:
        raise Problem(f"S3 said {answer.status_code}: {answer.text[:200]}. Next: aws sts get-caller-identity")
    return {"key": key, "etag": answer.headers["ETag"].strip('"')}
