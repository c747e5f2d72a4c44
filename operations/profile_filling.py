"""Making what is derived of customers' rows, where no event made it: their vectors, and what those like them buy."""

from dataclasses import dataclass
from datetime import datetime

from agent_platform.features.rows import FeatureRow
from agent_platform.features.store import FeatureStore
from agent_platform.retrieval.neighbours import Neighbours
from outreach.features.customer import CUSTOMER
from outreach.likeness import keep_profile, look_around

from operations.backfill.pace import Pace
from operations.feature_filling import Customer


@dataclass(frozen=True)
class ProfileFilling:
    """So many customers in a second and no more; repeating any of it changes nothing, also while events come."""

    store: FeatureStore
    profiles: Neighbours
    pace: Pace

    def embed(self, who: Customer, *, now: datetime) -> None:
        """Make a customer's vector, if it is missing, of another model or of another profile than their row's."""
        row = self._row(who, now)
        keep_profile(who.tenant, who.reference, row, profiles=self.profiles, store=self.store, now=now)

    def look_around(self, who: Customer, *, now: datetime) -> None:
        """Write what those most like a customer buy, of all who have a vector by now."""
        if row := self._row(who, now):
            look_around(who.tenant, who.reference, row, profiles=self.profiles, store=self.store, now=now)

    def _row(self, who: Customer, now: datetime) -> FeatureRow | None:
        self.pace.wait(1)
        return self.store.read(who.tenant, who.reference, CUSTOMER, now=now, consistent=True)
