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
SPENDERS, CRASHES, CONFLICTS, LOST = 64, 0.03, 0.2, 0.02
# The end of a day and of a month lie in between.
START = datetime(2026, 11, 30, 22, tzinfo=UTC)
TIMEOUT = timedelta(seconds=120)
MAX_TOKENS = 900
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
    """A DynamoDB client on which transactions meet others, and answers are lost."""

    def __init__(self, client, world, rng):
        self._client, self._world, self._rng = client, world, rng

    def __getattr__(self, name):
        return getattr(self._client, name)

    def transact_write_items(self, **asked):
        if self._rng.random() < CONFLICTS:
            self._world.done["conflict"] += 1
            reasons = [{"Code": "TransactionConflict"}, *({"Code": "None"} for _ in asked["TransactItems"][1:])]
            error = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(error, "TransactWriteItems")
        answer = self._client.transact_write_items(**asked)
        if self._rng.random() < LOST:
            self._world.done["answer lost"] += 1
            raise ConnectionClosedError(endpoint_url="https://dynamodb")
        return answer


class World:
    """The ledger's table, the bill, and everything that was ever wrong with either."""

    def __init__(self, stack, seed, *, budget, ledger=Ledger):
        self._stack, self._engine, self._ledger, self._budget = stack, Engine(REGION), ledger, budget
        self.rng, self.bill, self.done = random.Random(seed), Bill(), Counter()
        self.now, self.violations, self.peak = START, [], Fraction(0)
        self.turns = None
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
                     invocation=f"{rng.getrandbits(64):x}", now=self.now, ends_at=self.now + TIMEOUT)  # fmt: skip

    def _call(self, payer, rng):
        ledger = self.ledger(self.turns.client(Wire(self._engine, self, rng)))
        converse = metered(Model(self, payer, rng), payer, ledger=ledger)
        try:
            converse(model=rng.choice(MODELS), system="Write.", messages=NOW, inference={"max_tokens": MAX_TOKENS})
        except OverBudget:
            self.done["over budget"] += 1
        except (PlatformError, ConnectionClosedError, Crashed):
            self.done["failed"] += 1
        finally:
            self.done["reservations"] += 1

    def _sweeper(self):
        with telemetry.no_metrics():
            try:
                self.sweep(self.turns.client(Wire(self._stack.clients("dynamodb"), self, self.rng)))
            except (IncompleteSweepError, Crashed):
                self.done["sweep cut short"] += 1

    def ledger(self, dynamodb):
        budgets = Budgets(self._budget, table=TABLE, dynamodb=dynamodb)
        return self._ledger(budgets, table=TABLE, dynamodb=dynamodb, pause=lambda _: None)

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


def _count(counts, tenant, item, day):
    for period in (day, day[:7]):
        counts[tenant, item["line"], period] += item.get("amount", item.get("costMicros", 0))


def _failed(error, known):
    error.failed_call = known
    return error
