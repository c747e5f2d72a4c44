"""Where a knowledge base's files are: a bucket on the emulator, or a folder."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

_METADATA = ".metadata.json"


@dataclass(frozen=True)
class Document:
    """One Markdown file with the attributes that its metadata file gives it."""

    uri: str
    text: str
    metadata: dict[str, Any]


class Source(Protocol):
    """Files by name; `uri` is the address of one of them in an answer."""

    def names(self) -> Iterable[str]:
        """The names of all files."""

    def read(self, name: str) -> bytes:
        """A file's content."""

    def uri(self, name: str) -> str:
        """A file's address."""


class FolderSource:
    """The files under a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def names(self) -> list[str]:
        """Every file's path within the folder."""
        return [path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*") if path.is_file()]

    def read(self, name: str) -> bytes:
        """A file's content."""
        return (self._folder / name).read_bytes()

    def uri(self, name: str) -> str:
        """A file's address."""
        return (self._folder / name).as_uri()


class BucketSource:
    """The objects of a bucket, read through an S3 client."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def names(self) -> list[str]:
        """Every object's key."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def read(self, name: str) -> bytes:
        """An object's content."""
        content: bytes = self._s3.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        return content

    def uri(self, name: str) -> str:
        """An object's address."""
        return f"s3://{self._bucket}/{name}"


def s3_client(endpoint: str, region: str, *, key: str) -> Any:
    """A client of the emulator's S3, as the owner of the account whose key it is."""
    # Only here does a stand-in need more than the standard library.
    from botocore.config import Config
    from botocore.session import get_session

    # The emulator knows buckets by path: a bucket's own host name would leave this machine.
    config = Config(s3={"addressing_style": "path"}, connect_timeout=2, read_timeout=5)
    # The emulator's own keys, which it also takes when it enforces IAM; somebody's own is never shown to it.
    keys: dict[str, Any] = {"aws_access_key_id": key, "aws_secret_access_key": key}
    return get_session().create_client("s3", region, endpoint_url=endpoint, config=config, **keys)


@dataclass(frozen=True)
class Reading:
    """What a source held: its documents, how many metadata files, and what is wrong with the files left out."""

    documents: list[Document]
    metadata_files: int
    problems: list[str]


def read_all(source: Source) -> Reading:
    """Every Markdown file of a source, in the order of their names, with its attributes; a broken one is left out."""
    names = set(source.names())
    files = sorted(name for name in names if name.endswith(".md"))
    documents, problems = [], []
    for name in files:
        try:
            documents.append(_document(source, name, names))
        except ValueError as problem:
            problems.append(str(problem))
    return Reading(documents, sum(name + _METADATA in names for name in files), problems)


def _document(source: Source, name: str, names: set[str]) -> Document:
    beside = name + _METADATA
    attributes = _attributes(beside, source.read(beside)) if beside in names else {}
    # The service adds the address to the attributes of every file.
    attributes["x-amz-bedrock-kb-source-uri"] = source.uri(name)
    return Document(source.uri(name), source.read(name).decode("utf-8", errors="replace"), attributes)


def _attributes(name: str, content: bytes) -> dict[str, Any]:
    try:
        written = json.loads(content)["metadataAttributes"]
        return {key: _plain(value) for key, value in written.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(f"{name} is not a metadata file.") from None


def _plain(value: Any) -> Any:
    """An attribute's value: written bare, or with its type as {"value": {"type": "STRING", "stringValue": …}}."""
    if isinstance(value, dict):
        typed = value["value"]
        [plain] = [content for key, content in typed.items() if key != "type"]
        return plain
    return value
