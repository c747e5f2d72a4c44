"""Who is like a customer: their vector follows their row, and what those most like them buy is written beside it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from agent_platform.errors import TransientError
from agent_platform.features.rows import FeatureRow
from agent_platform.features.store import FeatureStore
from agent_platform.features.views import Value
from agent_platform.moments import iso
from agent_platform.retrieval.neighbours import Neighbour, Neighbours
from agent_platform.tenants import SYNTHETIC

from outreach.features.customer import CUSTOMER
from outreach.neighbourhood import MOST_NEIGHBOURS, NEIGHBOURHOOD, TOO_FEW
from outreach.profile import profile_of

# Fewer would say little, and might say what one other customer bought.
FEWEST_NEIGHBOURS = 5
_TRIES = 5


def look_around(
    tenant: str, customer: str, row: FeatureRow, *, profiles: Neighbours, store: FeatureStore, now: datetime
) -> None:
    """Bring a customer's vector up to their row, and write what those most like them buy.

    Repeating it is safe. What is derived of a row is kept as long as the row.
    """
    kept = keep_profile(tenant, customer, row, profiles=profiles, store=store, now=now)
    if kept is None:
        return
    found = profiles.similar(tenant, customer, most=MOST_NEIGHBOURS, now=now)
    store.write(
        tenant,
        customer,
        NEIGHBOURHOOD.view,
        {"bought_nearby": bought_nearby(found, now=now)},
        event_time=iso(now),
        expires_at=kept.expires_at,
    )
    # Whoever was forgotten meanwhile is forgotten again.
    if store.read(tenant, customer, CUSTOMER, now=now, consistent=True) is None:
        store.withdraw(tenant, customer, NEIGHBOURHOOD.view)


def keep_profile(
    tenant: str, customer: str, row: FeatureRow | None, *, profiles: Neighbours, store: FeatureStore, now: datetime
) -> FeatureRow | None:
    """Make a customer's vector what their row says; the row that it was made from, None if there is no profile.

    A synthetic customer has none: nobody is like them, and an embedding costs.

    A vector can't be written under a condition. So the row is read again after every write, and whoever writes last
    has read it after everybody else had written: of two at once, the older never stays.
    """
    if tenant == SYNTHETIC:
        return None
    for _ in range(_TRIES):
        profile = profile_of(row.values) if row else None
        if row is None or profile is None:
            profiles.forget(tenant, customer)
            return None
        if not profiles.keep(tenant, customer, profile, expires_at=row.expires_at):
            return row
        again = store.read(tenant, customer, CUSTOMER, now=now, consistent=True)
        if again and again.revision == row.revision:
            return row
        row = again
    raise TransientError(f"a customer's row was written by others {_TRIES} times meanwhile")


def bought_nearby(neighbours: Sequence[Neighbour], *, now: datetime) -> Value:
    """The share of neighbours who buy each service, each counted by how similar they are; unknown if they are few."""
    alike = [neighbour for neighbour in neighbours if neighbour.similarity > 0]
    if len(alike) < FEWEST_NEIGHBOURS:
        return Value(None, TOO_FEW, iso(now))
    total = sum(neighbour.similarity for neighbour in alike)
    buyers: dict[str, float] = defaultdict(float)
    for neighbour in alike:
        for service in neighbour.has:
            buyers[service] += neighbour.similarity
    return Value({service: round(weight / total, 3) for service, weight in sorted(buyers.items())}, None, iso(now))
