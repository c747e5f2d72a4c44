"""A million lines in one file: the arithmetic, and that it stays within what AWS allows."""

import pytest

from capacity.bulk import Bulk
from capacity.inputs import demand, quotas
from capacity.message import Message
from operations.message_cost import Quantities

BULK = Bulk.deployed(Message.recorded())


def test_a_file_is_as_many_ranges_as_it_takes():
    few = Bulk(Message.recorded(), batch=300, concurrency=1, tenant_rate=1, tries=1, timeout=1, lines=1000)

    assert few.children == 4


def test_a_range_takes_one_invocation_and_each_line_s_calls():
    """The webhook's calls for an event, a hundredth of a second each; what a process keeps is none."""
    webhook = {"memory_mb": 512, "calls": {"dynamodb:TransactWriteItems": 2, "secretsmanager:GetSecretValue": 2}}
    message = Message(Quantities({"ReceiveWebhookFunction": webhook}, 0, 0), {}, demand())
    short = Bulk(message, batch=100, concurrency=5, tenant_rate=1000, tries=1, timeout=1)

    assert short.range_seconds == pytest.approx(0.1 + 100 * 0.02)
    assert short.accepted_a_second == pytest.approx(5 * 100 / 2.1)


def test_a_million_lines_keep_within_what_aws_and_the_state_machine_allow():
    assert BULK.concurrency <= quotas()["map_children"].value
    assert BULK.longest_history < quotas()["history_events"].value
    assert BULK.range_seconds < BULK.timeout


def test_the_tenant_s_rate_slows_a_file_down_until_it_is_raised():
    assert BULK.taken_in_seconds == pytest.approx(BULK.lines / min(BULK.tenant_rate, BULK.accepted_a_second))
