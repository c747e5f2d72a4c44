"""The stack's own key behind every keyed reference; who makes no references needs no setting for it."""

from dataclasses import dataclass
from functools import cache

from agent_platform import aws, settings


@dataclass(frozen=True)
class _Settings:
    reference_key_arn: str


@cache
def reference_key() -> bytes:
    """The stack's own key behind every keyed reference, read once for each process."""
    arn = settings.read(_Settings).reference_key_arn
    return bytes(aws.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"], "utf-8")
