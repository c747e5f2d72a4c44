"""A queue that tenants share, its starters and runs, by a clock of its own; starting and waiting is the real code."""

import heapq
import itertools
import json
import random
from collections import Counter, deque
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from agent_platform.ingest.slots import Slots
from agent_platform.ingest.starting import Starting
from agent_platform.references import EventReference

from tests.admission_table import AdmissionTable

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
MACHINE = "arn:aws:states:here:1:stateMachine:outreach"
# As template.yaml has them: of the queue's event source, and what SQS gives at once.
STARTERS, BATCH = 5, 10
# Seconds: a delivery's own way, what each start adds to it, and a run from its start to its message.
DELIVERY, EACH_START, SHORTEST_RUN, LONGEST_RUN = 0.03, 0.03, 5.0, 11.0


class SharedQueue:
    """What comes in, waits and runs; `waits` has the seconds of each tenant's events from being sent to their start."""

    def __init__(self, seed, *, most):
        random.seed(seed)
        self._rng, self.most, self.seconds = random.Random(seed), most, 0.0
        self.slots = Slots(table="admission", dynamodb=AdmissionTable(), pause=lambda _: None)
        self._starting = Starting("outreach", MACHINE, most, self.slots, self, self, self)
        self._visible, self._agenda, self._order, self._idle = deque(), [], itertools.count(), STARTERS
        self.waits, self.open, self.deliveries, self.fullest = {}, Counter(), 0, 0
        self._sent = Counter()

    @property
    def now(self):
        return START + timedelta(seconds=self.seconds)

    def send(self, tenant, many, *, at, waiting_since=None):
        """Let so many events come at a moment; one that waits already comes again at some time until then."""
        for _ in range(many):
            self._sent[tenant] += 1
            seconds = at if waiting_since is None else self._rng.uniform(0, at)
            since = at if waiting_since is None else waiting_since
            self._at(seconds, self._visible.append, (tenant, self._sent[tenant], since))

    def run(self, *, until):
        """Let time pass until what `until` asks for is there."""
        while self._agenda and not until(self):
            self.seconds, _, do, about = heapq.heappop(self._agenda)
            do(about)
            while self._idle and self._visible:
                self._deliver()

    def _deliver(self):
        self._idle -= 1
        self.deliveries += 1
        batch = [self._visible.popleft() for _ in range(min(BATCH, len(self._visible)))]
        open_before = self.open.total()
        answer = self._starting.answer({"Records": [_message(*each) for each in batch]}, now=self.now)
        assert answer == {"batchItemFailures": []}
        took = DELIVERY + EACH_START * (self.open.total() - open_before)
        self.fullest = max(self.fullest, self.open.total())
        self._at(self.seconds + took, self._back, None)

    def _back(self, _):
        self._idle += 1

    def _at(self, seconds, do, about):
        heapq.heappush(self._agenda, (seconds, next(self._order), do, about))

    # What a starter asks of the executions, the receipts and the queue.

    def start(self, machine, reference):
        since = float(reference.event_id.partition("@")[2])
        self.waits.setdefault(reference.tenant, []).append(self.seconds - since)
        self.open[reference.tenant] += 1
        run = self._rng.uniform(SHORTEST_RUN, LONGEST_RUN)
        self._at(self.seconds + run, self._end, reference)
        return True

    def _end(self, reference):
        self.open[reference.tenant] -= 1
        self.slots.let_go(reference.tenant, reference.execution_name)

    def is_open(self, execution):
        raise AssertionError("no message comes twice here")

    def mark_started(self, reference, execution):
        pass

    def send_again(self, waiting):
        for each in waiting:
            reference = EventReference.of(json.loads(each.message["body"])["detail"])
            number, _, since = reference.event_id.partition("@")
            self._at(self.seconds + each.seconds, self._visible.append, (reference.tenant, int(number), float(since)))
        return []


def _message(tenant, number, since):
    reference = EventReference(tenant, "a-crm", f"{number}@{since}", "service.completed")
    sent = int((START.timestamp() + since) * 1000)
    return {
        "messageId": f"{tenant}-{number}",
        "body": json.dumps({"detail": asdict(reference)}),
        "attributes": {"SentTimestamp": str(sent), "ApproximateReceiveCount": "1"},
    }
