"""A Converse call that the service didn't answer with a completion: which error of ours it is, what it is billed for.

Bedrock bills the tokens that a call took, and says with each completion how many; with an error status it says none.
So an error that the service itself sent is taken to cost nothing: booked at its worst case on each of a state's tries,
one outage would use up a day's cap. Only where somebody stopped waiting may a model have worked on to an end that
nobody saw: the caller, a connection that was cut, or the service that stopped waiting for its model.
"""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ParamValidationError,
    ProxyConnectionError,
    SSLError,
)

from agent_platform import aws
from agent_platform.errors import ContextWindowExceeded, FailedCall, ModelRefused, PlatformError, TransientError

# The API has no code for a prompt that doesn't fit: each vendor's models say it in their own words.
_TOO_LONG = (
    "too long",
    "exceed context limit",
    "input tokens exceed",
    "too many input tokens",
    "too many total text bytes",
)
_THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException"})
_STOPPED_WAITING = "ModelTimeoutException"
_NOT_CONNECTED = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError, SSLError)


def refused(error: ClientError | BotoCoreError) -> PlatformError:
    """The error of ours; the service's message is left out: a validation error quotes the request."""
    named = _named(error)
    throttled = isinstance(error, ClientError) and aws.code_of(error) in _THROTTLED
    named.failed_call = FailedCall(None if _may_have_run(error) else {}, throttled=throttled)
    return named


def _named(error: ClientError | BotoCoreError) -> PlatformError:
    if aws.is_transient(error):
        return TransientError(f"converse: {_name(error)}")
    if isinstance(error, ClientError) and _says_too_long(error):
        return ContextWindowExceeded("the prompt is too long for the model")
    if isinstance(error, (ClientError, ParamValidationError)):
        return ModelRefused(f"converse: {_name(error)}")
    return aws.named(error)


def _may_have_run(error: ClientError | BotoCoreError) -> bool:
    """Whether the model may have worked, and be billed, though no answer came: somebody stopped waiting for it."""
    if isinstance(error, ClientError):
        return aws.code_of(error) == _STOPPED_WAITING
    return aws.is_transient(error) and not isinstance(error, _NOT_CONNECTED)


def _says_too_long(error: ClientError) -> bool:
    message = str(error.response.get("Error", {}).get("Message", "")).lower()
    return aws.code_of(error) == "ValidationException" and any(words in message for words in _TOO_LONG)


def _name(error: ClientError | BotoCoreError) -> str:
    return aws.code_of(error) if isinstance(error, ClientError) else type(error).__name__
