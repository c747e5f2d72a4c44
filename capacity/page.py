"""SCALABILITY.md and its pictures, as the model comes to them; the same inputs always give the same bytes."""

from collections.abc import Iterator
from pathlib import Path

from capacity.backlog import Day
from capacity.document import filling
from capacity.document.money import drawn
from capacity.document.words import times
from capacity.pictures import costs, limits, waiting
from capacity.scenarios import SCALES, Scenarios, scenarios
from operations.stack import ROOT

PAGE = ROOT / "SCALABILITY.md"
PICTURES = ROOT / "docs" / "scalability"


def files() -> dict[Path, str]:
    """What is to stand in each file."""
    told = scenarios()
    return {
        PAGE: filling.text(told),
        PICTURES / "limits.svg": limits.picture(told.limits),
        PICTURES / "waiting.svg": waiting.picture(_days(told)),
        PICTURES / "costs.svg": costs.picture(drawn(told)),
    }


def _days(told: Scenarios) -> dict[str, Day]:
    named = {times(scale): told.deployed(scale) for scale in SCALES[1:]}
    return named | {f"{times(told.cell)}, changed": told.changed(told.cell)}


def write() -> Iterator[Path]:
    """Write them anew."""
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        yield path
