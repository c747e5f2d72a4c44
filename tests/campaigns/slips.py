"""What the clerk of in_order.py was told of each service, slip by slip, and what stands in the book after them."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

type Told = dict[str, Any]


class Slip(NamedTuple):
    """What the clerk was told once of a service: by its own event or another's, as the how manieth, and when."""

    position: int
    own: bool
    told: Told | None
    at: str


class Line:
    """One service in the clerk's book; `told` is None after it was taken back."""

    def __init__(self, told: Told | None, *, own: bool) -> None:
        self.told, self.own = None if told is None else dict(told), own
        self.open = {name for name, value in (told or {}).items() if value is None}

    def complete(self, told: Told | None) -> None:
        """Another event repeats it: only what its own left open is written, and written over later."""
        if self.told is not None and told is not None:
            self.told |= {name: told[name] for name in self.open if told[name] is not None}

    @classmethod
    def of(cls, slips: list[Slip]) -> Self:
        """What stands in the book after these slips, one by one."""
        line: Self | None = None
        for slip in slips:
            if line is None or slip.own or not line.own:
                line = cls(slip.told, own=slip.own)
            else:
                line.complete(slip.told)
        assert line is not None
        return line


def services_in(slips: Mapping[str, list[Slip]]) -> list[Told]:
    """The services that were, oldest first, with the time that the rating was first told; alike ones are one."""
    written: dict[Any, Told] = {}
    for number, of in sorted(_by_service(slips).items(), key=lambda each: (each[0].startswith("line-"), each[0])):
        told = Line.of(of).told
        if told is None:
            continue
        first = next(slip.at for slip in of if slip.told and slip.told["satisfaction"] == told["satisfaction"])
        same = _look(told) if told["price"] and _look(told) else number
        if same not in written:
            written[same] = {**told, "number": number, "first": first}
        elif written[same]["satisfaction"] is None:
            written[same]["satisfaction"] = told["satisfaction"]
    return sorted(written.values(), key=lambda told: (told["date"] or "", told["number"]))


def _by_service(slips: Mapping[str, list[Slip]]) -> dict[str, list[Slip]]:
    """A slip without a number goes to the services that look like it now; if none does, to those that ever did."""
    numbered = {number: of for number, of in slips.items() if not number.startswith("line-")}
    filed = {number: [*of] for number, of in numbered.items()}
    for number in sorted(slips.keys() - numbered.keys()):
        looks = [_look(slip.told) for slip in slips[number] if _look(slip.told)]
        now = [each for each, of in numbered.items() if _look(Line.of(of).told) in looks]
        ever = [each for each, of in numbered.items() if any(_look(slip.told) in looks for slip in of)]
        for each in now or ever or [number]:
            filed[each] = sorted([*filed.get(each, []), *slips[number]], key=lambda slip: slip.position)
    return filed


def _look(told: Told | None) -> Any:
    if told is None or not told["date"] or not told["type"]:
        return None
    return told["date"], told["type"].lower(), *(told["price"] or {}).values()
