"""In which order limits are reached, and where the number of slots comes from."""

from capacity.document.words import number, percent, table, times
from capacity.inputs import assumptions, quotas
from capacity.limits import Limit, open_executions
from capacity.scenarios import SCALES, Scenarios


def values(told: Scenarios) -> dict[str, str]:
    """For the chapter on limits."""
    planned, message = assumptions()["aims"]["utilisation"], told.message
    head = ("Limit", "There is", "Today", *map(times, SCALES[1:]), "Whose", "What then")
    return {
        "tightest_today": percent(told.limits[0].used(1)),
        "tightest_ten": percent(told.limits[0].used(10)),
        "planned": percent(planned),
        "planned_share": str(planned),
        "limits": table(head, map(_row, told.limits), words=2),
        "judge_quota": f"{quotas()['judge_tokens'].value:,}",
        "judge_tokens": f"{message.tokens('judge'):,.0f}",
        "judge_rate": f"{quotas()['judge_tokens'].a_second * planned / message.tokens('judge'):.1f}",
        "slots": str(open_executions(message)),
    }


def _row(limit: Limit) -> tuple[str, ...]:
    name = f"[{limit.what}]({limit.source})" if limit.source else limit.what
    return name, number(limit.there_is), *(_used(limit, scale) for scale in SCALES), limit.whose, limit.change


def _used(limit: Limit, scale: int) -> str:
    said = percent(limit.used(scale))
    return f"**{said}**" if limit.raised(scale) > 1 else said
