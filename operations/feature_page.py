"""docs/features.md, written from the declared views, so that the page never names another feature."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from agent_platform.features.views import Feature, FeatureView
from outreach.features.views import CUSTOMER_VIEW
from outreach.neighbourhood import NEIGHBOURHOOD

from operations.stack import ROOT
from operations.terminal import counted

# Every view that a layer declares; a test finds one that is missing.
VIEWS = (CUSTOMER_VIEW, NEIGHBOURHOOD.view)
PAGE = ROOT / "docs" / "features.md"

_COLUMNS = ("Feature", "What it is", "Type", "Unit", "Holds for", "Unknown reads as", "Decided by")
_INTRODUCTION = """\
# Features

What the feature store knows, view by view. This page is written from the declarations by `scripts/features document`,
and a test compares both: change the declaration, not the page.

- A **view** is stored and read as a whole, by one request, under its key: name and version.
- A value that isn't known reads as `null` with the reason, never as 0. The table gives the reason where nothing was
  said; a feature may have others (`one_service_day_only`).
- A value older than it **holds for**, from the time of the event that it is from, reads as `null` with the reason
  `stale`.
- **Decided by** says why the order in which events come doesn't matter: `fold` is a function of the set of all events,
  `sequence` is what the latest event said (by its own time, then by its digest), `on demand` is computed when it is
  read and never stored.
"""


def page(views: Sequence[FeatureView] = VIEWS) -> str:
    """The page on these views; the same declarations always give the same text."""
    return "\n".join([_INTRODUCTION, *(line for view in views for line in _section(view))])


def write(path: Path = PAGE) -> None:
    """Write the page anew."""
    path.write_text(page(), encoding="utf-8")


def _section(view: FeatureView) -> Iterator[str]:
    yield f"## `{view.key}`"
    yield ""
    features = counted(len(view.features), "feature")
    yield f"Of a {view.entity}; owner: {view.owner}; {features}, {len(view.stored)} of them stored."
    yield ""
    yield _row(_COLUMNS)
    yield _row(["---"] * len(_COLUMNS))
    yield from (_row(_cells(feature, view)) for feature in view.features)
    yield ""


def _cells(feature: Feature, view: FeatureView) -> Sequence[str]:
    owner = "" if feature.owner == view.owner else f" (owner: {feature.owner})"
    return (
        f"`{feature.name}`",
        feature.description + owner,
        feature.type,
        feature.unit,
        _lifetime(feature.time_to_live),
        f"`{feature.missing}`",
        feature.decided_by,
    )


def _lifetime(time_to_live: timedelta | None) -> str:
    return "ever" if time_to_live is None else f"{time_to_live / timedelta(days=1):g} days"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
