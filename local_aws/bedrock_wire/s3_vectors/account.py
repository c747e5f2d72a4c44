"""What the stand-in holds: vector buckets, their indexes, and how a request's names lead to them."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from local_aws.bedrock_wire.s3_vectors import requests
from local_aws.bedrock_wire.s3_vectors.index import Index
from local_aws.bedrock_wire.s3_vectors.kept import Kept
from local_aws.bedrock_wire.wire import WireError
from local_aws.servers import ACCOUNT, REGION

type Document = dict[str, Any]


class Account:
    """The account's vector buckets by name with the time they were made, and the indexes by bucket and name."""

    def __init__(self, kept: Path | None) -> None:
        self.kept = Kept(kept)
        self.buckets, self.indexes = self.kept.load()

    def bucket(self, asked: Document) -> str:
        """The name of the bucket that a request is about, which is there."""
        name = requests.bucket_of(asked)
        if name not in self.buckets:
            raise WireError("NotFoundException", "The specified vector bucket could not be found")
        return name

    def index(self, asked: Document) -> tuple[str, str, Index]:
        """The bucket's name, the index's name and the index that a request is about, which is there."""
        bucket, name = requests.index_of(asked)
        if (bucket, name) not in self.indexes:
            raise WireError("NotFoundException", "The specified index could not be found")
        return bucket, name, self.indexes[bucket, name]

    def clear(self) -> None:
        """Empty the account."""
        self.buckets.clear()
        self.indexes.clear()
        self.kept.clear()


def arn(bucket: str, index: str | None = None) -> str:
    """The ARN of a bucket, or of an index in it."""
    return f"arn:aws:s3vectors:{REGION}:{ACCOUNT}:bucket/{bucket}" + (f"/index/{index}" if index else "")


def page(names: Collection[str], asked: Document, *, most: int) -> tuple[list[str], Document]:
    """The names of a page, in their order, and the token of the next page if there is one."""
    wanted = requests.whole(asked, "maxResults", most=most, default=most)
    after, prefix = asked.get("nextToken", ""), asked.get("prefix", "")
    rest = sorted(name for name in names if name > after and name.startswith(prefix))
    # A token is the last name of its page.
    return rest[:wanted], {"nextToken": rest[wanted - 1]} if len(rest) > wanted else {}
