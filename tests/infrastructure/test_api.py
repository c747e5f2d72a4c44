"""What API Gateway answers by itself: checked as data, because the local AWS knows no gateway responses.

Response types, their statuses and the variables of their templates: Amazon API Gateway Developer Guide, "Gateway
response types" and "x-amazon-apigateway-gateway-responses.responseTemplates". The templates are no VTL: variables are
put in as they are, and whatever isn't one of them stays in the text.
"""

import json
import re
from http import HTTPStatus

import pytest

from tests.infrastructure import template
from tests.infrastructure.template import resources

RESPONSES = {
    (api, kind): response
    for api, resource in resources("AWS::Serverless::Api").items()
    for kind, response in resource["Properties"]["GatewayResponses"].items()
}
EVERY_RESPONSE = pytest.mark.parametrize(
    ("kind", "response"),
    [(kind, response) for (_, kind), response in RESPONSES.items()],
    ids=lambda each: str(each)[:30],
)
# What each type answers with unless its StatusCode says otherwise.
STATUSES = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": 403,
    "INTEGRATION_FAILURE": 504,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}
# Values as API Gateway puts them in: the message bare, the same as a JSON string with its quotes, and two bare words.
MESSAGE = 'The "source" is\\not known'
VARIABLES = {
    "$context.error.messageString": json.dumps(MESSAGE),
    "$context.error.message": MESSAGE,
    "$context.error.responseType": "THROTTLED",
    "$context.requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
}


def filled(template_text: str) -> str:
    """The body that a caller gets."""
    return re.sub(r"\$context(?:\.\w+)+", lambda variable: VARIABLES.get(variable[0], variable[0]), template_text)


@EVERY_RESPONSE
def test_a_response_has_a_type_of_api_gateway_s(kind, response):
    assert kind in STATUSES


@pytest.mark.parametrize("api", resources("AWS::Serverless::Api"))
def test_no_answer_is_left_to_api_gateway_s_own_shape(api):
    assert {(api, "DEFAULT_4XX"), (api, "DEFAULT_5XX")} <= set(RESPONSES)


@EVERY_RESPONSE
def test_a_body_is_problem_json_whatever_the_message(kind, response):
    [text] = set(response["ResponseTemplates"].values())
    problem = json.loads(filled(text))

    # API Gateway chooses by Accept, and the first one for who accepts anything.
    assert list(response["ResponseTemplates"]) == ["application/problem+json", "application/json"]
    assert problem["type"] == "about:blank"
    assert isinstance(problem["title"], str)
    assert problem["title"]
    assert isinstance(problem["detail"], str)
    assert "$" not in json.dumps(problem)


@EVERY_RESPONSE
def test_a_body_says_the_status_that_is_sent(kind, response):
    status = response.get("StatusCode", STATUSES[kind])
    problem = json.loads(filled(next(iter(response["ResponseTemplates"].values()))))

    if status is None:
        assert "status" not in problem, "the default's status differs from answer to answer"
    else:
        assert problem["status"] == status
        assert problem["title"] == HTTPStatus(status).phrase


@EVERY_RESPONSE
def test_who_should_come_again_is_told_when(kind, response):
    headers = response.get("ResponseParameters", {}).get("Headers", {})
    status = response.get("StatusCode", STATUSES[kind])

    assert ("Retry-After" in headers) == (status in {429, 503})
    assert all(re.fullmatch(r"'[^']+'", value) for value in headers.values()), "static values stand in single quotes"


def test_the_largest_body_that_is_announced_is_the_one_that_is_accepted():
    from agent_platform.ingest.acceptance import MAX_BODY_BYTES

    [(_, response)] = [(kind, each) for (_, kind), each in RESPONSES.items() if kind == "REQUEST_TOO_LARGE"]
    assert f" {MAX_BODY_BYTES} bytes" in filled(next(iter(response["ResponseTemplates"].values())))


@pytest.mark.parametrize(("api", "resource"), resources("AWS::Serverless::Api").items())
def test_a_flood_is_answered_before_it_costs_a_function(api, resource):
    [every_method] = resource["Properties"]["MethodSettings"]

    assert (every_method["HttpMethod"], every_method["ResourcePath"]) == ("*", "/*")
    assert every_method["ThrottlingRateLimit"] > 0
    assert every_method["ThrottlingBurstLimit"] >= every_method["ThrottlingRateLimit"]


@pytest.mark.parametrize("function", template.functions(), ids=str)
def test_a_path_has_its_methods_by_name(function):
    """The local AWS loses a path's ANY."""
    events = [event["Properties"] for event in function.properties.get("Events", {}).values() if event["Type"] == "Api"]

    assert all(event["Method"].lower() in {"get", "post", "put", "patch", "delete"} for event in events)
