"""What a thousand messages cost: nothing of docs/costs.md is lost or counted twice."""

from decimal import Decimal

import pytest

from capacity import costs
from capacity.message import Message
from operations import message_cost
from operations.service_prices import usd

MESSAGE = Message.recorded()


def test_groups_come_to_docs_costs_with_rewrites():
    calls = message_cost.recorded_calls()
    parts = message_cost.parts(MESSAGE.took, model_calls=len(calls), days_kept=message_cost.days_kept())
    again = message_cost.rewrite(MESSAGE.took, calls) / 10
    whole = sum((part.cost for part in parts), sum((call.cost() for call in calls), again))

    found = costs.by_group(MESSAGE, 1)

    assert sum(found.values()) - found["Standing"] == pytest.approx(1000 * whole)


def test_what_stands_is_shared_by_all_messages_of_a_month():
    once, often = (costs.by_group(MESSAGE, scale) for scale in (1, 10))

    assert once["Standing"] == pytest.approx(10 * often["Standing"])
    assert once["Models"] == often["Models"]


def test_express_is_a_request_and_the_time_that_the_run_is_open():
    express = usd("express_request") + usd("express_gb_second", Decimal(str(MESSAGE.open_seconds)) / 16)

    assert costs.express_saves(MESSAGE) == pytest.approx(1000 * (usd("state_transition", 9) - express))
