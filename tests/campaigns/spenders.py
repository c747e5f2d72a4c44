"""Tenants whose runs call models at once, under caps that are too low for all; and the bill that comes of it."""

import json
import math
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from agent_platform import telemetry
from agent_platform.errors import FailedCall, ModelRefused, OutputTruncated, OverBudget, PlatformError, TransientError
from agent_platform.inference.budgets import LINES, Budgets
from agent_platform.inference.completions import Completion
from agent_platform.inference.expiry import Expiry
from agent_platform.inference.holds import LISTING
from agent_platform.inference.ledger import Ledger
from agent_platform.inference.metering import metered
from agent_platform.inference.payers import Payer
from agent_platform.inference.prices import Usage, cost_of
from agent_platform.items import from_item
from agent_platform.sweeps import IncompleteSweepError
from agent_platform.worklists import WorkList
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.campaigns.moto_engine import Engine
from tests.campaigns.turns import WRITES, Crashed, Turns
from tests.integration.stack import REGION, ROOT

TABLE = "CostLedgerTable"
MODELS = ("us.amazon.nova-lite-v1:0", "us.anthropic.claude-haiku-4-5-20251001-v1:0", "amazon.nova-micro-v1:0")
TENANTS = ("greenedge", "brightnest")
SPENDERS, CRASHES, LOST = 64, 0.03, 0.02
# What a turn takes, in seconds, of everybody's time: a transaction is answered about as fast.
TURN = 0.02
# The end of a day and of a month lie in between.
START = datetime(2026, 11, 30, 22, tzinfo=UTC)
# A function's two minutes, and one after them.
TIMEOUT = timedelta(minutes=3)
MAX_TOKENS = 900
# As the state machine does, spenders try again what others were in the way of, so many turns later at most.
IN_THE_WAY = ("held by calls under way", "the ledger was busy")
TRIES, WAITS = 2, 100
NOW = [{"role": "user", "content": [{"text": "Now."}]}]


class Bill:
    """What the vendor will ask for: every call that its model worked on, by its own arithmetic."""

    def __init__(self):
        prices = (ROOT / "layers/agent_platform/agent_platform/inference/prices.json").read_text()
        self._models = json.loads(prices)["models"]
        self.by_line = Counter()
        self.answered = 0

    def cost(self, model, usage):
        prices = self._models[model.removeprefix("us.")]["prices"]["regional"]
        return math.ceil(sum(Fraction(prices[kind]) * tokens for kind, tokens in vars(usage).items()))


class Model:
    """A model on the wire of one payer: it answers, ends too early, is throttled, refuses, or is not waited for."""

    def __init__(self, world, payer, rng):
        self._world, self._payer, self._rng = world, payer, rng

    def __call__(self, *, model, system, messages, inference, tool=None):
        return self._world.turns.call("converse", lambda: self._answer(model))

    def _answer(self, model):
        world, ending = self._world, self._rng.choices(["answer", "truncated", "throttled", "refused", "late"],
                                                       [80, 5, 7, 3, 5])[0]  # fmt: skip
        world.done[ending] += 1
        if ending == "throttled":
            raise _failed(TransientError("converse: ThrottlingException"), FailedCall({}, throttled=True))
        if ending == "refused":
            raise _failed(ModelRefused("converse: AccessDeniedException"), FailedCall({}))
        usage = Usage(*(self._rng.randrange(most) for most in (900, MAX_TOKENS, 90, 90)))
        cost = world.bill.cost(model, usage)
        world.bill.by_line[self._payer.tenant, self._payer.line] += cost
        if ending == "late":
            raise _failed(TransientError("converse: ReadTimeoutError"), FailedCall(None))
        if ending == "truncated":
            raise _failed(OutputTruncated("ended"), FailedCall(vars(usage)))
        return Completion("", None, "end_turn", model, usage.input, usage.output, 1, cost_of(model, usage),
                          usage.cache_read, usage.cache_write, "default")  # fmt: skip


class Wire:
    """A DynamoDB on which a transaction is under way for a turn, and cancelled if it meets one; answers get lost."""

    def __init__(self, client, world, rng):
        self._client, self._world, self._rng = world.turns.client(client), world, rng

    def __getattr__(self, name):
        return getattr(self._client, name)

    def transact_write_items(self, **asked):
        keys = {_key(item) for item in asked["TransactItems"]}
        self._world.turns.call("begin", lambda: self._begin(keys))
        try:
            answer = self._client.transact_write_items(**asked)
        finally:
            self._world.under_way -= keys
        if self._rng.random() < LOST:
            self._world.done["answer lost"] += 1
            raise ConnectionClosedError(endpoint_url="https://dynamodb")
        return answer

    def _begin(self, keys):
        if self._world.under_way.isdisjoint(keys):
            self._world.under_way |= keys
            return
        self._world.done["conflict"] += 1
        error = {"Error": {"Code": "TransactionCanceledException"},
                 "CancellationReasons": [{"Code": "TransactionConflict"}]}  # fmt: skip
        raise ClientError(error, "TransactWriteItems")


class World:
    """The ledger's table, the bill, and everything that was ever wrong with either."""

    def __init__(self, stack, seed, *, budget, ledger=Ledger):
        self._stack, self._engine, self._ledger, self._budget = stack, Engine(REGION), ledger, budget
        self.rng, self.bill, self.done = random.Random(seed), Bill(), Counter()
        self.now, self.violations, self.peak = START, [], Fraction(0)
        self.turns, self.under_way = None, set()
        self._settled, self.rows = Counter(), []

    def round(self, calls_each):
        """Let every spender make its calls while a sweeper books what ran out, one write after the other."""
        self.turns = Turns(self.rng, crashes=CRASHES, look=self.look, writes={*WRITES, "update_item", "converse"})
        work = {f"spender {number}": self._spender(number, calls_each) for number in range(SPENDERS)}
        self.turns.run(work | {"sweeper": self._sweeper})
        self.done += Counter({"crash": self.turns.crashed})
        self.archive()

    def _spender(self, number, calls_each):
        rng = random.Random(self.rng.random())
        # Most are of one line, where they are in each other's way.
        tenant, line = (TENANTS[0], "runs") if number % 4 else (rng.choice(TENANTS), rng.choice(LINES))
        payers = [self._payer(tenant, line, rng) for _ in range(calls_each)]

        def spend():
            with telemetry.no_metrics():
                for payer in payers:
                    self._call(payer, rng)

        return spend

    def _payer(self, tenant, line, rng):
        return Payer(tenant, line, f"{rng.getrandbits(256):064x}", "Generate", 1, "platform#writer", 1,
                     invocation=f"{rng.getrandbits(64):x}", now=self.now, ends_at=self.now + TIMEOUT,
                     books_until=95)  # fmt: skip

    def _call(self, payer, rng):
        ledger = self.ledger(Wire(self._engine, self, rng))
        converse = metered(Model(self, payer, rng), payer, ledger=ledger)
        try:
            for _ in range(TRIES):
                if self._called(converse, rng.choice(MODELS)):
                    break
                self.turns.rest(rng.uniform(0, WAITS))
        except OverBudget:
            self.done["over budget"] += 1
        except (PlatformError, Crashed):
            self.done["failed"] += 1

    def _called(self, converse, model):
        """Call a model; False if it is to be tried again because others are in the way."""
        self.done["reservations"] += 1
        try:
            converse(model=model, system="Write.", messages=NOW, inference={"max_tokens": MAX_TOKENS})
        except TransientError as error:
            in_the_way = next((each for each in IN_THE_WAY if each in str(error)), None)
            if in_the_way is None:
                raise
            self.done[in_the_way] += 1
            return False
        return True

    def _sweeper(self):
        with telemetry.no_metrics():
            try:
                self.sweep(Wire(self._stack.clients("dynamodb"), self, self.rng))
            except (IncompleteSweepError, Crashed):
                self.done["sweep cut short"] += 1

    def ledger(self, dynamodb):
        budgets = Budgets(self._budget, table=TABLE, dynamodb=dynamodb)
        return self._ledger(budgets, table=TABLE, dynamodb=dynamodb, clock=lambda: self.turns.time * TURN,
                            pause=lambda seconds: self.turns.rest(seconds / TURN))  # fmt: skip

    def sweep(self, dynamodb):
        """Book what ran out."""
        holds = WorkList(LISTING, table=TABLE, dynamodb=dynamodb)
        return Expiry(holds, self.ledger(dynamodb)).sweep(now=self.now, may_go_on=lambda: True)

    def items(self):
        return [from_item(item) for item in self._engine.items(TABLE)]

    def look(self):
        """Compare what is there with what must be."""
        held, settled, used = Counter(), self._settled.copy(), Counter()
        caps = {}
        for item in self.items():
            tenant, kind, *day = item["series"].split("#")
            if kind == "caps":
                line, _, period = item["subject"].partition("#")
                caps[tenant, line, period] = item
                if len(period) == len("2026-11"):
                    used[tenant, line] += item["used"]
            else:
                _count(held if kind == "holds" else settled, tenant, item, day[0] if day else item["day"])
        self._compare(caps, held, settled, used)

    def _compare(self, caps, held, settled, used):
        for key, cap in caps.items():
            limit = self._budget.month if len(key[2]) == len("2026-11") else self._budget.day
            self.violations += [f"{what}: {key}" for what, holds in {
                "a cap was passed": cap["settled"] + cap["held"] <= limit,
                "used is not settled and held": cap["used"] == cap["settled"] + cap["held"],
                "what is held has no holds": cap["held"] == held[key],
                "what is settled has no calls": cap["settled"] == settled[key],
            }.items() if not holds]  # fmt: skip
            self.peak = max(self.peak, Fraction(cap["used"], limit))
        self.violations += [f"the bill is higher than what is settled and held: {line}"
                            for line, billed in self.bill.by_line.items() if billed > used[line]]  # fmt: skip

    def clear(self):
        """Leave the table empty for another world."""
        for item in self.items():
            self._delete(item)

    def archive(self):
        """Take the calls out of the table, so that the last of many rounds is as fast as the first."""
        for item in self.items():
            tenant, kind, *day = item["series"].split("#")
            if kind == "calls":
                self.rows.append(item)
                _count(self._settled, tenant, item, day[0])
                self._delete(item)

    def _delete(self, item):
        self._engine.delete_item(TableName=TABLE, Key={name: {"S": item[name]} for name in ("series", "subject")})


def _key(item):
    (write,) = item.values()
    key = write.get("Key") or write["Item"]
    return write["TableName"], key["series"]["S"], key["subject"]["S"]


def _count(counts, tenant, item, day):
    for period in (day, day[:7]):
        counts[tenant, item["line"], period] += item.get("amount", item.get("costMicros", 0))


def _failed(error, known):
    error.failed_call = known
    return error
