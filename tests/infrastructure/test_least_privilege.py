"""Each grant of a function's role has a test that misses it: scripts/campaigns iam shows it and writes the table."""

import json
import re
from unittest.mock import Mock

import pytest
from agent_platform.uploads.inbox import Inbox
from botocore.exceptions import ClientError

from tests.bench.start_up import CLIENTS
from tests.campaigns.privileges import TABLE, UNCHECKED_OF, held_elsewhere, service_of, shown, table
from tests.infrastructure import template
from tests.infrastructure.roles import allowed
from tests.infrastructure.sources import reachable
from tests.infrastructure.template import ROOT, text

NEXT = "write a test that needs it or take it from the template, then IAM_GRANTS=new scripts/campaigns iam"


def here(resource):
    """A resource as the campaign shows it: on the local AWS, by its logical id, or without the account."""
    match resource:
        case {"Fn::If": ["IsAws", _, local]}:
            return here(local)
    shown = re.sub(r"\$\{AWS::(Partition|Region|AccountId)\}", r"\1", text(resource))
    if owned := re.fullmatch(r"\$\{(\w+)(?:\.\w+)?\}(.*)", shown):
        return "".join(owned.groups())
    return shown.split(":", 5)[-1] if shown.startswith("arn:") else shown


def granted():
    """What the local AWS decides on of each function's role."""
    return {
        (function.name, action, resource)
        for function in template.functions()
        for action, resource in allowed(f"{function}Role", shown=here)
        if not held_elsewhere(function.name, action) or is_called_by_itself(function, action)
    }


def is_called_by_itself(function, action):
    """A queue is asked by Lambda on the function's behalf, unless the function has a client of its own."""
    return service_of(action) == "sqs" and "sqs" in CLIENTS[function.name] and action == "sqs:SendMessage"


def test_each_grant_is_missed_by_a_test_and_each_row_is_a_grant():
    assert granted() - set(table()) == set(), NEXT
    assert set(table()) - granted() == set(), "the template allows this no more: take its row out"


def test_what_misses_a_grant_is_a_test():
    for test in set(shown().values()):
        path, _, name = test.partition("::")
        assert f"def {name.partition('[')[0]}(" in (ROOT / path).read_text(), test


@pytest.mark.parametrize("function", [name for name, action in UNCHECKED_OF if action == "s3:ListBucket"])
def test_who_lists_no_bucket_may_only_if_it_reads_what_may_not_be_there(function):
    """AWS answers who may not list a bucket that what isn't there is forbidden, which would fail the first reading."""
    [app] = [each for each in template.functions() if each.name == function]
    forbidding = Mock(get_object=Mock(side_effect=ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")))

    assert "agent_platform.uploads.inbox" in reachable(".".join((app.folder / "app").relative_to(ROOT).parts))
    with pytest.raises(ClientError):
        Inbox(bucket="an-inbox", s3=forbidding).part("reports/a-file", 0)
    assert {action for action, _ in allowed(f"{function}Role")} >= {"s3:GetObject", "s3:ListBucket"}


@pytest.mark.parametrize("services", [{"bedrock"}, {"s3vectors"}], ids=str)
def test_a_function_has_a_client_for_what_the_local_aws_does_not_check_if_it_is_allowed_it(services):
    """By name and action in tests/integration/outreach/test_unchecked_actions.py."""
    may = {each.name for each in template.functions()
           if services & {service_of(action) for action, _ in allowed(f"{each}Role")}}  # fmt: skip
    does = {name for name, clients in CLIENTS.items() if services & {client.partition("-")[0] for client in clients}}

    assert may == does


def test_the_table_is_in_order_and_says_each_grant_once():
    rows = json.loads(TABLE.read_text())

    assert rows == sorted(rows)
    assert len(rows) == len(table())
