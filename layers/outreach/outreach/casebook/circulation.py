"""Which cases others may read: those of segments that have enough customers, as long as they have, and no longer.

Each step writes first and then reads its segment, so whoever writes last sees everything: of two that come at once, one
publishes what the other made possible, or withdraws what it published too late. Doing any of it again changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from agent_platform.sweeps import MOST_PER_SWEEP, Swept, sweep
from agent_platform.worklists import Due

from outreach.casebook.files import CaseFiles
from outreach.casebook.removing import Removal
from outreach.casebook.rows import Place, kept_until
from outreach.casebook.store import Casebook

type Answer = Literal["stays", "closed meanwhile", "retention over"]

# A case is published only where it could be about any of so many customers of its tenant.
FEWEST_CUSTOMERS = 5

_OVER = "its retention is over"
# Less than a day, so that the sweep of the next day at this time looks again.
_LOOK_AGAIN = timedelta(hours=23, minutes=30)


@dataclass(frozen=True)
class Circulation:
    """The cases and their files, for who brings them into use and takes them out of it."""

    casebook: Casebook
    files: CaseFiles

    def update(self, segment: str, *, now: datetime) -> None:
        """Publish what may be read now, withdraw what may not any more, and finish what somebody left half done.

        A case that fails doesn't stop the others: the first failure is raised when all had their turn.
        """
        opened = list(self.casebook.open_cases(segment))
        if opened and self._has_enough(segment, now):
            failed = _each(opened, lambda place, row: self._publish_or_finish(place, row, now))
        else:
            failed = _each(opened, lambda place, row: self._withdraw(place, row, now))
        # Again, since customers may be forgotten while their segment's cases are published.
        if not self._has_enough(segment, now):
            published = list(self.casebook.published_cases(segment))
            failed += _each(published, lambda place, row: self._withdraw(place, row, now))
        if failed:
            raise failed[0]

    def sweep(self, *, now: datetime, may_go_on: Callable[[], bool], most: int = MOST_PER_SWEEP) -> Swept[Answer]:
        """Look once a day at each case that has a file: it goes with its retention, or with its segment's customers.

        IncompleteSweepError, at the end, if any failed.
        """
        seen: set[str] = set()
        swept: Swept[Answer] = sweep(
            self.casebook.filed.due(now),
            lambda due: self._look_at(due, seen, now),
            may_go_on=may_go_on,
            named=lambda due: {"case": due.key["entry"]},
            done="looked at",
            most=most,
        )
        return swept.complete("cases")

    def _look_at(self, due: Due, seen: set[str], now: datetime) -> Answer:
        # Claimed before anything else: cases that fail every time would stay first on the list and starve the rest.
        if not self.casebook.filed.claim(due, until=now + _LOOK_AGAIN):
            return "closed meanwhile"
        place = Place(due.key["segmentKey"], due.key["entry"])
        over = kept_until(self.casebook.row(place)) <= now.timestamp()
        if over:
            self._removal.remove(place, _OVER, now=now)
        if over or place.segment not in seen:
            self.update(place.segment, now=now)
        seen.add(place.segment)
        return "retention over" if over else "stays"

    def _has_enough(self, segment: str, now: datetime) -> bool:
        return self.casebook.members(segment, at_most=FEWEST_CUSTOMERS, now=now) >= FEWEST_CUSTOMERS

    @property
    def _removal(self) -> Removal:
        return Removal(self.casebook, self.files)

    def _publish_or_finish(self, place: Place, row: Mapping[str, Any], now: datetime) -> None:
        if row["status"] not in {"withheld", "publishing"}:
            self._removal.finish(place, now=now)
            return
        if kept_until(row) <= now.timestamp():
            return
        if row["status"] == "withheld" and not self.casebook.move(place, "withheld", "publishing", now=now):
            return
        self.files.put(place.tenant, place.case, row["text"], row["metadata"])
        if not self.casebook.move(place, "publishing", "published", now=now):
            self._after_another(place, now)

    def _after_another(self, place: Place, now: datetime) -> None:
        """Where it was taken back while it was published, perhaps before there was a file to delete, delete that."""
        if self.casebook.row(place).get("status") not in {"publishing", "published"}:
            self._removal.finish(place, now=now)

    def _withdraw(self, place: Place, row: Mapping[str, Any], now: datetime) -> None:
        before = row["status"]
        if before in {"removing", "withdrawing"}:
            self._removal.finish(place, now=now)
        elif before != "withheld" and self.casebook.move(place, before, "withdrawing", now=now):
            self.files.delete(place.tenant, place.case)
            # Whoever is publishing it may write the file yet, and finishes then; else the next who looks does.
            if before == "published":
                self._removal.finish(place, now=now)


def _each(
    cases: Iterable[tuple[Place, dict[str, Any]]], work: Callable[[Place, dict[str, Any]], None]
) -> list[Exception]:
    """Do it with each case; what failed."""
    failed: list[Exception] = []
    for place, row in cases:
        try:
            work(place, row)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others still have their turn
            failed.append(error)
    return failed
