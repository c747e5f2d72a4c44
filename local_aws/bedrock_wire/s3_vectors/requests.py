"""What stands in a request, checked against the service's limits; what breaks one is a ValidationException."""

import math
import re
from array import array
from typing import Any

from local_aws.bedrock_wire.wire import WireError

LARGEST_REQUEST = 20 * 1024 * 1024
LARGEST_DIMENSION = 4096
MOST_PUT = MOST_DELETED = 500
MOST_GOT = MOST_FOUND = 100
MOST_LISTED_VECTORS, MOST_LISTED = 1000, 500
MOST_NON_FILTERABLE_KEYS = 10
MOST_PARTS = 16
LONGEST_KEY = 1024

# Parts of the API that are not imitated: answering without them would be another answer.
_NOT_IMITATED = ("queryTexts", "queryMode", "returnScores")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ARN = re.compile(
    r"arn:aws[-a-z0-9]*:s3vectors:[a-z0-9-]+:[0-9]{12}"
    rf":bucket/(?P<bucket>{_NAME.pattern})(?:/index/(?P<index>{_NAME.pattern}))?"
)


def invalid(field: str, constraint: str) -> WireError:
    """The error of a field that doesn't satisfy its constraint."""
    said = f"1 validation error detected. Value at '/{field}' failed to satisfy constraint: {constraint}"
    return WireError("ValidationException", said)


def check_imitated(document: dict[str, Any]) -> None:
    """Refuse a request that uses what the stand-in leaves out."""
    for field in _NOT_IMITATED:
        if field in document:
            raise WireError("ValidationException", f"The stand-in for S3 Vectors doesn't know {field}.")


def name(document: dict[str, Any], field: str) -> str:
    """The name of a bucket or an index that is to be made."""
    given = document.get(field)
    if not isinstance(given, str) or not _NAME.fullmatch(given):
        raise invalid(field, f"Member must satisfy regular expression pattern: {_NAME.pattern}")
    return given


def bucket_of(document: dict[str, Any]) -> str:
    """The bucket that a request names, by name or by ARN."""
    return (
        _in_arn(document["vectorBucketArn"])[0] if "vectorBucketArn" in document else name(document, "vectorBucketName")
    )


def index_of(document: dict[str, Any]) -> tuple[str, str]:
    """The bucket and the index that a request names, by both names or by ARN."""
    if "indexArn" not in document:
        return name(document, "vectorBucketName"), name(document, "indexName")
    bucket, index = _in_arn(document["indexArn"])
    if not index:
        raise invalid("indexArn", "Member must be the ARN of an index")
    return bucket, index


def _in_arn(arn: Any) -> tuple[str, str]:
    if not isinstance(arn, str) or not (parts := _ARN.fullmatch(arn)):
        raise WireError("ValidationException", "The ARN is not one of S3 Vectors.")
    return parts["bucket"], parts["index"] or ""


def whole(document: dict[str, Any], field: str, *, most: int, default: int | None = None) -> int:
    """A whole number from 1 to a limit; without a default it must be there."""
    given = document.get(field, default)
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= most:
        raise invalid(field, f"Member must be between 1 and {most}, inclusive")
    return given


def part(document: dict[str, Any]) -> tuple[int, int]:
    """Which part of an index a request lists, and of how many: both are given, or neither."""
    count, given = whole(document, "segmentCount", most=MOST_PARTS, default=1), document.get("segmentIndex", 0)
    if ("segmentCount" in document) != ("segmentIndex" in document):
        raise invalid("segmentIndex", "segmentCount and segmentIndex must be given together")
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < count:
        raise invalid("segmentIndex", f"Member must be between 0 and {count - 1}, inclusive")
    return given, count


def keys(document: dict[str, Any], *, most: int) -> list[str]:
    """The keys of the vectors that a request asks for."""
    given = several(document, "keys", most=most)
    return [key(each, f"keys/{at}") for at, each in enumerate(given)]


def several(document: dict[str, Any], field: str, *, most: int) -> list[Any]:
    """A list that is not empty and not longer than a limit."""
    given = document.get(field)
    if not isinstance(given, list) or not 1 <= len(given) <= most:
        raise invalid(field, f"Member must have length between 1 and {most}, inclusive")
    return given


def key(given: Any, field: str) -> str:
    """The key of one vector."""
    if not isinstance(given, str) or not 1 <= len(given) <= LONGEST_KEY:
        raise invalid(field, f"Member must have length between 1 and {LONGEST_KEY}, inclusive")
    return given


def vector(data: Any, *, dimension: int) -> array[float]:
    """A vector as single-precision floats, of the index's dimension; ValueError says what is wrong with it."""
    given = data.get("float32") if isinstance(data, dict) else None
    if not isinstance(given, list) or not all(isinstance(part, (int, float)) for part in given):
        raise ValueError("vector data must be float32 numbers")
    if len(given) != dimension:
        raise ValueError(f"vector must have length {dimension}, but has length {len(given)}")
    numbers = array("f", given)
    if not all(map(math.isfinite, numbers)):
        raise ValueError("vector contains values that are not finite")
    if not any(numbers):
        raise ValueError("cosine distance does not support vectors with zero norm")
    return numbers
