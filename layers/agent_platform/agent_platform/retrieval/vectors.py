"""An index of Amazon S3 Vectors: vectors by key, and the nearest of those that a filter lets pass."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import batched
from typing import Any

from agent_platform import aws, settings

# As many as one query finds, and as one request deletes.
MOST_FOUND, MOST_DELETED = 100, 500
# Into as many parts ListVectors divides an index.
PARTS = 16


@dataclass(frozen=True)
class Vector:
    """A vector as it is stored."""

    key: str
    data: Sequence[float]
    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class Hit:
    """A vector that a query found, and how near it is: 1 is the same direction, 0 a right angle."""

    key: str
    similarity: float
    metadata: Mapping[str, Any]


class VectorIndex:
    """One index, by its ARN; `client` is one of s3vectors, whose errors come as they are. Writes are seen at once."""

    def __init__(self, arn: str, client: Any) -> None:
        self._arn, self._client = arn, client

    def put(self, vector: Vector) -> None:
        """Write a vector, in the place of the one with its key."""
        written = {"key": vector.key, "data": {"float32": list(vector.data)}, "metadata": dict(vector.metadata)}
        self._client.put_vectors(indexArn=self._arn, vectors=[written])

    def get(self, key: str) -> Vector | None:
        """The vector with a key, if there is one."""
        answer = self._client.get_vectors(indexArn=self._arn, keys=[key], returnData=True, returnMetadata=True)
        found = [Vector(each["key"], each["data"]["float32"], each["metadata"]) for each in answer["vectors"]]
        return found[0] if found else None

    def nearest(self, data: Sequence[float], *, most: int, where: Mapping[str, Any]) -> list[Hit]:
        """The nearest vectors whose metadata pass a filter, nearest first, at most MOST_FOUND of them.

        A filter is a request: what it must keep out, the caller keeps out of the answer again.
        """
        answer = self._client.query_vectors(
            indexArn=self._arn,
            queryVector={"float32": list(data)},
            topK=min(most, MOST_FOUND),
            filter=dict(where),
            returnMetadata=True,
            returnDistance=True,
        )
        return [Hit(each["key"], 1 - each["distance"], each.get("metadata", {})) for each in answer["vectors"]]

    def all(self, *, first: int = 0) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every vector's key and metadata, part after part, of which one is the first."""
        listing = self._client.get_paginator("list_vectors")
        for part in range(first, first + PARTS):
            of_part = {"segmentCount": PARTS, "segmentIndex": part % PARTS}
            for page in listing.paginate(indexArn=self._arn, returnMetadata=True, **of_part):
                yield from ((each["key"], each.get("metadata", {})) for each in page["vectors"])

    def delete(self, keys: Iterable[str]) -> int:
        """Delete vectors, as far as they are there; how many keys were given."""
        given = 0
        for batch in batched(keys, MOST_DELETED, strict=False):
            self._client.delete_vectors(indexArn=self._arn, keys=list(batch))
            given += len(batch)
        return given


@dataclass(frozen=True)
class _Settings:
    profiles_index_arn: str


@cache
def profiles_index() -> VectorIndex:
    """The stack's index of profiles, as the function's environment names it."""
    return VectorIndex(settings.read(_Settings).profiles_index_arn, aws.client("s3vectors"))
