"""What comes in, and what one message takes."""

from capacity import measuring
from capacity.document.words import duration, number, percent, table, times
from capacity.inputs import assumptions, dated
from capacity.scenarios import SCALES, Scenarios


def values(told: Scenarios) -> dict[str, str]:
    """For the first two chapters."""
    demand, (looked_up, region) = told.message.demand, dated()
    return {
        "messages_a_day": f"{demand.messages_a_day:,}",
        "measured": measuring.about(),
        "region": region,
        "looked_up": looked_up,
        "demand": _table(told),
        "tenants": str(demand.tenants),
        "largest_share": percent(demand.largest_tenant_share),
        "campaign_today": f"{demand.campaign:,.0f}",
        "campaign_share": percent(demand.campaign_share),
        "campaign_minutes": str(demand.campaign_minutes),
        "campaign_hour": str(demand.campaign_hour),
        "open_seconds": f"{told.message.open_seconds:.1f} s",
        "model_seconds": duration(told.message.model_seconds),
        "model_spread": str(assumptions()["times"]["model_p95_to_median"]),
        "rewritten": percent(demand.rewritten),
    }


def _table(told: Scenarios) -> str:
    demand = told.message.demand
    today = {
        "Messages a day, a campaign's included": demand.whole_day,
        "A second, in the busiest hour of the day": max(map(demand.ordinary, range(24))),
        "A second, in the hour of the campaign": demand.busiest_hour,
        "A second, while the campaign comes in": demand.busiest_minute,
    }
    rows = ((what, *(number(value * scale) for scale in SCALES)) for what, value in today.items())
    return table(("", *map(times, SCALES)), rows)
