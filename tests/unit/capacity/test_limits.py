"""Limits: counted from what one message takes, and the number of slots from the model's quota."""

import pytest

from capacity import deployed
from capacity.inputs import quotas
from capacity.limits import Limit, Whose, limits, open_executions
from capacity.message import STATES, Message, function_of
from operations.message_cost import Quantities

MESSAGE = Message.recorded()
BY_WORD = {limit.word: limit for limit in limits(MESSAGE)}


def limit(there_is=100.0, today=2.0):
    return Limit("word", "what", there_is, today, Whose.NUMBER, "change")


def test_a_limit_is_reached_when_all_of_it_is_used():
    assert limit().reached_at == 50
    assert limit().used(25) == 0.5
    assert limit().used(50) == 1


@pytest.mark.parametrize(("scale", "raised"), [(1, 1), (40, 1), (40.1, 2), (50, 2), (80, 2), (200, 5)])
def test_a_limit_is_raised_so_that_no_more_than_the_planned_share_is_used(scale, raised):
    assert limit().raised(scale) == raised
    assert limit(100.0 * raised).used(scale) <= 0.8 + 1e-9


def test_they_come_in_the_order_in_which_they_are_reached():
    reached = [each.reached_at for each in limits(MESSAGE)]

    assert reached == sorted(reached)
    assert len(BY_WORD) == len(reached)


def test_slots_are_what_the_judge_s_quota_carries():
    """Little's law, by hand: 80 % of 2,000,000 tokens a minute, of which a message takes so many."""
    call = MESSAGE.calls["judge"]
    a_second = 0.8 * 2_000_000 / 60 / (1.1 * (call.input_tokens + call.output_tokens))

    assert abs(open_executions(MESSAGE) - a_second * MESSAGE.open_seconds) <= 5


def test_the_template_s_number_of_slots_is_the_derived_one():
    assert deployed.parameter("MaxOpenExecutions") == open_executions(MESSAGE)


def test_a_run_s_time_is_that_of_docs_costs():
    """The same functions and models as on the page of costs, with one draft in ten written again."""
    functions = sum(float(MESSAGE.seconds(function_of(state))) for state in STATES)
    again = 0.1 * sum(MESSAGE.seconds(function_of(state)) for state in ("Generate", "Judge"))

    assert MESSAGE.work_seconds == pytest.approx(functions + again + 1.1 * 2 * 3)


def test_what_stands_before_the_queue_takes_the_busiest_minute_and_what_is_behind_it_the_hour():
    demand = MESSAGE.demand

    assert BY_WORD["stage"].today == demand.busiest_minute > demand.busiest_hour == BY_WORD["retrieve"].today


def test_a_batch_takes_one_invocation_and_each_message_s_calls():
    starter = {"memory_mb": 512, "calls": {"dynamodb:UpdateItem": 1, "states:StartExecution": 1, "ssm:GetParameter": 1}}
    message = Message(Quantities({"Starter": starter}, 0, 0), {}, MESSAGE.demand)

    assert message.batch_seconds(1, "Starter") == pytest.approx(0.12)
    assert message.batch_seconds(10, "Starter") == pytest.approx(0.1 + 10 * 0.02)


def test_whose_a_limit_of_aws_is_says_its_quota():
    for word, each in BY_WORD.items():
        if each.source:
            assert each.whose is (Whose.RAISED if quotas()[word].adjustable else Whose.FIXED)


def test_the_deployed_numbers_are_read():
    assert deployed.throttle() == 100
    assert deployed.consumer("OutreachStartExecutionFunction") == deployed.Consumer(batch=10, concurrency=5)
    assert deployed.max_tokens("judge") == 1200
    assert deployed.retries()["Judge"] == deployed.Retry(interval=2, rate=2, longest=60, attempts=8)
