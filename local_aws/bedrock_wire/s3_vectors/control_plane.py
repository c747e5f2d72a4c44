"""The operations on vector buckets and indexes."""

import time

from local_aws.bedrock_wire.s3_vectors import requests
from local_aws.bedrock_wire.s3_vectors.account import Account, Document, arn, page
from local_aws.bedrock_wire.s3_vectors.index import Index
from local_aws.bedrock_wire.wire import WireError

_ENCRYPTED = {"sseType": "AES256"}


def create_vector_bucket(account: Account, asked: Document) -> Document:
    """Make a bucket."""
    name = requests.name(asked, "vectorBucketName")
    if name in account.buckets:
        raise WireError("ConflictException", "A vector bucket with the specified name already exists")
    account.buckets[name] = time.time()
    account.kept.add_bucket(name, account.buckets[name])
    return {"vectorBucketArn": arn(name)}


def get_vector_bucket(account: Account, asked: Document) -> Document:
    """Describe a bucket."""
    return {"vectorBucket": _bucket(account, account.bucket(asked)) | {"encryptionConfiguration": _ENCRYPTED}}


def list_vector_buckets(account: Account, asked: Document) -> Document:
    """List the buckets."""
    names, more = page(account.buckets, asked, most=requests.MOST_LISTED)
    return {"vectorBuckets": [_bucket(account, name) for name in names], **more}


def delete_vector_bucket(account: Account, asked: Document) -> Document:
    """Delete a bucket, which must have no index."""
    name = account.bucket(asked)
    if any(bucket == name for bucket, _ in account.indexes):
        raise WireError("ConflictException", "The specified vector bucket is not empty")
    del account.buckets[name]
    account.kept.remove_bucket(name)
    return {}


def create_index(account: Account, asked: Document) -> Document:
    """Make an index."""
    bucket, name, index = account.bucket(asked), requests.name(asked, "indexName"), _read_index(asked)
    if (bucket, name) in account.indexes:
        raise WireError("ConflictException", "An index with the specified name already exists")
    account.indexes[bucket, name] = index
    account.kept.add_index(bucket, name, index)
    return {"indexArn": arn(bucket, name)}


def get_index(account: Account, asked: Document) -> Document:
    """Describe an index."""
    bucket, name, index = account.index(asked)
    described = _index(bucket, name, index) | {
        "dataType": "float32",
        "dimension": index.dimension,
        "distanceMetric": "cosine",
        "encryptionConfiguration": _ENCRYPTED,
    }
    if index.non_filterable:
        described["metadataConfiguration"] = {"nonFilterableMetadataKeys": list(index.non_filterable)}
    return {"index": described}


def list_indexes(account: Account, asked: Document) -> Document:
    """List the indexes of a bucket."""
    bucket = account.bucket(asked)
    own = {name: index for (holder, name), index in account.indexes.items() if holder == bucket}
    names, more = page(own, asked, most=requests.MOST_LISTED)
    return {"indexes": [_index(bucket, name, own[name]) for name in names], **more}


def delete_index(account: Account, asked: Document) -> Document:
    """Delete an index with its vectors."""
    bucket, name, _ = account.index(asked)
    del account.indexes[bucket, name]
    account.kept.remove_index(bucket, name)
    return {}


def _read_index(asked: Document) -> Index:
    if asked.get("dataType") != "float32":
        raise requests.invalid("dataType", "Member must satisfy enum value set: [float32]")
    if asked.get("distanceMetric") == "euclidean":
        raise WireError("ValidationException", "The stand-in for S3 Vectors knows cosine distance only.")
    if asked.get("distanceMetric") != "cosine":
        raise requests.invalid("distanceMetric", "Member must satisfy enum value set: [euclidean, cosine]")
    keys = asked.get("metadataConfiguration", {}).get("nonFilterableMetadataKeys", [])
    if len(keys) > requests.MOST_NON_FILTERABLE_KEYS:
        raise requests.invalid(
            "metadataConfiguration/nonFilterableMetadataKeys",
            f"Member must have length less than or equal to {requests.MOST_NON_FILTERABLE_KEYS}",
        )
    return Index(requests.whole(asked, "dimension", most=requests.LARGEST_DIMENSION), time.time(), tuple(keys))


def _bucket(account: Account, name: str) -> Document:
    return {
        "vectorBucketName": name,
        "vectorBucketArn": arn(name),
        "creationTime": round(account.buckets[name]),
    }


def _index(bucket: str, name: str, index: Index) -> Document:
    return {
        "vectorBucketName": bucket,
        "indexName": name,
        "indexArn": arn(bucket, name),
        "creationTime": round(index.created),
    }
