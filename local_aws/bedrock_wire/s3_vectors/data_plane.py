"""The operations on the vectors of an index."""

from zlib import crc32

from local_aws.bedrock_wire.s3_vectors import requests
from local_aws.bedrock_wire.s3_vectors.account import Account, Document, page
from local_aws.bedrock_wire.s3_vectors.filters import read_filter
from local_aws.bedrock_wire.s3_vectors.index import Vector, nearest
from local_aws.bedrock_wire.wire import WireError


def put_vectors(account: Account, asked: Document) -> Document:
    """Write vectors in the place of those with the same keys: all of a request, or none."""
    bucket, name, index = account.index(asked)
    given = requests.several(asked, "vectors", most=requests.MOST_PUT)
    vectors = [index.read(each, position) for position, each in enumerate(given)]
    index.vectors.update({vector.key: vector for vector in vectors})
    account.kept.put(bucket, name, vectors)
    return {}


def get_vectors(account: Account, asked: Document) -> Document:
    """Those of the vectors that are there, with their data and metadata if wanted."""
    _, _, index = account.index(asked)
    keys = dict.fromkeys(requests.keys(asked, most=requests.MOST_GOT))
    return {"vectors": [_shown(index.vectors[key], asked) for key in keys if key in index.vectors]}


def list_vectors(account: Account, asked: Document) -> Document:
    """A page of an index's vectors or of a part of them, with their data and metadata if wanted."""
    _, _, index = account.index(asked)
    part, parts = requests.part(asked)
    # By a checksum: a vector's part stays the same over a stop.
    own = [key for key in index.vectors if crc32(key.encode()) % parts == part]
    keys, more = page(own, asked, most=requests.MOST_LISTED_VECTORS)
    return {"vectors": [_shown(index.vectors[key], asked) for key in keys], **more}


def query_vectors(account: Account, asked: Document) -> Document:
    """The nearest of the vectors that pass the filter, with distance and metadata if wanted."""
    _, _, index = account.index(asked)
    most = requests.whole(asked, "topK", most=requests.MOST_FOUND)
    condition = asked.get("filter")
    passes = None if condition is None else read_filter(condition, non_filterable=index.non_filterable)
    try:
        query = requests.vector(asked.get("queryVector"), dimension=index.dimension)
    except ValueError as error:
        raise WireError("ValidationException", f"Invalid query vector: {error}") from None
    candidates = [vector for vector in index.vectors.values() if passes is None or passes(vector.metadata)]
    found = [
        _shown(vector, {"returnMetadata": asked.get("returnMetadata")})
        | ({"distance": distance} if asked.get("returnDistance") else {})
        for distance, vector in nearest(candidates, query, most=most)
    ]
    return {"distanceMetric": "cosine", "vectors": found}


def delete_vectors(account: Account, asked: Document) -> Document:
    """Delete vectors; one that isn't there is no error."""
    bucket, name, index = account.index(asked)
    keys = requests.keys(asked, most=requests.MOST_DELETED)
    for key in keys:
        index.vectors.pop(key, None)
    account.kept.delete(bucket, name, keys)
    return {}


def _shown(vector: Vector, asked: Document) -> Document:
    shown: Document = {"key": vector.key}
    if asked.get("returnData"):
        shown["data"] = {"float32": vector.data.tolist()}
    if asked.get("returnMetadata"):
        shown["metadata"] = vector.metadata
    return shown
