"""A metered model: each call is held under the payer's caps before it is made, and booked at what it did cost."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Protocol

from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError

from agent_platform import aws, telemetry
from agent_platform.errors import OverBudget, PlatformError, TransientError
from agent_platform.inference import measures
from agent_platform.inference.budgets import MICROS_PER_USD
from agent_platform.inference.completions import Completion, Tool
from agent_platform.inference.holds import Hold
from agent_platform.inference.ledger import Ledger
from agent_platform.inference.payers import Payer
from agent_platform.inference.prices import Usage, cost_of, worst_case

# What vendors write around a request by themselves: turns, and how to use tools, which is some hundred tokens long.
_ENVELOPE_TOKENS = 1_000


class Converse(Protocol):
    """`agent_platform.inference.completions.converse`, or what stands in for it."""

    def __call__(
        self,
        *,
        model: str,
        system: str,
        messages: list[dict[str, Any]],
        inference: Mapping[str, Any],
        tool: Tool | None = None,
    ) -> Completion:
        """Call a model once."""


def metered(converse: Converse, payer: Payer, *, ledger: Ledger) -> Converse:
    """`converse` on a payer's account: OverBudget if a cap has no room for what a call could cost at most."""
    return _Metered(converse, payer, ledger)


class _Metered:
    def __init__(self, converse: Converse, payer: Payer, ledger: Ledger) -> None:
        self._converse, self._payer, self._ledger, self._calls = converse, payer, ledger, 0

    def __call__(
        self,
        *,
        model: str,
        system: str,
        messages: list[dict[str, Any]],
        inference: Mapping[str, Any],
        tool: Tool | None = None,
    ) -> Completion:
        """Call a model once."""
        self._calls += 1
        read = most_input_tokens(system, messages, tool)
        most = worst_case(model, input_tokens=read, output_tokens=inference["max_tokens"])
        hold = reserve(self._ledger, self._payer, self._calls, model, amount=most)
        try:
            completion = self._converse(model=model, system=system, messages=messages, inference=inference, tool=tool)
        except PlatformError as error:
            self._close_failed(hold, error)
            raise
        self._settle(hold, completion.usage, completion.cost_micros, completion.service_tier)
        return completion

    def _close_failed(self, hold: Hold, error: PlatformError) -> None:
        """Book a failed call at what it is billed for; one that may be billed for anything keeps its hold."""
        failed = error.failed_call
        if failed is None or failed.tokens is None:
            return
        usage = Usage(**failed.tokens)
        if usage != Usage():
            self._settle(hold, usage, cost_of(hold.call.model, usage), None)
            return
        if failed.throttled:
            measures.emit(hold.call, {"Throttles": (MetricUnit.Count, 1)})
        with left_to_expiry(hold):
            self._ledger.release(hold, by=self._payer.books_until)

    def _settle(self, hold: Hold, usage: Usage, cost: int, service_tier: str | None) -> None:
        with left_to_expiry(hold):
            by = self._payer.books_until
            if not self._ledger.settle(hold, usage, cost, service_tier=service_tier, by=by):
                telemetry.log().warning("booked before", extra={"hold": hold.id})
            # Only what is booked: what is left to expiry is measured by that, and would count twice.
            measures.emit(hold.call, {
                "ModelCalls": (MetricUnit.Count, 1),
                "InputTokens": (MetricUnit.Count, usage.input),
                "OutputTokens": (MetricUnit.Count, usage.output),
                "CacheReadTokens": (MetricUnit.Count, usage.cache_read),
                "Cost": (MetricUnit.NoUnit, cost / MICROS_PER_USD),
            })  # fmt: skip


def reserve(
    ledger: Ledger, payer: Payer, number: int, model: str, *, amount: int, priced_by: str | None = None
) -> Hold:
    """Hold what one of a payer's calls may cost; OverBudget, which is counted, if a cap has no room for it."""
    call = payer.call(number, model)
    try:
        return ledger.reserve(
            call, amount, hold=payer.hold_id(number), now=payer.now, until=payer.ends_at, priced_by=priced_by
        )
    except OverBudget:
        measures.emit(call, {"OverBudget": (MetricUnit.Count, 1)})
        raise


def most_input_tokens(system: str, messages: list[dict[str, Any]], tool: Tool | None) -> int:
    """More tokens than a request can have: a token stands for a byte at least."""
    told = json.dumps([system, messages, asdict(tool) if tool else None], ensure_ascii=False)
    return len(told.encode("utf-8", "surrogatepass")) + _ENVELOPE_TOKENS


@contextmanager
def left_to_expiry(hold: Hold) -> Iterator[None]:
    """An answer that is paid for isn't given up because it can't be booked now: its hold stays until it runs out."""
    try:
        yield
    except (ClientError, BotoCoreError, TransientError) as error:
        telemetry.log().error("not booked", extra={"hold": hold.id, "error": aws.told(error)})
