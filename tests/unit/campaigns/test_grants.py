"""One grant is taken out of a policy, and nothing else; a decision is about the grant that it fell under."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns.grants import Grant, without

ACTIONS, RESOURCES = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"), ("arn:a/*", "arn:b", "arn:c")
statements = st.builds(
    lambda actions, resources: {"Effect": "Allow", "Action": actions, "Resource": resources},
    st.lists(st.sampled_from(ACTIONS), min_size=1, unique=True) | st.sampled_from(ACTIONS),
    st.lists(st.sampled_from(RESOURCES), min_size=1, unique=True) | st.sampled_from(RESOURCES),
)


def grant(statement=0, action="s3:GetObject", resource="arn:a/*"):
    return Grant("Function", "role", "policy", statement, action, resource, resource)


def allowed(statement):
    one_or_more = (each if isinstance(each, list) else [each] for each in (statement["Action"], statement["Resource"]))
    return set(product(*one_or_more))


@given(st.data(), st.lists(statements, min_size=1, max_size=3))
def test_what_is_taken_out_is_one_action_on_one_resource_of_one_statement(data, written):
    number = data.draw(st.integers(0, len(written) - 1))
    action, resource = data.draw(st.sampled_from(sorted(allowed(written[number]))))
    left = without({"Version": "2012-10-17", "Statement": written}, grant(number, action, resource))["Statement"]

    others = [each for at, each in enumerate(written) if at != number]
    assert left[: len(others)] == others
    assert set().union(*map(allowed, left[len(others) :])) == allowed(written[number]) - {(action, resource)}


@pytest.mark.parametrize(
    ("decision", "about"),
    [
        ({"role": "role", "action": "s3:GetObject", "resource": "arn:a/a-file"}, True),
        ({"role": "another", "action": "s3:GetObject", "resource": "arn:a/a-file"}, False),
        ({"role": "role", "action": "s3:PutObject", "resource": "arn:a/a-file"}, False),
        ({"role": "role", "action": "s3:GetObject", "resource": "arn:b"}, False),
    ],
)
def test_a_decision_is_about_the_grant_of_its_role_action_and_resource(decision, about):
    assert grant().covers(decision) is about
