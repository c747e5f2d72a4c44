"""One customer, of whom events tell in any order: a state machine that compares what is read with a clerk."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations
from random import Random
from typing import Any, ClassVar

from agent_platform.errors import TransientError
from agent_platform.features.partition import Partition
from agent_platform.features.store import FeatureStore
from agent_platform.moments import epoch, iso
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from outreach.brands import parse_brand
from outreach.features.customer import customer_of, materialize

from tests.campaigns.customer_events import AGES, TOLD, entry_of
from tests.campaigns.in_order import told_in_order
from tests.campaigns.moto_engine import Engine, Paged, Twin
from tests.campaigns.turns import Crashed, Turns
from tests.infrastructure.template import ROOT
from tests.integration.stack import REGION

BRAND = parse_brand((ROOT / "brands/greenedge/brand.json").read_bytes())
DEFINITION = customer_of(BRAND)
TENANT, TABLE, OTHER_TABLE = "greenedge", "FeatureStoreTable", "TwinTable"
BEGIN = datetime(2026, 1, 15, 12, tzinfo=UTC)
RETENTION_DAYS, CRASHES, MOMENTS = 400, 0.08, 20
# Of items; small where others work between two pages.
PAGE, WHOLE = 5, 1_000
# One in so many sequences goes over moto's wire as well, and must be answered alike.
TWIN_OF = 20

ANY = st.integers(0, 2**16)
EVENT = st.tuples(TOLD, st.sampled_from(AGES))


class Customer(RuleBasedStateMachine):
    """One customer, of whom events tell; and after every step a look at what is read."""

    wire: ClassVar[Any] = None
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self):
        super().__init__()
        Customer.done["begun"] += 1
        self.engine = Engine(REGION)
        self.customer, self.now = f"c-{Customer.done['begun']}", BEGIN
        self.happened, self.received, self.in_row = [], [], []

    def store(self, turns=None):
        client = turns.client(self.engine) if turns else self.engine
        return FeatureStore(table=TABLE, dynamodb=Paged(client, page=PAGE if turns else WHOLE))

    def materialize(self, entries, *, turns=None):
        """As the queue has it done: again, until it is."""
        for entry, expires_at in entries:
            while True:
                try:
                    materialize(TENANT, self.customer, [entry], store=self.store(turns), now=self.now,
                                expires_at=expires_at)  # fmt: skip
                    break
                except (Crashed, TransientError) as error:
                    Customer.done[type(error).__name__] += 1

    def live(self, kept):
        return [entry for entry, expires_at in kept if expires_at > self.now.timestamp()]

    def in_order(self, entries, *, as_of=None):
        """What a clerk reads from the book after these entries: values, and the time of the latest event."""
        if not entries:
            return None
        clerk = told_in_order(entries)
        told = clerk.tells(as_of=as_of or self.now, catalogue=BRAND.services, seasons=BRAND.seasons)
        return told, max(entry.event_time for entry in entries)

    def expected_row(self):
        """The row as it was last written, until the retention of any of its entries is over."""
        return self.in_order(self.live(self.in_row)) if len(self.live(self.in_row)) == len(self.in_row) else None

    def read(self, *, turns=None, as_of=None):
        row = self.store(turns).read(TENANT, self.customer, DEFINITION, now=self.now, as_of=as_of)
        return (row.values, row.event_time) if row else None

    def received_also(self, kept):
        self.received += [each for each in kept if each not in self.received]
        if kept and self.live(self.received):
            self.in_row = [each for each in self.received if each[1] > self.now.timestamp()]

    def look(self):
        Customer.done["reads"] += 1
        found, expected = self.read(), self.expected_row()
        assert found == expected, "the row isn't what is told in order"

    def chosen(self, choices):
        return [self.happened[choice % len(self.happened)] for choice in choices]

    @initialize(drawn=ANY)
    def begin(self, drawn):
        self.random = Random(drawn)
        if self.random.random() < 1 / TWIN_OF:
            Customer.done["of them over the wire too"] += 1
            self.engine = Twin(self.wire, self.engine, other_table=OTHER_TABLE)

    @rule(told=st.lists(EVENT, min_size=1, max_size=4))
    def events_happen(self, told):
        self.happen(told)

    def happen(self, told):
        expires_at = epoch(self.now, days=RETENTION_DAYS)
        new = [(entry_of(len(self.happened) + number, what, age=age, now=self.now), expires_at)
               for number, (what, age) in enumerate(told)]  # fmt: skip
        self.happened += new
        return new

    @precondition(lambda self: self.happened)
    @rule(choices=st.lists(ANY, min_size=1, max_size=4))
    def events_come(self, choices):
        """In any order, some of them again."""
        kept = self.chosen(choices)
        self.materialize(kept)
        self.received_also(kept)
        self.look()

    @rule(told=st.lists(EVENT, min_size=2, max_size=3), again=st.lists(ANY, max_size=1),
          compacting=st.integers(0, 2), turn=ANY)  # fmt: skip
    def events_come_at_once(self, told, again, compacting, turn):
        """Call by call, while the history is compacted and somebody reads."""
        kept, seen = [*self.happen(told), *self.chosen(again)], []
        turns = Turns(Random(turn), crashes=CRASHES, look=lambda: None)
        actors = {f"writer {n}": lambda each=each: self.materialize([each], turns=turns) for n, each in enumerate(kept)}
        actors |= {f"compactor {n}": lambda: self.compact(turns) for n in range(compacting)}
        actors["reader"] = lambda: seen.extend([("row", self.read(turns=turns)),
                                                ("history", self.read(turns=turns, as_of=self.now))])  # fmt: skip
        turns.run(actors)
        Customer.done["calls in turns"] += turns.calls
        self.look_back(seen, kept)
        self.received_also(kept)
        self.look()

    def look_back(self, seen, kept):
        """Whatever was read meanwhile is told by all that was received before and some of what came."""
        new = [each for each in kept if each not in self.received]
        some = chain.from_iterable(combinations(new, size) for size in range(len(new) + 1))
        possible = [self.in_order(self.live([*self.received, *each])) for each in some]
        for what, found in seen:
            assert found in possible or (what == "row" and found == self.expected_row()), f"{what} of no moment"

    def compact(self, turns=None):
        try:
            self.store(turns).history.compact(TENANT, self.customer, now=self.now)
            Customer.done["compactions"] += 1
        except Crashed:
            Customer.done["Crashed"] += 1

    @precondition(lambda self: self.received)
    @rule()
    def the_history_is_compacted(self):
        self.compact()
        self.look()

    @rule(days=st.sampled_from((1, 30, 365, 450)), swept=st.booleans())
    def time_passes(self, days, swept):
        self.now += timedelta(days=days)
        if swept:
            partition = Partition(TABLE, Paged(self.engine, page=WHOLE), TENANT, self.customer)
            gone = [item["view"] for item in partition.all() if item["expiresAt"] <= self.now.timestamp()]
            partition.delete(gone)
            Customer.done["items swept"] += len(gone)
        self.look()

    def teardown(self):
        """All has come at last; what was known at random times is what a clerk knew then; and then it is forgotten."""
        if not self.happened:
            return
        late = [each for each in self.happened if each not in self.received]
        self.materialize(late)
        self.received_also(late)
        self.look()
        for moment in self.moments():
            known = [entry for entry in self.live(self.received) if entry.known_from <= iso(moment)]
            assert self.read(as_of=moment) == self.in_order(known, as_of=moment), f"as of {moment}"
        self.store().forget(TENANT, self.customer)
        assert self.store().export(TENANT, self.customer) == {"rows": {}, "history": []}
        Customer.done["sequences"] += 1
        Customer.done["events"] += len(self.happened)
        Customer.done["moments"] += MOMENTS

    def moments(self):
        """Half of them anywhere, half about the second in which something became known."""
        seconds = int((self.now - BEGIN).total_seconds()) + 1200 * 86_400
        anywhere = [self.now - timedelta(seconds=self.random.randint(0, seconds)) for _ in range(MOMENTS // 2)]
        known = [datetime.fromisoformat(self.random.choice(self.happened)[0].known_from) for _ in range(MOMENTS // 2)]
        return [*anywhere, *(min(each - timedelta(seconds=self.random.randint(0, 1)), self.now) for each in known)]
