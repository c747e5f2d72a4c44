"""What happens if nobody changes anything."""

from capacity.backlog import Day
from capacity.document.words import duration, latencies, number, percent, table, times
from capacity.inputs import assumptions
from capacity.scenarios import SCALES, Scenarios
from capacity.simulation.results import Results, percentile


def values(told: Scenarios) -> dict[str, str]:
    """For the chapter of that name."""
    found = told.campaigns
    slots, without = found["slots"], found["no slots"]
    return {
        "days": _days([told.deployed(scale) for scale in SCALES]),
        "seed": str(assumptions()["seed"]),
        "cell": str(told.cell),
        "campaigns": _campaigns(told, [found[word] for word in ("1", "10", "slots", "no slots")]),
        "throttled_without": percent(without.throttled_share),
        "failed_without": percent(without.failed_share),
        "failed_with": failed(slots),
        "throttled_with": percent(slots.throttled_share),
        "others_with": duration(percentile(slots.others, 0.5)),
        "campaign_with": duration(percentile(slots.campaign, 0.5)),
        "campaign_ten_last": duration(percentile(found["10"].campaign, 0.99)),
    }


def failed(found: Results) -> str:
    """How many runs fail, as part of a sentence."""
    return f"{percent(found.failed_share)} of the runs fail" if found.failed else "no run fails"


def _days(days: list[Day]) -> str:
    rows = [
        ("Most events that wait", *(number(day.most) for day in days)),
        ("The last of them waits", *(duration(day.longest_wait) if day.drained else "days" for day in days)),
        ("Nothing waits any more after", *map(drained, days)),
        ("Left to the next day", *(number(day.left) for day in days)),
    ]
    return table(("", *map(times, SCALES)), rows)


def drained(day: Day) -> str:
    """How long after the campaign began nothing waits any more."""
    if day.drained is None:
        return "never"
    return duration(60 * day.drained) if day.most else "–"


def _campaigns(told: Scenarios, four: list[Results]) -> str:
    rows = [
        ("The campaign's messages", *(latencies(each.campaign) for each in four)),
        ("Other companies' messages", *(latencies(each.others) for each in four)),
        ("Most that waited", *(number(each.most_waiting * each.stands_for) for each in four)),
        ("Refused by the API, sent again", *(number(each.refused * each.stands_for) for each in four)),
        ("Calls throttled", *(percent(each.throttled_share) for each in four)),
        ("Runs failed", *(percent(each.failed_share) for each in four)),
    ]
    return table(("", "today", "10×", f"{told.cell}×", f"{told.cell}×, without slots"), rows)
