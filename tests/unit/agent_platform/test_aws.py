import pytest
from agent_platform import aws
from agent_platform.errors import ConfigurationError, TransientError
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.retries import standard


def refused(code, status=400, *, reasons=()):
    response = {
        "Error": {"Code": code, "Message": "marisol@mail.example is in here"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(response, "AnyOperation")


TEMPORARY = [
    refused("ThrottlingException"),
    refused("ProvisionedThroughputExceededException"),
    refused("RequestLimitExceeded"),
    refused("TooManyRequestsException", 429),
    refused("SlowDown", 503),
    refused("InternalServerError", 500),
    refused("ModelTimeoutException", 408),
    refused("ModelNotReadyException", 429),
    refused("ModelErrorException", 424),
    refused("TransactionInProgressException"),
    refused("TransactionConflictException"),
    refused("SomethingNobodyHasHeardOf", 502),
    refused("TransactionCanceledException", reasons=["None", "TransactionConflict"]),
    refused("TransactionCanceledException", reasons=["ThrottlingError", "None"]),
    refused("TransactionCanceledException", reasons=["ProvisionedThroughputExceeded"]),
    EndpointConnectionError(endpoint_url="https://dynamodb.nowhere"),
    ConnectTimeoutError(endpoint_url="https://dynamodb.nowhere"),
    ReadTimeoutError(endpoint_url="https://dynamodb.nowhere"),
]
LASTING = [
    refused("AccessDeniedException"),
    refused("AccessDenied", 403),
    refused("UnrecognizedClientException"),
    refused("ResourceNotFoundException"),
    refused("ValidationException"),
    refused("ConditionalCheckFailedException"),
    refused("ItemCollectionSizeLimitExceededException"),
    refused("TransactionCanceledException", reasons=["None", "ConditionalCheckFailed"]),
    refused("TransactionCanceledException", reasons=["ValidationError"]),
    refused("TransactionCanceledException"),
    NoCredentialsError(),
    ParamValidationError(report="marisol@mail.example is in here"),
]


def name(error):
    reasons = aws.cancellation_codes(error) if isinstance(error, ClientError) else []
    return " ".join([aws.code_of(error) if isinstance(error, ClientError) else type(error).__name__, *reasons])


@pytest.mark.parametrize("error", TEMPORARY, ids=name)
def test_what_may_succeed_in_a_moment_is_transient(error):
    assert aws.is_transient(error)
    assert type(aws.named(error)) is TransientError


@pytest.mark.parametrize("error", LASTING, ids=name)
def test_what_a_person_must_mend_is_not(error):
    assert not aws.is_transient(error)
    assert type(aws.named(error)) is ConfigurationError


def test_nothing_that_the_sdk_would_try_again_is_final():
    codes = [
        *standard.ThrottledRetryableChecker._THROTTLED_ERROR_CODES,
        *standard.TransientRetryableChecker._TRANSIENT_ERROR_CODES,
    ]
    assert [code for code in codes if not aws.is_transient(refused(code))] == []


@pytest.mark.parametrize("error", [*TEMPORARY, *LASTING], ids=name)
def test_the_services_message_is_left_out(error):
    assert "marisol" not in str(aws.named(error))


def test_a_named_error_says_which_call_failed_and_how():
    assert str(aws.named(refused("AccessDeniedException"))) == "AnyOperation: AccessDeniedException"


def test_an_error_without_a_code_is_still_an_error():
    assert aws.code_of(ClientError({}, "AnyOperation")) == ""
    assert not aws.is_transient(ClientError({}, "AnyOperation"))


@pytest.fixture
def anywhere(monkeypatch):
    """Clients that are made for the test alone, and never used."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    aws.client.cache_clear()
    yield
    aws.client.cache_clear()


def test_there_is_one_client_for_each_service(anywhere):
    assert aws.client("sqs") is aws.client("sqs")


def test_a_model_call_makes_one_attempt_and_waits_less_than_its_function(anywhere):
    config = aws.client("bedrock-runtime").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.read_timeout == 50


def test_other_services_keep_a_short_retry(anywhere):
    config = aws.client("dynamodb").meta.config
    assert config.retries["total_max_attempts"] == 3
    assert config.read_timeout <= 5
