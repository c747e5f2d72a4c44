"""A backfill: lines in batches, a customer's services of a batch together, several customers at a time."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched, islice

import event_contracts
from agent_platform.errors import TransientError
from agent_platform.features.entries import Entry
from agent_platform.features.store import FeatureStore
from agent_platform.moments import epoch
from agent_platform.tenants import customer_reference
from outreach.backfill import PastService, read_past_service
from outreach.brands import Brand
from outreach.features.customer import materialize

from operations.backfill.lines import Line
from operations.backfill.pace import Pace
from operations.backfill.progress import Progress

BATCH, WORKERS, TRIES = 500, 8, 6

type Read = list[tuple[Line, PastService | list[str]]]


@dataclass(frozen=True)
class Backfill:
    """Whose services they are, and where they go."""

    tenant: str
    brand: Brand
    key: bytes
    retention_days: int
    store: FeatureStore
    pace: Pace

    def run(self, lines: Iterable[Line], progress: Progress, *, advance: Callable[[int], None]) -> None:
        """Take in what is left of the lines, batch by batch; repeating any of it changes nothing."""
        progress.resume_report()
        with ThreadPoolExecutor(WORKERS) as workers:
            try:
                for batch in batched(islice(lines, progress.lines, None), BATCH, strict=False):
                    self._take_in(batch, progress, workers)
                    advance(len(batch))
            except BaseException:
                # Also Ctrl-C: what nobody began isn't begun any more.
                workers.shutdown(cancel_futures=True)
                raise

    def _take_in(self, batch: Sequence[Line], progress: Progress, workers: ThreadPoolExecutor) -> None:
        began_at = datetime.fromisoformat(progress.began_at)
        read = [(line, self._read(line, began_at)) for line in batch]
        of_customers: dict[str, list[Entry]] = defaultdict(list)
        for _, said in read:
            if isinstance(said, PastService):
                of_customers[said.customer_id].append(said.entry)
        list(workers.map(lambda each: self._keep(each[0], each[1], began_at), of_customers.items()))
        refused = sum(isinstance(said, list) for _, said in read)
        partly = sum(isinstance(said, PastService) and bool(said.set_aside) for _, said in read)
        counts = {"taken in": len(read) - refused, "refused": refused, "partly set aside": partly}
        progress.keep(_reported(read), lines=len(batch), counts=counts)

    def _read(self, line: Line, as_of: datetime) -> PastService | list[str]:
        if line.fields is None:
            return [str(line.reason)]
        return read_past_service(
            line.fields, tenant=self.tenant, brand=self.brand, as_of=as_of, validate=event_contracts.validate
        )

    def _keep(self, customer_id: str, entries: Sequence[Entry], began_at: datetime) -> None:
        customer = customer_reference(self.tenant, customer_id, key=self.key)
        expires_at = epoch(began_at, days=self.retention_days)
        self.pace.wait(len(entries))
        for number in range(1, TRIES + 1):
            now = datetime.now(UTC)
            try:
                materialize(self.tenant, customer, entries, store=self.store, now=now, expires_at=expires_at)
            except TransientError:
                # The customer's own events come meanwhile.
                if number == TRIES:
                    raise
                time.sleep(0.1 * 2**number)
            else:
                return


def _reported(read: Read) -> Iterable[dict[str, object]]:
    """What the report says; never a value, only where it was and what was wrong with it."""
    for line, said in read:
        if isinstance(said, list):
            yield {"line": line.number, "refused": said}
        elif said.set_aside:
            yield {"line": line.number, "set aside": said.set_aside}
