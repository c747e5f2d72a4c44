"""Ids that a deployment or scripts/seed leave in SSM, read at most once a minute."""

import time
from collections.abc import Callable
from functools import lru_cache

from botocore.exceptions import ClientError

from agent_platform import aws

NOT_CONFIGURED = "none"
_CACHE_SECONDS = 60


def configured(parameter: str, *, clock: Callable[[], float] = time.monotonic) -> str | None:
    """A parameter's value, at most a minute old; None where nothing is configured."""
    return _read(parameter, int(clock() // _CACHE_SECONDS))


@lru_cache(maxsize=4)
def _read(parameter: str, _minute: int) -> str | None:
    try:
        value = aws.client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"]
    except ClientError as error:
        if aws.code_of(error) != "ParameterNotFound":
            raise
        return None
    return None if value == NOT_CONFIGURED else str(value)
