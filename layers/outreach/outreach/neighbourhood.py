"""What customers like this one buy: a view that is written after their row, and ranks what they never bought."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from agent_platform.features.rows import FeatureRow
from agent_platform.features.views import Definition, Feature, FeatureView

from outreach.services import service_key

MOST_NEIGHBOURS = 20
TOO_FEW = "too_few_neighbours"

NEIGHBOURHOOD = Definition(
    FeatureView(
        "neighbourhood",
        1,
        "customer",
        "outreach",
        (
            Feature(
                name="bought_nearby",
                type="numbers by name",
                unit="share by service",
                time_to_live=timedelta(days=30),
                owner="outreach",
                missing=TOO_FEW,
                description=f"the share of the {MOST_NEIGHBOURS} likest customers who buy it, the likest weighing most",
                decided_by="sequence",
            ),
        ),
    )
)


def shares_in(nearby: FeatureRow | None) -> Mapping[str, float] | None:
    """The shares that a row of this view holds, if any are known."""
    shares: Mapping[str, float] | None = nearby.values["bought_nearby"]["value"] if nearby else None
    return shares


def ranked(services: Sequence[str], shares: Mapping[str, float] | None) -> list[str]:
    """Services in the order of how many of the similar customers buy them; as they were given among equals."""
    return sorted(services, key=lambda service: -(shares or {}).get(service_key(service), 0.0))
