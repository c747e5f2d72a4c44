"""The files of cases in their bucket, as a Knowledge Base reads them: a text and its metadata for each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_platform import aws, settings


@dataclass(frozen=True)
class _Settings:
    cases_bucket: str


class CaseFiles:
    """The bucket of cases, `<tenant>/<case>.md`."""

    def __init__(self, *, bucket: str, s3: Any) -> None:
        self._bucket, self._s3 = bucket, s3

    def put(self, tenant: str, case: str, text: str, metadata: Mapping[str, str]) -> None:
        """Write a case; doing it again writes the same again."""
        described = json.dumps({"metadataAttributes": dict(metadata)}, indent=2, ensure_ascii=False) + "\n"
        text_key, metadata_key = _keys(tenant, case)
        # The metadata first: without a tenant among them, a text belongs to nobody.
        self._s3.put_object(
            Bucket=self._bucket, Key=metadata_key, Body=described.encode(), ContentType="application/json"
        )
        self._s3.put_object(Bucket=self._bucket, Key=text_key, Body=text.encode(), ContentType="text/markdown")

    def delete(self, tenant: str, case: str) -> None:
        """Delete a case, whether or not it is there; the bucket keeps the version before for a day."""
        for key in _keys(tenant, case):
            self._s3.delete_object(Bucket=self._bucket, Key=key)


def _keys(tenant: str, case: str) -> tuple[str, str]:
    return f"{tenant}/{case}.md", f"{tenant}/{case}.md.metadata.json"


@cache
def case_files() -> CaseFiles:
    """The stack's files of cases, as the function's environment names their bucket."""
    return CaseFiles(bucket=settings.read(_Settings).cases_bucket, s3=aws.client("s3"))
