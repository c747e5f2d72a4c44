import json

from agent_platform.problems import problem


def test_a_problem_has_the_members_of_rfc_9457_and_those_that_extend_them():
    answer = problem(422, "Two things are wrong.", errors=[{"pointer": "/type", "expected": "text"}])
    assert answer["statusCode"] == 422
    assert answer["headers"] == {"Content-Type": "application/problem+json"}
    assert json.loads(answer["body"]) == {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "Two things are wrong.",
        "errors": [{"pointer": "/type", "expected": "text"}],
    }


def test_headers_are_added_to_the_content_type():
    headers = problem(503, "Later.", headers={"Retry-After": "5"})["headers"]
    assert headers == {"Content-Type": "application/problem+json", "Retry-After": "5"}
