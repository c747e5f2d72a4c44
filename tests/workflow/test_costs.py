"""Costs on the deployed stack: a message's calls are in the ledger, its budgets are looked at, and what bills them."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from agent_platform.inference.budgets import day_of
from agent_platform.inference.calls import Calls

from operations.stack import ROOT
from tests.workflow.deployed import Deployed

type Sample = Callable[..., dict[str, Any]]


def costs(*arguments: str) -> Any:
    """What scripts/costs says, as JSON."""
    door = [ROOT / "scripts/costs", *arguments, "--json"]
    return json.loads(subprocess.run(door, capture_output=True, text=True, check=True).stdout)


def written(deployed: Deployed, sample: Sample) -> dict[str, Any]:
    receipt = deployed.send(sample("good-referral")).body["receipt"]
    return deployed.message(receipt)


def test_each_call_of_a_run_is_in_the_ledger_with_what_the_message_says_it_cost(
    deployed: Deployed, sample: Sample
) -> None:
    before = costs("--tenant", deployed.tenant)["total"]
    message = written(deployed, sample)
    calls = Calls(table=deployed.stack.outputs["CostLedger"], dynamodb=deployed.stack.dynamodb)
    execution = message["message"].partition("#")[2]
    booked = list(calls.on(deployed.tenant, day_of(datetime.now(UTC)), execution=execution))

    assert {each.call.state for each in booked} == {"Generate", "Judge"}
    assert sum(each.cost_micros for each in booked) == message["costMicros"]
    after = costs("--tenant", deployed.tenant)["total"]
    assert after["cost_micros"] - before["cost_micros"] >= message["costMicros"]


def test_what_is_used_of_a_budget_becomes_a_metric(deployed: Deployed, sample: Sample) -> None:
    written(deployed, sample)
    functions = deployed.stack.client("cloudformation").describe_stack_resource(
        StackName=deployed.stack.profile["stack_name"], LogicalResourceId="WatchBudgetsFunction"
    )
    name = functions["StackResourceDetail"]["PhysicalResourceId"]
    answer = deployed.stack.client("lambda").invoke(FunctionName=name, Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()
    now = datetime.now(UTC)

    for metric in ("BudgetUsed", "SpendPace"):

        def seen(metric: str = metric) -> list[Any]:
            return deployed.stack.client("cloudwatch").get_metric_statistics(  # type: ignore[no-any-return]
                Namespace="ReferralSystem", MetricName=metric, Dimensions=[{"Name": "workflow", "Value": "costs"}],
                StartTime=now - timedelta(hours=1), EndTime=now + timedelta(hours=1), Period=3600,
                Statistics=["Maximum"],
            )["Datapoints"]  # fmt: skip

        # A point an hour, and the hour may have turned since an earlier run.
        assert all(0 < point["Maximum"] < 100 for point in deployed.until(seen, metric))


def test_what_was_made_has_the_tags_that_its_bill_is_told_apart_by(deployed: Deployed) -> None:
    stack = deployed.stack
    described = stack.client("cloudformation").describe_stacks(StackName=stack.profile["stack_name"])["Stacks"][0]

    assert {tag["Key"]: tag["Value"] for tag in described["Tags"]} == stack.tags
