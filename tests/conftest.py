"""What every suite needs: the generated validators, one width of terminal, the same random examples in every CI run."""

import os

import pytest
from event_contracts import generate
from hypothesis import settings

if not generate.is_current():
    generate.main()

# What is printed folds at a terminal's width, and is the same on every machine.
os.environ["COLUMNS"] = "140"

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the stack on a local AWS: the one that is deployed for all, or one that it stands up itself."""
    for item in items:
        if "deployed" in getattr(item, "fixturenames", ()) or hasattr(getattr(item, "module", None), "stood_up"):
            item.add_marker("deployed")
