"""A backfill: lines by customer, in batches; a customer's services of a batch together, several customers at a time."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import batched, islice

import event_contracts
from agent_platform import aws
from agent_platform.errors import TransientError
from agent_platform.features.store import FeatureStore
from agent_platform.moments import epoch
from agent_platform.tenants import customer_reference
from botocore.exceptions import BotoCoreError, ClientError
from outreach.backfill import PastService, differences, read_past_service
from outreach.brands import Brand
from outreach.contacts import Contacts
from outreach.erasure.lifting import Lifting
from outreach.features.customer import materialize

from operations.backfill.lines import Line
from operations.backfill.pace import Pace
from operations.backfill.progress import DIFFERENT, PARTLY, REFUSED, TAKEN_IN, Progress

BATCH, WORKERS = 500, 8
# Before each further try, in seconds: DynamoDB takes minutes to grow, and a customer's own events come meanwhile.
PAUSES = (0.4, 0.8, 1.6, 3.2, 6.4, *(10.0,) * 12)
# So many lines are held at once, to bring those of a customer together: their row is folded once for all of them.
WINDOW = 100_000
FORGOTTEN = "its customer was forgotten"
BEFORE = "it is of before its customer was forgotten"


@dataclass(frozen=True)
class _Read:
    """A line, and what it says or why it says nothing."""

    line: Line
    said: PastService | list[str]


type _Reasons = dict[int, list[str]]


@dataclass(frozen=True)
class _Left:
    """Readable lines that weren't taken in, with the reasons: refused, or known already, differently."""

    refused: _Reasons = field(default_factory=dict)
    differently: _Reasons = field(default_factory=dict)


@dataclass(frozen=True)
class Backfill:
    """Whose services they are, and where they go."""

    tenant: str
    brand: Brand
    key: bytes
    retention_days: int
    store: FeatureStore
    contacts: Contacts
    lifting: Lifting
    pace: Pace

    def run(self, lines: Iterable[Line], progress: Progress, *, advance: Callable[[int], None]) -> None:
        """Take in what is left of the lines, batch by batch; repeating any of it changes nothing.

        What `may_pass` is raised if it didn't within minutes: another run goes on from there.
        """
        progress.resume_report()
        with ThreadPoolExecutor(WORKERS) as workers:
            try:
                for batch in batched(islice(by_customer(lines), progress.lines, None), BATCH, strict=False):
                    self._take_in(batch, progress, workers)
                    advance(len(batch))
            except BaseException:
                # Also Ctrl-C: what nobody began isn't begun any more.
                workers.shutdown(cancel_futures=True)
                raise

    def _take_in(self, batch: Sequence[Line], progress: Progress, workers: ThreadPoolExecutor) -> None:
        began_at = datetime.fromisoformat(progress.began_at)
        read = [_Read(line, self._read(line, began_at)) for line in batch]
        of_customers: dict[str, list[tuple[Line, PastService]]] = defaultdict(list)
        for each in read:
            if isinstance(each.said, PastService):
                of_customers[each.said.customer].append((each.line, each.said))
        left = _Left()
        for found in workers.map(partial(self._keep, began_at=began_at), of_customers.values()):
            left.refused.update(found.refused)
            left.differently.update(found.differently)
        read = [replace(each, said=left.refused.get(each.line.number, each.said)) for each in read]
        progress.keep(_reported(read, left.differently), lines=len(batch), counts=_counts(read, left.differently))

    def _read(self, line: Line, as_of: datetime) -> PastService | list[str]:
        if line.fields is None:
            return [str(line.reason)]
        return read_past_service(
            line.fields,
            tenant=self.tenant,
            brand=self.brand,
            as_of=as_of,
            validate=event_contracts.validate,
            reference_of=partial(customer_reference, self.tenant, key=self.key),
        )

    def _keep(self, lines: Sequence[tuple[Line, PastService]], *, began_at: datetime) -> _Left:
        """Keep what lines say of one customer; which of them were left, and why.

        Tried again after a pause while DynamoDB is busy, or others were faster.
        """
        self.pace.wait(len(lines))
        keep = partial(self._kept, lines, expires_at=epoch(began_at, days=self.retention_days))
        for pause in PAUSES:
            try:
                return keep()
            except (TransientError, ClientError, BotoCoreError) as error:
                if not may_pass(error):
                    raise
                time.sleep(pause)
        return keep()

    def _kept(self, lines: Sequence[tuple[Line, PastService]], *, expires_at: int) -> _Left:
        now, customer = datetime.now(UTC), lines[0][1].customer
        refused = self._refused(lines, customer)
        lines = [each for each in lines if each[0].number not in refused]
        if not lines:
            return _Left(refused)
        known = {entry.event: entry for entry in self.store.history.entries(self.tenant, customer, now=now)}
        new, differently = [], {}
        for line, said in lines:
            before = known.setdefault(said.entry.event, said.entry)
            if before is said.entry:
                new.append(said.entry)
            elif differs := differences(said.entry, before):
                differently[line.number] = differs
        # Also if nothing is new: whoever added it may have been stopped before the row was written.
        materialize(self.tenant, customer, new, store=self.store, now=now, expires_at=expires_at)
        return _Left(refused, differently)

    def _refused(self, lines: Sequence[tuple[Line, PastService]], customer: str) -> _Reasons:
        """What isn't taken in of who was forgotten: an export of the past brings nothing of before back."""
        if self.contacts.find(self.tenant, customer).forgotten:
            return {line.number: [FORGOTTEN] for line, _ in lines}
        lifted = self.lifting.of(self.tenant, customer)
        before = lifted.forgotten_at if lifted else ""
        return {line.number: [BEFORE] for line, said in lines if said.entry.event_time < before}


def may_pass(error: Exception) -> bool:
    """Whether what went wrong may pass by itself."""
    return isinstance(error, TransientError) or aws.is_transient(error)


def by_customer(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines of each customer together, as far as so many lines hold them; the same lines in the same order."""
    for window in batched(lines, WINDOW, strict=False):
        yield from sorted(window, key=lambda line: str((line.fields or {}).get("customer_id")).strip())


def _counts(read: Sequence[_Read], differently: _Reasons) -> dict[str, int]:
    refused = sum(isinstance(each.said, list) for each in read)
    partly = sum(isinstance(each.said, PastService) and bool(each.said.set_aside) for each in read)
    taken_in = len(read) - refused - len(differently)
    return {TAKEN_IN: taken_in, REFUSED: refused, PARTLY: partly, DIFFERENT: len(differently)}


def _reported(read: Sequence[_Read], differently: _Reasons) -> Iterator[dict[str, object]]:
    """What the report says; never a value, only where it was and what was wrong with it."""
    for each in read:
        number = each.line.number
        if isinstance(each.said, list):
            yield {"line": number, REFUSED: each.said}
        elif number in differently:
            yield {"line": number, DIFFERENT: differently[number]}
        elif each.said.set_aside:
            yield {"line": number, "set aside": each.said.set_aside}
