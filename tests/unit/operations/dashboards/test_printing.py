"""The report in the terminal."""

import io

import pytest
from rich.console import Console

from operations.dashboards import printing
from operations.dashboards.answers import AnsweredSection
from operations.dashboards.standing import Standing
from tests.unit.operations.dashboards.traffic import HEADLINE, QUIET, SPAN, STANDING, nothing, seen


def printed(monkeypatch: pytest.MonkeyPatch, stands: Standing, sections: list[AnsweredSection], width: int) -> str:
    stream = io.StringIO()
    monkeypatch.setattr(printing, "out", Console(file=stream, width=width, highlight=False, emoji=False))
    printing.print_report("Outreach in the-stack", SPAN, HEADLINE, stands, sections)
    return stream.getvalue()


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return printed(monkeypatch, STANDING, seen(), 120).splitlines()


def line_with(report: list[str], start: str) -> str:
    return next(each for each in report if each.startswith(start))


def test_it_says_of_when_it_is_and_how_things_stand(report: list[str]) -> None:
    assert report[:10] == [
        "Outreach in the-stack  2026-11-20 19:00 to 2026-11-21 19:17 UTC",
        "approval-low rings since 19:12 UTC.",
        "28 of 38 messages approved · 12.0 s event to message, p95 · $0.0760 spent · $0.002000 a message · "
        "1 alarm ringing",
        "approval-low rings since 19:12 UTC",
        "  Ticket. Fewer than 70 % are approved.",
        "  First: scripts/messages list (docs/runbook.md#few-are-approved)",
        "Now: 2 executions open, the oldest since 19:16 UTC",
        "Now: outreach: 3 waiting, 1 in work",
        "Now: outcomes: 0 waiting, 0 in work, 2 dead letters",
        "Since 10:17 UTC: outreach-writer, rollout 4: version 2 against 1, open, 30 % of the customers",
    ]


def test_each_figure_has_its_statistic_and_its_course(report: list[str]) -> None:
    assert line_with(report, "  approved") == "  approved       73.7 % mean     ·····▅█▅█▅█▅█▅█▅█▅█▅█▅█▅·"
    assert "100.0 % mean" in line_with(report, "  outreach-writer v1")
    assert "38 in all" in line_with(report, "  messages")


def test_states_are_rows_and_percentiles_columns(report: list[str]) -> None:
    assert line_with(report, "              ").split() == ["p50", "p95", "p99"]
    assert line_with(report, "  Generate ").split() == ["Generate", *["400", "ms"] * 3]


def test_scores_are_bars(report: list[str]) -> None:
    assert "19 ████" in line_with(report, "  4 to 4.5")
    assert line_with(report, "  2 to 3").split() == ["2", "to", "3", "0"]


def test_sums_that_are_zero_share_a_line(report: list[str]) -> None:
    assert "  none: Validate, Enrich, Retrieve, Judge, Store" in report


def test_what_had_no_data_is_named(report: list[str]) -> None:
    silent = line_with(report, "No data: How do executions end?")
    assert "Is a dead-letter queue not empty?" in silent


def test_of_queues_without_metrics_it_says_how_they_stand(monkeypatch: pytest.MonkeyPatch, report: list[str]) -> None:
    quiet = " ".join(printed(monkeypatch, QUIET, nothing(), 120).split())

    assert "Is a dead-letter queue not empty? (now: all are empty)" in quiet
    assert "Is a dead-letter queue not empty? (now: see above)" in " ".join(report)


def test_a_value_or_two_are_no_course(report: list[str]) -> None:
    assert line_with(report, "  <script>").endswith("in all")


def test_a_name_that_is_cut_says_so(report: list[str]) -> None:
    assert "…" in line_with(report, "  <script>")


def test_what_others_wrote_reaches_the_terminal_as_text(report: list[str]) -> None:
    assert line_with(report, "  <script>").startswith("  <script>alert(1)</script> & \"quoted\" 'too' �[…")


@pytest.mark.parametrize("width", [40, 80])
def test_no_figure_is_lost_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    text = printed(monkeypatch, STANDING, seen(), width)
    assert "approved       73.7 % mean" in text
    assert max(map(len, text.splitlines())) <= width


def test_a_silent_stack_is_no_empty_page(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(monkeypatch, QUIET, nothing(), 120)

    assert text.splitlines()[1] == "No alarm rings."
    assert "Now: 0 executions open\nNow: every queue is empty, and no dead letter waits" in text
    assert "No data: How many messages are approved?" in text
