"""Brand files in S3: the one in force when a run begins, and the same one, by its version, ever after."""

from dataclasses import dataclass
from functools import cache, lru_cache

from agent_platform import aws, settings
from agent_platform.errors import ConfigurationError
from botocore.exceptions import ClientError

from outreach.brands import Brand, parse_brand
from outreach.contracts import BrandReference


@dataclass(frozen=True)
class _Settings:
    brands_bucket: str


def brand_in_force(tenant: str) -> tuple[Brand, BrandReference]:
    """The tenant's brand file as it is now, and the reference that pins it; ConfigurationError if there is none."""
    key = f"{tenant}/brand.json"
    try:
        found = aws.client("s3").get_object(Bucket=_bucket(), Key=key)
    except ClientError as error:
        # Without s3:ListBucket a key that isn't there reads as AccessDenied.
        if aws.code_of(error) not in {"NoSuchKey", "AccessDenied"}:
            raise
        raise ConfigurationError(
            f"no brand file {key} (or it may not be read): put it under brands/ and run scripts/seed"
        ) from None
    return parse_brand(found["Body"].read()), {"key": key, "version_id": found["VersionId"]}


def brand_at(reference: BrandReference) -> Brand:
    """The brand file that a run entered with."""
    return _brand(reference["key"], reference["version_id"])


@lru_cache(maxsize=64)
def _brand(key: str, version_id: str) -> Brand:
    found = aws.client("s3").get_object(Bucket=_bucket(), Key=key, VersionId=version_id)
    return parse_brand(found["Body"].read())


@cache
def _bucket() -> str:
    return settings.read(_Settings).brands_bucket
