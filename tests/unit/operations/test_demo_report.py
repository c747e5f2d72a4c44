"""What the demo shows of a message and expects of an event."""

import pytest

from operations.demo_report import Shown, shown_of, underlined, unexpected
from operations.scenarios import SCENARIOS, Scenario, Sent


@pytest.mark.parametrize(
    ("slots", "rendered", "facts"),
    [
        ("Hi {{customer.first_name}},\n\ngo {{offer.link}}", "Hi Ann,\n\ngo https://a\n\nfooter", ["Ann", "https://a"]),
        ("{{offer.name}}: {{offer.link}}", "Fall: https://a.example/x", ["Fall", "https://a.example/x"]),
        ("no fact", "no fact", []),
    ],
)
def test_the_facts_are_underlined_and_nothing_else(slots: str, rendered: str, facts: list[str]) -> None:
    marked = underlined(slots, rendered)
    assert marked.plain == rendered
    underlining = [marked.plain[span.start : span.end] for span in marked.spans]
    assert underlining == facts


def test_another_outcome_than_the_offline_models_is_told_and_another_models_is_not() -> None:
    line = Shown("id", "x", 202, "rejected", "", "run", 3, 2.0, None, None)
    assert list(unexpected(SCENARIOS[0], line, offline=True))
    assert not list(unexpected(SCENARIOS[0], line, offline=False))


def test_an_event_without_an_outcome_is_told_with_any_model() -> None:
    line = Shown("id", "x", 202, "failed", "no outcome", None, 0, None, None, None)
    assert list(unexpected(SCENARIOS[0], line, offline=False))


def test_an_event_that_starts_no_run_is_told_as_noted() -> None:
    scenario = Scenario("corrected", "good-referral", "noted")
    outcome = {"kind": "noted", "run": 1, "status": "features updated", "execution": ""}
    sent = Sent(scenario, "id", 202, {}, None, {"eventType": "service.corrected", "outcome": outcome})
    line = shown_of(sent)
    assert (line.outcome, line.reason) == ("noted", "service.corrected: features updated; it starts no run")
    assert not list(unexpected(scenario, line, offline=True))
