"""Prompts that don't fit an item: in a bucket, under the hash of the version that they belong to."""

from collections.abc import Callable, Mapping
from typing import Any

# An item ends at 400 KB, and holds the rest of the version too.
MOST_INLINE_BYTES = 300_000


class Prompts:
    """The bucket of long prompts; its client is made when the first long prompt comes."""

    def __init__(self, bucket: str, s3: Callable[[], Any]) -> None:
        self._bucket, self._s3 = bucket, s3

    def stored(self, prompt: str, row: Mapping[str, Any]) -> dict[str, str]:
        """The attribute under which a version has its prompt: the text itself, or the key of the object it became."""
        content = prompt.encode()
        if len(content) <= MOST_INLINE_BYTES:
            return {"promptTemplate": prompt}
        key = f"{row['agentId'].replace('#', '/')}/{row['hash']}.md"
        self._s3().put_object(Bucket=self._bucket, Key=key, Body=content)
        return {"promptKey": key}

    def of(self, row: Mapping[str, Any]) -> str:
        """The prompt of a stored version."""
        if "promptTemplate" in row:
            return str(row["promptTemplate"])
        body: bytes = self._s3().get_object(Bucket=self._bucket, Key=row["promptKey"])["Body"].read()
        return body.decode()
