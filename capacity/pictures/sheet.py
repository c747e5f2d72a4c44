"""An SVG that carries its own colours, so that it is readable as an <img>, also in the dark."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

WIDTH = 480
# The order in which colours are given to what is drawn.
COLORS = ("mark", "good", "open", "bad", "soft")
_STYLE = """\
svg{font:13px system-ui,sans-serif;--ink:#22252a;--soft:#6a7078;--line:#dedbd3;--mark:#2a5db0;--good:#25713f;\
--bad:#b0342c;--open:#8a6410}
@media(prefers-color-scheme:dark){svg{--ink:#e7e5df;--soft:#9aa1a9;--line:#40464d;--mark:#8ab4f8;--good:#7fcf98;\
--bad:#f2928a;--open:#e0bb62}}
text{fill:var(--ink)}.quiet{fill:var(--soft)}.end{text-anchor:end}.middle{text-anchor:middle}
.grid{stroke:var(--line)}polyline{fill:none;stroke-width:2;stroke-linejoin:round}.dashed{stroke-dasharray:5 4}
"""


def sheet(title: str, height: int, drawn: Iterable[str]) -> str:
    """The whole file; the title is what a reader without eyes hears."""
    colors = "".join(f".{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}" for name in COLORS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="640" role="img" '
        f'aria-label="{escape(title)}">\n<title>{escape(title)}</title>\n<style>{_STYLE}{colors}</style>\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )


def text(x: float, y: float, words: str, classes: str = "") -> str:
    """Words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{classes}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, classes: str = "grid") -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{classes}"/>'


def bar(x: float, y: float, width: float, height: float, color: str) -> str:
    """A filled rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{color}"/>'


@dataclass(frozen=True)
class Logarithmic:
    """An axis on which ten times as much is one step further."""

    least: float
    most: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value stands; what is beyond an end stands at it."""
        share = math.log(max(value, self.least) / self.least) / math.log(self.most / self.least)
        return self.start + (self.end - self.start) * min(1.0, share)
