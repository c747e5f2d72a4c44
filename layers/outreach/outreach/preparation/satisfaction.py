"""A rating on any of the contract's scales, to one from 1 to 5."""

import re
from typing import Any, Literal

from outreach.preparation.parts import Part

type Scale = Literal["1-5", "0-10"]


def read_satisfaction(part: Part) -> float | None:
    """The satisfaction from 1 to 5; None, and a note, if it is impossible on its own scale.

    Without a scale it is on 1-5, the contract's default, unless it is above 5.
    """
    given = part.given("satisfaction")
    if given is None:
        return None
    number, _, out_of = str(given).replace(",", ".").partition("/")
    value = float(number)
    if isinstance(given, str):
        part.note("satisfaction", "number written as text", "numeric text", "number")
    scale = _scale(part, out_of.strip()) or ("0-10" if value > 5 else "1-5")
    if scale == "0-10":
        part.note("satisfaction", "rating on another scale", "0-10", "1-5")
        return round(1 + value * 0.4, 2)
    if not 1 <= value <= 5:
        part.note("satisfaction", "rating that its scale doesn't have", "number")
        return None
    return round(value, 2)


def _scale(part: Part, out_of: str) -> Scale | None:
    stated: Any = part.given("satisfaction_scale")
    if out_of:
        return "0-10" if out_of == "10" else "1-5"
    if stated is None:
        return None
    ends = re.findall(r"[0-9]+", f"{stated:g}" if isinstance(stated, int | float) else stated)
    match ends:
        case ["5"] | ["1", "5"]:
            return "1-5"
        case ["10"] | ["0", "10"]:
            return "0-10"
    part.note("satisfaction_scale", "unknown scale", "text")
    return None
