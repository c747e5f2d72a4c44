"""How large a run without a rewrite is, by the state machine and the recorded run: exact, so a limit and no figure."""

import json

import pytest

from tests.bench import run_size
from tests.bench.run_size import RunSize


@pytest.mark.parametrize("count", list(run_size.recorded().counts("as recorded")), ids=lambda count: count.name)
def test_a_run_without_a_rewrite_stays_small(count):
    assert count.kept, f"{count.value} {count.unit}"


def test_a_history_is_counted_by_its_events():
    entered, left = {"name": "Store", "input": "{}"}, {"name": "Store", "output": '{"said": "é"}'}
    events = [
        {"type": "ExecutionStarted", "executionStartedEventDetails": {"input": "{}"}},
        {"type": "TaskStateEntered", "stateEnteredEventDetails": entered},
        {"type": "LambdaFunctionStarted"},
        {"type": "TaskStateExited", "stateExitedEventDetails": left},
        {"type": "ExecutionSucceeded", "executionSucceededEventDetails": {"output": "{}"}},
    ]

    assert run_size.happened(events) == RunSize(transitions=2, events=5, largest_bytes=len('{"said": "é"}') + 1)


def test_the_way_is_the_one_that_the_recorded_run_decided(monkeypatch, tmp_path):
    """The recorded run's own decision is followed, not a way that is written down here."""
    for path in run_size.RECORDED.glob("*.json"):
        (tmp_path / path.name).write_text(path.read_text())
    document = json.loads((tmp_path / "store.json").read_text())
    document["request"]["decision"] = "skip"
    (tmp_path / "store.json").write_text(json.dumps(document))
    monkeypatch.setattr(run_size, "RECORDED", tmp_path)

    skipped = run_size.recorded()

    assert (skipped.transitions, skipped.events) == (4, 14)
