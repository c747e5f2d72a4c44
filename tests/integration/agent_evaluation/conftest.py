"""Recorded runs of outreach, a second version of its writer, and an evaluation walked through its own definition."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import customer, service_completed
from tests.integration.agent_evaluation.walk import Evaluation
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.conftest import begin, ready, script  # noqa: F401 - how recordings come about
from tests.integration.stack import ROOT


@pytest.fixture
def recorded(ready, begin, script, request):  # noqa: F811 - pytest's way to name a fixture
    """Let outreach write so many messages, each to a customer of its own; gives the recordings' keys."""

    def record(count, **changes):
        if ready.items("RecordingsTable"):
            return write(count, changes)
        # A copy holds what the first test's fixtures left too.
        world = f"{count} {changes} recorded, with {sorted(request.fixturenames)}"
        return ready.begin_with(world, lambda: write(count, changes))

    def write(count, changes):
        for number in range(count):
            script(draft(), scores(5))
            person = customer(id=f"crm-{number}", **changes)
            document = begin(service_completed(customer=person), event_id=f"msg_{number}")
            assert ready.run(document)["message"]["status"] == "approved"
        return sorted(item["recording"] for item in ready.items("RecordingsTable"))

    return record


@pytest.fixture
def second(ready):  # noqa: F811
    """Version 2 of the writer, a draft."""
    folder = ROOT / "agents" / "outreach-writer"
    config = json.loads((folder / "config.json").read_text())
    prompt = (folder / "prompt.md").read_text() + "\nBe brief.\n"
    made = ready.registry().register(
        config, prompt, owner="platform", allowed_models=["amazon.nova-lite-v1:0"], now=datetime.now(UTC)
    )
    return made.version


@pytest.fixture
def evaluation(ready):  # noqa: F811
    """An evaluation of version 2 of the writer; a test says what is otherwise."""
    ready.add_manifest()

    def make(**changes):
        until = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
        wanted = {"agent_id": "platform#outreach-writer", "candidate": 2, "tenants": ["greenedge"], "until": until}
        return Evaluation(ready, wanted | changes)

    return make
