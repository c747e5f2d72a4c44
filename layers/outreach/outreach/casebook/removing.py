"""Taking a case back: its file goes, what it said goes, and what stays keeps late news from making it again."""

from dataclasses import dataclass
from datetime import datetime

from outreach.casebook.files import CaseFiles
from outreach.casebook.rows import Place
from outreach.casebook.store import Casebook


@dataclass(frozen=True)
class Removal:
    """Where cases are, for who takes them back."""

    casebook: Casebook
    files: CaseFiles

    def remove(self, place: Place, why: str, *, now: datetime, expires_at: int | None = None) -> None:
        """Take a case back, also one that nobody has made yet."""
        # First, because afterwards nobody finds it by its customer; and again, in case it was published just now.
        self.files.delete(place.tenant, place.case)
        before = self.casebook.take_back(place, why, now=now, expires_at=expires_at)
        # Whoever is publishing it may write the file yet, and finishes then.
        if before == "publishing":
            self.files.delete(place.tenant, place.case)
        else:
            self.finish(place, now=now)

    def finish(self, place: Place, *, now: datetime) -> None:
        """Delete the file of a case that was taken back or withdrawn, also while somebody was writing it."""
        self.files.delete(place.tenant, place.case)
        if not self.casebook.move(place, "removing", "removed", now=now):
            self.casebook.move(place, "withdrawing", "withheld", now=now)
