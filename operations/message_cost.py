"""What a message costs, part by part: what it takes of each service, as it was measured, times the dated prices.

What can't be measured on a laptop is assumed here and named on the page: how long functions and models take on AWS,
and what Lambda itself writes to the log.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from agent_platform.inference.prices import cost_micros, price_list

from operations.service_prices import quoted, usd
from operations.stack import ROOT

QUANTITIES = ROOT / "operations" / "message_quantities.json"
# The document of the recorded run in front of its last state, with the tokens of every call before.
RECORDED_RUN = ROOT / "events" / "outreach" / "store.json"

SECONDS_OF_AN_INVOCATION = Decimal("0.1")
SECONDS_OF_A_CALL = Decimal("0.01")
SECONDS_OF_A_MODEL = Decimal(3)
# platform.start and platform.report, as JSON.
LOG_BYTES_OF_AN_INVOCATION = 500
# Sent by EventBridge, received and deleted by Lambda; batches make it less.
REQUESTS_OF_A_QUEUED_MESSAGE = 3
# Of X-Ray's default rule, beyond the first request of each second.
TRACED = Decimal("0.05")
# The least that S3 Vectors bills for one PutVectors.
VECTOR_PUT_BYTES = 128 * 1024
DAYS_OF_A_MONTH = Decimal("30.4")
_CHARACTERS_OF_A_TOKEN = 4
_REWRITING = ("OutreachGenerateFunction", "OutreachJudgeFunction")
_GB = Decimal(1024**3)
# Read once by a process, which serves many messages.
_KEPT_BY_PROCESS = ("secretsmanager:GetSecretValue", "ssm:GetParameter")


@dataclass(frozen=True)
class Part:
    """One line of the bill of a message: what is taken, its price in words, and its cost in USD."""

    service: str
    takes: str
    price: str
    cost: Decimal


@dataclass(frozen=True)
class Call:
    """The tokens of one model call of the recorded run."""

    role: str
    model: str
    input_tokens: int
    output_tokens: int

    def cost(self, model: str | None = None) -> Decimal:
        """In USD, with the model that made it or with another one."""
        tokens = {"input_tokens": self.input_tokens, "output_tokens": self.output_tokens}
        return Decimal(cost_micros(model or self.model, **tokens)) / 1_000_000


def recorded_calls() -> list[Call]:
    """The model calls of the recorded run's only attempt."""
    (attempt,) = json.loads(RECORDED_RUN.read_text())["verdict"]["attempts"]
    return [
        Call(role, used["model"], used["input_tokens"], used["output_tokens"])
        for role, used in (("writer", attempt["generate"]), ("judge", attempt["judge"]))
    ]


@dataclass(frozen=True)
class Quantities:
    """What one message takes, by function, as a test measured it."""

    functions: Mapping[str, Any]
    transitions: int
    stored_bytes: int

    @classmethod
    def recorded(cls) -> "Quantities":
        """As they are in the repository."""
        return cls(**json.loads(QUANTITIES.read_text()))

    def total(self, name: str) -> Decimal:
        """Of all functions together, such as log_bytes."""
        return sum((Decimal(str(each[name])) for each in self.functions.values()), Decimal(0))

    def calls(self, *operations: str) -> int:
        """How often these operations are called."""
        return sum(each["calls"].get(name, 0) for each in self.functions.values() for name in operations)

    @cached_property
    def seconds(self) -> Decimal:
        """How long all functions together run, but for what they wait for models."""
        every: list[tuple[str, int]] = [call for each in self.functions.values() for call in each["calls"].items()]
        made = sum(count for name, count in every if name not in _KEPT_BY_PROCESS)
        return len(self.functions) * SECONDS_OF_AN_INVOCATION + made * SECONDS_OF_A_CALL

    @cached_property
    def memory_gb(self) -> Decimal:
        """What every function has; it is the same for all."""
        (megabytes,) = {each["memory_mb"] for each in self.functions.values()}
        return Decimal(megabytes) / 1024


def parts(took: Quantities, *, model_calls: int, days_kept: int) -> list[Part]:
    """Everything but the tokens of one message, whose writer and judge call a model that often."""
    return [*_way(took, model_calls), *_stores(took, days_kept), *_retrieval(took), *_telemetry(took)]


def _way(took: Quantities, model_calls: int) -> Iterable[Part]:
    invocations, queued = len(took.functions), int(took.total("queued"))
    gb_seconds = (took.seconds + model_calls * SECONDS_OF_A_MODEL) * took.memory_gb
    events = took.calls("events:PutEvents")
    requests = queued * REQUESTS_OF_A_QUEUED_MESSAGE
    yield _part("API Gateway", "1 request", "api_request", 1)
    yield _part("EventBridge", f"{events} events", "event", events)
    yield _part("SQS", f"{queued} messages, each sent, received and deleted", "queue_request", requests)
    yield _part("Step Functions", f"{took.transitions} transitions", "state_transition", took.transitions)
    yield _part("Lambda, requests", f"{invocations} invocations", "lambda_request", invocations)
    waited = f"{model_calls} × {SECONDS_OF_A_MODEL} s for models"
    takes = f"{took.memory_gb:g} GB × ({took.seconds:.2f} s and {waited})"
    yield _part("Lambda, compute", takes, "lambda_gb_second", gb_seconds)


def _stores(took: Quantities, days_kept: int) -> Iterable[Part]:
    written, read = took.total("write_units"), took.total("read_units")
    gb_months = took.stored_bytes / _GB * days_kept / DAYS_OF_A_MONTH
    yield _part("DynamoDB, writes", f"{written:g} write units", "write_unit", written)
    yield _part("DynamoDB, reads", f"{read:g} read units", "read_unit", read)
    kept = f"{took.stored_bytes / 1024:.1f} KB for {days_kept} days"
    yield _part("DynamoDB, storage", kept, "table_gb_month", gb_months)
    yield _part("DynamoDB, recovery", kept, "recovery_gb_month", gb_months)
    objects = took.calls("s3:GetObject")
    yield _part("S3", f"{objects} reads", "object_read", objects)


def _retrieval(took: Quantities) -> Iterable[Part]:
    # The question about past cases is as long as a profile, about.
    profile, texts = int(took.total("embedded_characters")), took.calls("bedrock-runtime:InvokeModel") + 1
    models = [each["prices"]["regional"] for each in price_list()["models"].values()]
    # Only what embeds has no output to pay for.
    (price,) = (prices["input"] for prices in models if "output" not in prices)
    tokens = Decimal(profile) / _CHARACTERS_OF_A_TOKEN * texts
    takes = f"{texts} texts of {profile} characters"
    yield Part("Embeddings", takes, f"${price} a million tokens", Decimal(price) * tokens / 1_000_000)
    # The state Retrieve asks the Knowledge Base, whose index is asked then.
    queries, puts = took.calls("s3vectors:QueryVectors") + 1, took.calls("s3vectors:PutVectors")
    yield _part("S3 Vectors, queries", f"{queries} queries", "vector_query", queries)
    yield _part("S3 Vectors, writes", f"{puts} × 128 KB", "vector_gb_put", puts * VECTOR_PUT_BYTES / _GB)


def _telemetry(took: Quantities) -> Iterable[Part]:
    logged = took.total("log_bytes") + len(took.functions) * LOG_BYTES_OF_AN_INVOCATION
    yield _part("CloudWatch Logs", f"{logged / 1024:.1f} KB", "log_gb", logged / _GB)
    yield _part("X-Ray", f"{TRACED} traces", "trace", TRACED)


def _part(service: str, takes: str, price: str, quantity: Decimal | int) -> Part:
    return Part(service, takes, quoted(price), usd(price, quantity))


def rewrite(took: Quantities, calls: Iterable[Call]) -> Decimal:
    """What one more draft and its verdict cost: the tokens, three transitions, and both functions once more."""
    again = Quantities({name: took.functions[name] for name in _REWRITING}, transitions=3, stored_bytes=0)
    tokens = sum((call.cost() for call in calls), Decimal(0))
    seconds = again.seconds + len(_REWRITING) * SECONDS_OF_A_MODEL
    return sum(
        (
            usd("state_transition", again.transitions),
            usd("lambda_request", len(_REWRITING)),
            usd("lambda_gb_second", seconds * again.memory_gb),
            usd("write_unit", again.total("write_units")),
            usd("read_unit", again.total("read_units")),
        ),
        tokens,
    )


def days_kept() -> int:
    """How long production keeps a message, by samconfig.toml."""
    profile = tomllib.loads((ROOT / "samconfig.toml").read_text())["prod"]["deploy"]["parameters"]
    (days,) = (each.partition("=")[2] for each in profile["parameter_overrides"] if each.startswith("RetentionDays="))
    return int(days)
