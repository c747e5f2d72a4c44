"""A bucket that another account shares: Lambda's code, a template and its snippets are read from there as on AWS.

MiniStack's S3 answers across accounts by the bucket's policy; what its other services read in process, they look for
among the deploying account's own buckets only.
"""

from collections.abc import Callable

from ministack.core import responses
from ministack.services import s3

type ReadObject = Callable[[str, str, str | None], bytes | None]


def install() -> None:
    """Let every service read what its account may read, whichever account the bucket belongs to."""
    s3._get_object_data = _across_accounts(s3._get_object_data)


def _across_accounts(read: ReadObject) -> ReadObject:
    def read_as_allowed(bucket_name: str, key: str, version_id: str | None = None) -> bytes | None:
        caller, owner = responses.get_account_id(), s3._bucket_owner_account(bucket_name)
        if owner in (None, caller):
            return read(bucket_name, key, version_id)
        if not s3._foreign_bucket_allows(owner, bucket_name, key, "GET", {}, caller):
            return None
        with responses.request_scope(owner, responses.get_region()):
            return read(bucket_name, key, version_id)

    return read_as_allowed
