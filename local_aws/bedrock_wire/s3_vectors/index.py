"""One vector index: its vectors in memory, exactly searched; its owner sees to threads and to what is kept."""

import json
import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from local_aws.bedrock_wire.s3_vectors import requests
from local_aws.bedrock_wire.s3_vectors.filters import Metadata
from local_aws.bedrock_wire.wire import WireError

_MOST_METADATA_BYTES, _MOST_FILTERABLE_BYTES, _MOST_METADATA_KEYS = 40 * 1024, 2 * 1024, 50


@dataclass(frozen=True)
class Vector:
    """One vector with its key and metadata."""

    key: str
    data: array[float]
    metadata: Metadata

    @cached_property
    def length(self) -> float:
        """Its Euclidean norm."""
        return math.hypot(*self.data)


@dataclass(frozen=True)
class Index:
    """An index, which can't be changed, and the vectors in it, which can."""

    dimension: int
    created: float
    non_filterable: tuple[str, ...] = ()
    vectors: dict[str, Vector] = field(default_factory=dict)

    def read(self, given: Any, position: int) -> Vector:
        """A vector as a request gives it; one that breaks a limit is a ValidationException with its key."""
        if not isinstance(given, dict):
            raise requests.invalid(f"vectors/{position}", "Member must be an object")
        key = requests.key(given.get("key"), f"vectors/{position}/key")
        try:
            data = requests.vector(given.get("data"), dimension=self.dimension)
            return Vector(key, data, self._metadata(given.get("metadata", {})))
        except ValueError as error:
            raise WireError("ValidationException", f"Invalid record for key '{key}': {error}") from None

    def _metadata(self, given: Any) -> Metadata:
        if not isinstance(given, dict) or not all(map(_is_value, given.values())):
            raise ValueError("metadata must be strings, numbers, booleans, and lists of them")
        if len(given) > _MOST_METADATA_KEYS:
            raise ValueError(f"metadata must have at most {_MOST_METADATA_KEYS} keys")
        if _bytes_of(given) > _MOST_METADATA_BYTES:
            raise ValueError(f"metadata must have at most {_MOST_METADATA_BYTES} bytes")
        filterable = {key: value for key, value in given.items() if key not in self.non_filterable}
        if _bytes_of(filterable) > _MOST_FILTERABLE_BYTES:
            raise ValueError(f"Filterable metadata must have at most {_MOST_FILTERABLE_BYTES} bytes")
        return given


def nearest(vectors: Iterable[Vector], query: array[float], *, most: int) -> list[tuple[float, Vector]]:
    """The nearest vectors with their cosine distance, of equally near ones the lower key first."""
    length = math.hypot(*query)
    found = [(max(0.0, 1 - math.sumprod(query, vector.data) / (length * vector.length)), vector) for vector in vectors]
    return sorted(found, key=lambda pair: (pair[0], pair[1].key))[:most]


def _is_value(value: Any) -> bool:
    return all(isinstance(each, (str, int, float)) for each in (value if isinstance(value, list) else [value]))


def _bytes_of(metadata: Metadata) -> int:
    # How the service counts isn't documented; as JSON is near, and never less than the values.
    return len(json.dumps(metadata, ensure_ascii=False, separators=(",", ":")).encode())
