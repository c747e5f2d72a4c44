"""The questions that a dashboard asks, read from its body: a widget each, in sections that begin with a ## heading."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from operations.dashboards.expressions import searches
from operations.dashboards.lines import Query, Search

# CloudWatch's own default.
_PERIOD = 300


@dataclass(frozen=True)
class Asked:
    """One entry of a widget: a metric, or an expression over those with an id."""

    label: str
    id: str
    query: Query | None
    expression: str
    visible: bool
    on_the_right: bool

    @property
    def searches(self) -> tuple[Search, ...]:
        """What it searches for."""
        return tuple(searches(self.expression)) if self.expression else ()


@dataclass(frozen=True)
class Question:
    """A widget: its title, how it is shown, its units, its thresholds by their labels, and what it asks for."""

    title: str
    view: str
    stacked: bool
    unit: str
    unit_on_the_right: str
    least: float | None
    most: float | None
    period: int
    thresholds: Mapping[str, float]
    asks: tuple[Asked, ...]


@dataclass(frozen=True)
class Section:
    """Questions under one heading."""

    heading: str
    questions: tuple[Question, ...]


def sections(body: str) -> list[Section]:
    """The sections of a dashboard's body, in the order in which one reads them."""
    widgets = sorted(json.loads(body)["widgets"], key=lambda each: (each["y"], each["x"]))
    found: list[tuple[str, list[Question]]] = [("", [])]
    for widget in widgets:
        of = widget["properties"]
        if widget["type"] == "metric":
            found[-1][1].append(_question(of))
        elif of["markdown"].startswith("## "):
            found.append((of["markdown"].removeprefix("## "), []))
    return [Section(heading, tuple(questions)) for heading, questions in found if questions]


def _question(of: Mapping[str, Any]) -> Question:
    axes, period = of.get("yAxis", {}), of.get("period", _PERIOD)
    left, right = axes.get("left", {}), axes.get("right", {})
    return Question(
        title=of["title"],
        view=of["view"],
        stacked=of.get("stacked", False),
        unit=left.get("label", ""),
        unit_on_the_right=right.get("label", ""),
        least=left.get("min"),
        most=left.get("max"),
        period=period,
        thresholds={each["label"]: each["value"] for each in of.get("annotations", {}).get("horizontal", [])},
        asks=tuple(_asked(of["metrics"], period)),
    )


def _asked(metrics: list[list[Any]], period: int) -> Iterator[Asked]:
    for entry in metrics:
        *names, options = entry
        query = None
        if names:
            namespace, name, *dimensions = names
            pairs = tuple(sorted(zip(dimensions[::2], dimensions[1::2], strict=True)))
            query = Query(namespace, name, pairs, options["stat"], options.get("period", period))
        yield Asked(
            label=options["label"],
            id=options.get("id", ""),
            query=query,
            expression=options.get("expression", ""),
            visible=options.get("visible", True),
            on_the_right=options.get("yAxis") == "right",
        )
