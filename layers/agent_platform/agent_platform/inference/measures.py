"""What calls of writers and judges come to in the metrics of the workflow that they were made for."""

from collections.abc import Mapping

from aws_lambda_powertools.metrics import MetricUnit

from agent_platform import telemetry
from agent_platform.inference.budgets import MICROS_PER_USD
from agent_platform.inference.calls import Call
from agent_platform.tenants import SYNTHETIC


def emit(call: Call, values: Mapping[str, tuple[MetricUnit, float]]) -> None:
    """Write metrics of a call, whichever function learns of them."""
    # What evaluations and synthetic runs cost, or couldn't, is in the ledger; here it would be a message's cost.
    if call.line != "evaluations" and call.tenant != SYNTHETIC:
        telemetry.emit(values, workflow=call.workflow, agent=call.agent, version=call.version)


def emit_cost(call: Call, cost: int) -> None:
    """Count a call that the ledger has booked, and what it cost."""
    emit(call, {"ModelCalls": (MetricUnit.Count, 1), "Cost": (MetricUnit.NoUnit, cost / MICROS_PER_USD)})
