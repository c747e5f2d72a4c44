"""The bucket of uploads: files as they came, and beside them what became of their lines, which names nobody.

    inbox/<tenant>/<source>/<file>                      who may write there speaks for that tenant
    reports/<tenant>/<source>/<file>/<entity tag>/      ranges.jsonl, left.jsonl, parts/, report.csv, summary.json

The same content under the same name has the same folder: where a run broke off, the next one goes on.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from agent_platform import aws, settings
from agent_platform.errors import Refused
from agent_platform.uploads.contracts import Arrived, Range, Summary, Upload

GONE = "The file is gone, or another was written over it."
_CHUNK = 1024 * 1024
# Every part of a multipart upload but the last one has five MiB or more, and none is empty.
_PART = 8 * 1024 * 1024


@dataclass(frozen=True)
class _Settings:
    inbox_bucket: str


def folder_of(arrived: Arrived) -> str:
    """Where what becomes of a file is kept."""
    return f"reports/{arrived['key'].removeprefix('inbox/')}/{arrived['etag']}"


class Inbox:
    """The bucket of uploads."""

    def __init__(self, *, bucket: str, s3: Any) -> None:
        self.bucket, self._s3 = bucket, s3

    def content(self, arrived: Arrived) -> Iterator[bytes] | None:
        """What the file says; None if it is gone, or another was written over it."""
        return self._matching(arrived["key"], arrived["etag"])

    def files(self, tenant: str) -> Iterator[Arrived]:
        """A tenant's files that are still there."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"inbox/{tenant}/")
        for found in (each for page in pages for each in page.get("Contents", [])):
            yield {"key": found["Key"], "etag": found["ETag"].strip('"')}

    def delete(self, key: str) -> None:
        """Delete a file; the bucket keeps the version before for a day."""
        self._s3.delete_object(Bucket=self.bucket, Key=key)

    def part_of(self, upload: Upload, of: Range) -> Iterator[bytes]:
        """The bytes of a range; Refused if the file is gone, or another was written over it."""
        span = f"bytes={of['offset']}-{of['offset'] + of['length'] - 1}"
        found = self._matching(upload["key"], upload["etag"], Range=span)
        if found is None:
            raise Refused([GONE])
        return found

    def ranges(self, folder: str) -> list[Range] | None:
        """The ranges that an earlier run planned; None if none did."""
        found = self._read(f"{folder}/ranges.jsonl")
        return None if found is None else [json.loads(line) for line in found.splitlines()]

    def keep_ranges(self, folder: str, name: str, ranges: Sequence[Range]) -> str:
        """Keep a list of ranges as JSON Lines; its key."""
        key = f"{folder}/{name}.jsonl"
        self._put(key, b"".join(json.dumps(each).encode() + b"\n" for each in ranges))
        return key

    def done(self, folder: str) -> set[int]:
        """The ranges that were taken in, by where they begin."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{folder}/parts/")
        keys = (found["Key"] for page in pages for found in page.get("Contents", []))
        return {int(key.rpartition("/")[2].removesuffix(".csv")) for key in keys}

    def part(self, folder: str, offset: int) -> bytes | None:
        """The report on a range; None if it wasn't taken in."""
        return self._read(_part_key(folder, offset))

    def keep_part(self, folder: str, offset: int, report: bytes) -> None:
        """Keep the report on a range, which says that it is done."""
        self._put(_part_key(folder, offset), report)

    def keep_report(self, folder: str, pieces: Iterable[bytes]) -> str:
        """Keep the report on all lines, however long, piece by piece; its key."""
        key = f"{folder}/report.csv"
        where = {"Bucket": self.bucket, "Key": key}
        begun = self._s3.create_multipart_upload(**where, ContentType="text/csv; charset=utf-8")["UploadId"]
        parts = []
        for number, body in enumerate(_gathered(pieces), start=1):
            sent = self._s3.upload_part(**where, UploadId=begun, PartNumber=number, Body=body)
            parts.append({"PartNumber": number, "ETag": sent["ETag"]})
        self._s3.complete_multipart_upload(**where, UploadId=begun, MultipartUpload={"Parts": parts})
        return key

    def keep_summary(self, folder: str, summary: Summary) -> None:
        """Keep how many lines came to what."""
        self._put(f"{folder}/summary.json", json.dumps(summary).encode())

    def summary(self, folder: str) -> Summary | None:
        """What became of a file; None as long as it isn't known."""
        found = self._read(f"{folder}/summary.json")
        summary: Summary | None = None if found is None else json.loads(found)
        return summary

    def _matching(self, key: str, etag: str, **part: str) -> Iterator[bytes] | None:
        try:
            found = self._s3.get_object(Bucket=self.bucket, Key=key, IfMatch=f'"{etag}"', **part)
        except ClientError as error:
            if aws.code_of(error) not in {"NoSuchKey", "PreconditionFailed", "412"}:
                raise
            return None
        chunks: Iterator[bytes] = found["Body"].iter_chunks(_CHUNK)
        return chunks

    def _read(self, key: str) -> bytes | None:
        try:
            body: bytes = self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if aws.code_of(error) != "NoSuchKey":
                raise
            return None
        return body

    def _put(self, key: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=body)


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= _PART:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _part_key(folder: str, offset: int) -> str:
    return f"{folder}/parts/{offset:015}.csv"


@cache
def inbox() -> Inbox:
    """The stack's inbox, as the function's environment names it."""
    return Inbox(bucket=settings.read(_Settings).inbox_bucket, s3=aws.client("s3"))
