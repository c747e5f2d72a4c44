"""The only door to AWS: one client for each service, made when it is first used, and one reading of its errors.

The layer ships botocore, which boto3 is made of, without boto3: its import alone is a tenth of a cold start.
"""

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NoConnectionError

from agent_platform.errors import ConfigurationError, PlatformError, TransientError

_SHORT = Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=1, read_timeout=4)
# A model call costs money: one attempt here, and Retry in the state machine does the rest. The read timeout
# stays below the function's timeout, so that a slow model is an error with a name and not a killed function.
_MODEL = Config(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=2, read_timeout=50)
# Retrieve pays for an embedding, so it isn't repeated here either.
_PAID_SEARCH = Config(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=2, read_timeout=15)
# A function that calls a model is waited for as long as it may run; asked again, it would be paid for again.
_PAID_FUNCTION = Config(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=2, read_timeout=130)
_CONFIGS = {"bedrock-runtime": _MODEL, "bedrock-agent-runtime": _PAID_SEARCH, "lambda": _PAID_FUNCTION}

# What the SDK itself would try again, and what the services' own references call temporary.
_TRANSIENT = frozenset({
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "DependencyFailedException",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "LimitExceededException",
    "ModelErrorException",
    "ModelNotReadyException",
    "ModelTimeoutException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionConflictException",
    "TransactionInProgressException",
})  # fmt: skip
_TRANSIENT_CANCELLATIONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


# botocore tells at INFO where it found credentials and endpoints, in every process; urllib3 at DEBUG every request.
for _library in ("botocore", "urllib3"):
    logging.getLogger(_library).setLevel(logging.WARNING)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:
    """The process's one client of a service; the region and credentials are the function's own."""
    return _session().create_client(service, config=_CONFIGS.get(service, _SHORT))


def code_of(error: ClientError) -> str:
    """The service's own name of an error, such as ConditionalCheckFailedException."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_transient(error: Exception) -> bool:
    """Whether the same call may succeed in a moment: throttled, timed out, unreachable, or the service failed."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code_of(error) == "TransactionCanceledException":
            return not _TRANSIENT_CANCELLATIONS.isdisjoint(cancellation_codes(error))
        return code_of(error) in _TRANSIENT or status >= 500
    return isinstance(error, (NoConnectionError, HTTPClientError, IncompleteReadError))


def condition_held(write: Callable[..., Any], **request: Any) -> bool:
    """Make one conditional write to DynamoDB; whether its condition held, and so whether it was made."""
    return in_the_way(write, **request) is None


def in_the_way(write: Callable[..., Any], **request: Any) -> dict[str, Any] | None:
    """Make one conditional write to DynamoDB: None if it was made, else the item for which its condition didn't hold.

    The item is empty if there is none, or if the request doesn't ask for ALL_OLD when the condition fails.
    """
    try:
        write(**request)
    except ClientError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise
        found: dict[str, Any] = error.response.get("Item", {})
        return found
    return None


def cancellation_codes(error: ClientError) -> list[str]:
    """The reason of each item of a cancelled transaction, in the order of its items ("None" for the innocent)."""
    return [str(reason.get("Code", "None")) for reason in error.response.get("CancellationReasons", [])]


def told(error: Exception) -> str:
    """An error as a log may have it: without its message, which may quote values, unless the message is ours."""
    if isinstance(error, ClientError | BotoCoreError):
        error = named(error)
    return str(error) if isinstance(error, PlatformError) else type(error).__name__


def named(error: ClientError | BotoCoreError) -> PlatformError:
    """The error of ours that a failed AWS call is; the service's message, which may quote values, is left out."""
    what = f"{error.operation_name}: {code_of(error)}" if isinstance(error, ClientError) else type(error).__name__
    return TransientError(what) if is_transient(error) else ConfigurationError(what)
