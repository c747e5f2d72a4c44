"""What the simulation says of the events that the stack was sent."""

from collections.abc import Mapping
from random import Random
from typing import Any

from capacity import deployed
from capacity.inputs import assumptions
from capacity.limits import STARTER
from capacity.load.figures import MODEL_SECONDS, SECONDS, SLOTS, Figures
from capacity.simulation.arrivals import Event, steady
from capacity.simulation.pace import Pace
from capacity.simulation.settings import Settings
from capacity.simulation.stack import Stack


def events(a_second: float) -> list[Event]:
    """The same ones for the stack that runs and for the simulation."""
    return list(steady(a_second, SECONDS, Random(f"{assumptions()['seed']} {a_second}")))  # noqa: S311


def predicted(a_second: float, bench: Mapping[str, Any]) -> Figures:
    """What the simulation comes to, with the times that a bench has measured."""
    endless = 1e9
    settings = Settings(
        stage=endless,
        tenant=endless,
        retrieve=endless,
        judge_tokens=endless,
        writer_tokens=endless,
        concurrency=endless,
        starters=deployed.consumer(STARTER).concurrency,
        slots=SLOTS,
    )
    pace = Pace.on_the_local_aws(bench, MODEL_SECONDS)
    found = Stack(settings, pace, seed=int(assumptions()["seed"])).results(events(a_second))
    return Figures.of(found.campaign, seconds=found.last_stored, waiting=found.most_waiting)
