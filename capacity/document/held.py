"""The simulation beside a stack that runs."""

from collections.abc import Iterator, Mapping
from typing import Any

from capacity.document.words import duration, number, percent, table
from capacity.load.figures import MODEL_SECONDS, SECONDS, SLOTS, Figures, rates, recorded
from capacity.load.forecast import predicted
from capacity.scenarios import Scenarios

HEAD = ("Rate and figure", "Simulated", "Measured", "Off by")
_WHAT = {
    "median": "median, s",
    "p95": "95 in 100 within, s",
    "a_minute": "stored a minute",
    "waiting": "waiting at most",
}
# When other work wanted more than there is.
_BESIDE = "Other work wanted the CPUs as well, now more and now less; the simulation knows only what the bench met.\n"
# When it comes to more with every slot wanted.
_SLOWER = """\
With all slots wanted, the stack stored less than was forecast: a slot that comes free stays free a little longer than
simulated, which takes the polling of queues and the starter's own time as nothing here. Of throughput near a limit the
forecast is a hopeful one, then.
"""


def values(_: Scenarios) -> dict[str, str]:
    """For the chapter of that name."""
    found = recorded()
    return {
        "load_slots": str(SLOTS),
        "load_model": duration(MODEL_SECONDS),
        "load_seconds": duration(SECONDS),
        "load_measured": found["measured"],
        "load_cpus": str(found["bench"]["cpus"]),
        "load_average": number(found["load_average"]),
        "load_beside": _BESIDE if found["load_average"] > found["bench"]["cpus"] else "",
        "load_slower": _SLOWER if _slower(found) else "",
        "held": table(HEAD, rows(found)),
    }


def _slower(found: Mapping[str, Any]) -> bool:
    most = rates(found)[-1]
    return most.figures.a_minute < predicted(most.a_second, found["bench"]).a_minute


def rows(found: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """What was simulated and what was measured at each rate, and how far they are apart."""
    for rate in rates(found):
        said = predicted(rate.a_second, found["bench"])
        for word, what in _WHAT.items():
            label = f"{rate.a_second:g} a second, {rate.sent} sent: {what}"
            yield label, *_compared(word, said, rate.figures)


def _compared(word: str, said: Figures, was: Figures) -> tuple[str, str, str]:
    one, other = getattr(said, word), getattr(was, word)
    return f"{one:.3g}", f"{other:.3g}", off_by(one, other)


def off_by(said: float, was: float) -> str:
    """The error as a part of what was measured."""
    return percent(abs(said - was) / was) if was else str(round(said))
