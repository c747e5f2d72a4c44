"""What is played through for the document: each scale as it is deployed, after its changes, and once without slots."""

from dataclasses import dataclass, replace
from functools import cache, cached_property
from random import Random

from capacity.backlog import Day, day, writes_a_second
from capacity.inputs import assumptions
from capacity.limits import Limit, limits
from capacity.message import Message
from capacity.simulation import arrivals
from capacity.simulation.pace import Pace
from capacity.simulation.results import Results
from capacity.simulation.settings import Settings
from capacity.simulation.stack import Stack

SCALES = (1, 10, 100, 1000)
# A simulation of more messages than ten times today's has one tenth of everything for each further ten.
_WHOLE = 10


@dataclass(frozen=True)
class Scenarios:
    """Everything the document tells of."""

    message: Message

    @cached_property
    def limits(self) -> list[Limit]:
        """In the order in which they are reached."""
        return limits(self.message)

    @cached_property
    def cell(self) -> int:
        """So many times today's messages are as much as one account in a Region is given."""
        return int(assumptions()["aims"]["largest_cell"])

    def cells(self, scale: int) -> int:
        """How many such cells a scale needs."""
        return max(1, scale // self.cell)

    def needed(self, scale: int) -> list[Limit]:
        """The limits that one cell of a scale would use more of than is planned with."""
        return [limit for limit in self.limits if limit.raised(min(scale, self.cell)) > 1]

    def deployed(self, scale: int) -> Day:
        """A day with nothing changed."""
        return day(scale, writes_a_second(self.message), self.message.demand)

    def changed(self, scale: int) -> Day:
        """A day of one cell after its changes."""
        a_second = writes_a_second(self.message, self.settings.slots)
        return day(min(scale, self.cell), a_second, self.message.demand)

    @cached_property
    def settings(self) -> Settings:
        """What a whole cell has after its changes."""
        return Settings.deployed(self.message).changed(self.message, self.cell)

    @cached_property
    def campaigns(self) -> dict[str, Results]:
        """The simulated campaigns, by a word for each."""
        deployed = Settings.deployed(self.message)
        return {
            "1": _simulated(deployed, 1),
            "10": _simulated(deployed, 10),
            "slots": _simulated(deployed, self.cell),
            "no slots": _simulated(deployed.without_slots(), self.cell),
            "changed": _simulated(self.settings, self.cell),
        }


def campaign(settings: Settings, scale: float, *, seed: int) -> Results:
    """What comes of a campaign at so many times today's messages."""
    message = Message.recorded()
    events = arrivals.campaign(message.demand, scale, Random(f"{seed} arrivals"))  # noqa: S311
    return Stack(settings, Pace.on_aws(message), seed=seed).results(events)


def _simulated(settings: Settings, scale: int) -> Results:
    share = min(1.0, _WHOLE / scale)
    part = settings if share == 1 else settings.part(share)
    found = campaign(part, scale * share, seed=int(assumptions()["seed"]))
    return replace(found, stands_for=round(1 / share))


@cache
def scenarios() -> Scenarios:
    """With the recorded message."""
    return Scenarios(Message.recorded())
