"""How the document writes numbers, durations and tables."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from capacity.simulation.results import percentile

_SHARES = (0.5, 0.95, 0.99)
# Between a number and its unit, so that no cell of a table breaks there.
_GAP = "\N{NO-BREAK SPACE}"


def times(scale: float) -> str:
    """How often today: today itself, or 10×."""
    return "today" if scale == 1 else f"{scale:,.0f}×"


def number(value: float) -> str:
    """Two digits that count, or all of a whole number: 0.24, 1.8, 24.2, 240, 24,000."""
    if value > 99.9 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2g}"


def percent(share: float) -> str:
    """A share in per cent."""
    if share >= 0.01:
        return f"{100 * share:,.0f}{_GAP}%"
    return f"{100 * share:.1f}{_GAP}%" if share >= 0.001 else f"<{_GAP}0.1{_GAP}%" if share else f"0{_GAP}%"


def duration(seconds: float) -> str:
    """In the unit in which one would say it."""
    if seconds < 120:
        return f"{seconds:.0f}{_GAP}s"
    return f"{seconds / 60:.0f}{_GAP}min" if seconds < 2 * 3600 else f"{seconds / 3600:.1f}{_GAP}h"


def latencies(found: Sequence[float]) -> str:
    """Median, 95th and 99th percentile."""
    return " · ".join(duration(percentile(found, share)) for share in _SHARES)


def usd(cost: Decimal) -> str:
    """Cents, and for less than a cent tenths of it."""
    return f"${cost:,.2f}" if cost >= Decimal("0.01") or not cost else f"${cost:.4f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 0) -> str:
    """A table whose first column and last so many are words, and whose others are numbers."""
    sides = ["---", *["---:"] * (len(head) - 1 - words), *["---"] * words]
    return "\n".join(map(_row, [head, sides, *rows])) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
