"""Every limit on the way of a message: AWS's and our own, how much of it today uses, and when it is reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from capacity import deployed
from capacity.inputs import assumptions, quotas
from capacity.message import Message

WEBHOOK, STARTER = "ReceiveWebhookFunction", "OutreachStartExecutionFunction"
FEATURES = "OutreachMaterializeFeaturesFunction"
# The receipt is put, marked as started, and concluded; each within a transaction, and once more in the tenant's index.
_RECEIPT_WRITES, _UNITS_IN_A_TRANSACTION = 3, 2
# Reserving and settling, for each call of a model.
_LEDGER_TRANSACTIONS = 2
# Taking and freeing a slot. A batch takes by one transaction; counted is the worst, a batch of one.
_SLOT_TRANSACTIONS = 2


class Whose(StrEnum):
    """Who can move a limit."""

    RAISED = "AWS, raised on request"
    FIXED = "AWS, fixed"
    NUMBER = "ours, a number"
    SHAPE = "ours, a table's shape"


@dataclass(frozen=True)
class Limit:
    """What there is of something, what the busiest time of today uses of it, and what is done about it."""

    word: str
    what: str
    there_is: float
    today: float
    whose: Whose
    change: str
    source: str | None = None

    @property
    def reached_at(self) -> float:
        """How many times today's messages use all of it."""
        return self.there_is / self.today

    def used(self, scale: float) -> float:
        """The share that so many times today's messages use."""
        return scale / self.reached_at

    def raised(self, scale: float) -> int:
        """What it must be multiplied by, so that no more than the planned share is used."""
        return max(1, ceil(self.used(scale) / float(assumptions()["aims"]["utilisation"])))


def open_executions(message: Message) -> int:
    """How many runs the model's quota carries, by Little's law: rate × time; rounded to tens."""
    rate = quotas()["judge_tokens"].a_second * float(assumptions()["aims"]["utilisation"]) / message.tokens("judge")
    return round(rate * message.open_seconds / 10) * 10


def limits(message: Message) -> list[Limit]:
    """All of them, in the order in which they are reached."""
    return sorted([*_front(message), *_models(message), *_runs(message), *_stores(message)],
                  key=lambda limit: limit.reached_at)  # fmt: skip


def _front(message: Message) -> Iterator[Limit]:
    """What must take a campaign as it comes."""
    peak, hour = message.demand.busiest_minute, message.demand.busiest_hour
    yield Limit("stage", "requests that the API's stage lets in, a second", deployed.throttle(), peak, Whose.NUMBER,
                "raise ThrottlingRateLimit")  # fmt: skip
    yield Limit("tenant", "events that one tenant may send, a second", deployed.parameter("TenantEventsPerSecond"),
                message.demand.largest_tenant_rush, Whose.NUMBER, "scripts/source limit, for that tenant")  # fmt: skip
    yield _aws("api_requests", peak, "ask AWS")
    yield _aws("put_events", peak + hour, "ten events with one PutEvents")
    running = peak * message.seconds(WEBHOOK) + hour * (
        message.seconds(STARTER, FEATURES) + message.work_seconds
    )  # fmt: skip
    yield _aws("concurrency", running, "ask AWS")
    yield _aws("log_events", peak + (len(message.took.functions) - 1) * hour, "ask AWS; log less at INFO")


def _models(message: Message) -> Iterator[Limit]:
    hour = message.demand.busiest_hour
    for role in ("judge", "writer"):
        yield _aws(f"{role}_tokens", hour * message.tokens(role),
                   "ask AWS; then the reserved tier")  # fmt: skip
    texts = message.took.calls("bedrock-runtime:InvokeModel") + 1
    yield _aws("embeddings", hour * texts, "embed what is new only")
    yield _aws("retrieve", hour, "ask the vector index itself")
    yield _aws("put_vectors", hour * message.took.calls("s3vectors:PutVectors"), "an index for each tenant")


def _runs(message: Message) -> Iterator[Limit]:
    hour, starter, features = message.demand.busiest_hour, deployed.consumer(STARTER), deployed.consumer(FEATURES)
    started = starter.concurrency * starter.batch / message.batch_seconds(starter.batch)
    folded = features.concurrency * features.batch / message.seconds(FEATURES)
    yield Limit("slots", "runs that may be open: MaxOpenExecutions", open_executions(message),
                hour * message.open_seconds, Whose.NUMBER, "raise it with the judge's quota")  # fmt: skip
    yield Limit("starters", "events that starters take from their queue, a second", started, hour, Whose.NUMBER,
                "raise MaximumConcurrency")  # fmt: skip
    yield Limit("features", "events that are folded into features, a second", folded, hour, Whose.NUMBER,
                "raise MaximumConcurrency")  # fmt: skip
    yield _aws("start_execution", hour, "ask AWS")
    yield _aws("transitions", hour * message.transitions, "ask AWS; Express for the six states")


def _stores(message: Message) -> Iterator[Limit]:
    demand, once = message.demand, 1 / float(assumptions()["times"]["transaction_seconds"])
    reserving = _LEDGER_TRANSACTIONS * len(message.calls) * demand.calls
    yield Limit("ledger", "transactions on one tenant's caps, a second", once, demand.largest_tenant * reserving,
                Whose.SHAPE, "several rows a cap")  # fmt: skip
    yield Limit("board", "transactions on the board of slots, a second", once, demand.busiest_hour * _SLOT_TRANSACTIONS,
                Whose.SHAPE, "several boards")  # fmt: skip
    writes = _RECEIPT_WRITES * _UNITS_IN_A_TRANSACTION
    yield _aws("partition_writes", demand.largest_tenant * writes, "several keys a tenant in the index of receipts")
    yield _aws("table_writes", demand.busiest_hour * float(message.took.total("write_units")), "ask AWS")


def _aws(word: str, today: float, change: str) -> Limit:
    quota = quotas()[word]
    whose = Whose.RAISED if quota.adjustable else Whose.FIXED
    what = quota.of if word == "concurrency" else f"{quota.of}, a second"
    return Limit(word, what, quota.a_second, today, whose, change, quota.source)
