"""The foundation models that the stack's agents may use."""

from dataclasses import dataclass
from functools import cache

from agent_platform import settings


@dataclass(frozen=True)
class _Settings:
    allowed_models: str


@cache
def allowed_models() -> frozenset[str]:
    """The models that IAM allows, as the function's environment lists them."""
    return frozenset(settings.read(_Settings).allowed_models.split(","))
