"""What is sent, by whom and when: a campaign in the middle of an ordinary hour, or so many a second for a while."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from capacity.inputs import Demand

# The campaign comes after the first minutes, and the day goes on for a while.
BEFORE, AFTER = 120, 900
LARGEST = "largest"


@dataclass(frozen=True)
class Event:
    """One event of a tenant, and when it is sent first, in seconds."""

    name: str
    tenant: str
    sent: float
    of_campaign: bool


def campaign(demand: Demand, scale: float, random: Random) -> Iterator[Event]:
    """The campaign of the largest company at so many times today's messages, with what else comes in."""
    ordinary, extra = demand.ordinary(demand.campaign_hour), demand.campaign / demand.campaign_minutes / 60
    now, sent, ends = 0.0, 0, BEFORE + demand.campaign_minutes * 60
    while now < ends + AFTER:
        rush = extra if BEFORE <= now < ends else 0.0
        now += random.expovariate(scale * (ordinary + rush))
        of_campaign = random.random() < rush / (ordinary + rush)
        largest = of_campaign or random.random() < demand.largest_tenant_share
        yield Event(str(sent), LARGEST if largest else str(random.randrange(1, demand.tenants)), now, of_campaign)
        sent += 1


def steady(a_second: float, seconds: float, random: Random) -> Iterator[Event]:
    """One company's events at random moments: exactly so many, as if a Poisson process had come to its mean."""
    moments = sorted(random.uniform(0, seconds) for _ in range(round(a_second * seconds)))
    yield from (Event(str(place), LARGEST, moment, of_campaign=True) for place, moment in enumerate(moments))
