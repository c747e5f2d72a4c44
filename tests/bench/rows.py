"""The rows of scripts/bench, by number and by name."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.bench import (
    cold_start,
    evaluation,
    feature_read,
    generate,
    layers,
    message_cost,
    run_size,
    start_up,
    webhook,
)
from tests.bench.counts import Count
from tests.bench.pairs import Figure

type Bench = Callable[[], Iterator[Figure | Count]]

ROWS: dict[str, tuple[str, Bench]] = {
    "P1": ("start-up", start_up.figures),
    "P2": ("layers", layers.figures),
    "P3": ("generate", generate.figures),
    "P4": ("webhook", webhook.figures),
    "P5": ("feature-read", feature_read.figures),
    "P6": ("run-size", run_size.figures),
    "P7": ("evaluation", evaluation.figures),
    "P8": ("message-cost", message_cost.figures),
    "P9": ("cold-start", cold_start.figures),
}
# Without a limit, and long: measured only for whoever asks.
BESIDE: dict[str, tuple[str, Bench]] = {"P1+": ("first-event", start_up.with_clients)}
EVERY = ROWS | BESIDE


def lines(row: str) -> list[dict[str, Any]]:
    """What a row finds, as JSON."""
    _, figures = EVERY[row]
    return [{"row": row, **figure.document()} for figure in figures()]
