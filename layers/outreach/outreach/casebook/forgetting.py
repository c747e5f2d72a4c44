"""Forgetting a customer: their cases go, they are counted no more, and no late news of before brings them back."""

from dataclasses import dataclass
from datetime import datetime

from outreach.casebook.circulation import Circulation
from outreach.casebook.files import CaseFiles
from outreach.casebook.removing import Removal
from outreach.casebook.store import Casebook

FORGOTTEN = "its customer was forgotten"


@dataclass(frozen=True)
class Forgotten:
    """What was deleted of a customer: the segments they were counted in, and the cases that were made of them."""

    memberships: int
    cases: int


@dataclass(frozen=True)
class Forgetting:
    """Where cases are, for who forgets customers."""

    casebook: Casebook
    files: CaseFiles

    def forget(self, tenant: str, customer: str, *, now: datetime, expires_at: int) -> Forgotten:
        """Delete what was made of a customer; a customer of whom there is nothing is forgotten already.

        What keeps them forgotten stays until `expires_at`, by when no message of before is left.
        """
        # First: whoever is making something of them now fails, or has written what is found here.
        self.casebook.forget(tenant, customer, now=now, expires_at=expires_at)
        found = [place for place, _ in self.casebook.of(tenant, customer)]
        cases = [place for place in found if place.is_case]
        for place in found:
            if place.is_case:
                Removal(self.casebook, self.files).remove(place, FORGOTTEN, now=now)
            else:
                self.casebook.delete_member(place)
        for segment in {place.segment for place in found}:
            Circulation(self.casebook, self.files).update(segment, now=now)
        return Forgotten(len(found) - len(cases), len(cases))
