"""Taking a case back: its file goes, what it said goes, and what stays keeps late news from making it again."""

from dataclasses import dataclass

from outreach.casebook.files import CaseFiles
from outreach.casebook.store import Casebook, Place

FORGOTTEN = "its customer was forgotten"


@dataclass(frozen=True)
class Forgotten:
    """What was deleted of a customer: the segments they were counted in, and the cases that were made of them."""

    memberships: int
    cases: int


@dataclass(frozen=True)
class Removal:
    """Where cases are, for who takes them back."""

    casebook: Casebook
    files: CaseFiles

    def remove(self, place: Place, why: str, *, expires_at: int | None = None) -> None:
        """Take a case back, also one that nobody has made yet."""
        # First, because afterwards nobody finds it by its customer; and again, in case it was published just now.
        self.files.delete(place.tenant, place.case)
        before = self.casebook.take_back(place, why, expires_at=expires_at)
        self.files.delete(place.tenant, place.case)
        # Whoever is publishing it may write the file yet, and finishes then.
        if before != "publishing":
            self.casebook.move(place, "removing", "removed")

    def finish(self, place: Place) -> None:
        """Delete the file of a case that was taken back while somebody was writing it."""
        self.files.delete(place.tenant, place.case)
        self.casebook.move(place, "removing", "removed")

    def forget(self, tenant: str, customer: str) -> Forgotten:
        """Delete what was made of a customer; a customer of whom there is nothing is forgotten already."""
        found = [place for place, _ in self.casebook.of(tenant, customer)]
        cases = [place for place in found if place.is_case]
        for place in found:
            if place.is_case:
                self.remove(place, FORGOTTEN)
            else:
                self.casebook.delete_member(place)
        return Forgotten(len(found) - len(cases), len(cases))
