"""The real stack on a local AWS of the suite's own: built and deployed by the SAM CLI, driven over HTTP."""

import json
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from operations import events
from tests.workflow.deployed import STANDING, Deployed, stood_up


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The stack, deployed once for the suite, or the one that stands already."""
    if STANDING in os.environ:
        yield Deployed.now()
        return
    with stood_up(tmp_path_factory.mktemp("local-aws")):
        yield Deployed.now()


@pytest.fixture(autouse=True)
def _no_faults(deployed: Deployed) -> Iterator[None]:
    yield
    assert deployed.stack.local
    requests.delete(f"{deployed.stack.local.model_endpoint}/_control/faults", timeout=10).raise_for_status()


@pytest.fixture
def sample() -> Callable[..., dict[str, Any]]:
    """A sample event for a customer who was never written to."""

    def make(name: str, **service_line: Any) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(events.sample(name))
        event["data"]["customer"]["id"] = f"cust-{uuid.uuid4().hex[:12]}"
        event["data"].get("service", {}).update(service_line)
        return event

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One deployed stack for all, so one worker."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("workflow"))
