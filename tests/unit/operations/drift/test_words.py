import pytest

from operations.drift import words
from tests.unit.operations.drift.reports import number, report, subject


@pytest.mark.parametrize(
    ("of", "name"),
    [
        (subject("inputs.locale"), "locale (input)"),
        (subject("outputs.scores.brand_voice"), "scores.brand voice (output)"),
        (subject("inputs.comment_length", kind="missing"), "comment length missing (input)"),
        (subject("skips.reason"), "reason (skip)"),
    ],
)
def test_a_subject_has_a_name_that_says_where_it_belongs(of, name):
    assert words.name(of) == name


def test_a_category_moved_by_what_changed_its_share_most():
    assert words.moved(subject()) == "en-US: 75.0 % → 10.0 % of the runs"


def test_a_number_moved_by_its_median():
    assert words.moved(number()) == "median 4 → 4.1"


@pytest.mark.parametrize(
    ("index", "word"), [(0.0, "hardly"), (0.029, "hardly"), (0.03, "a little"), (0.1, "clearly"), (0.3, "much")]
)
def test_a_size_is_a_word_and_a_figure(index, word):
    assert words.how_far(subject(index=index)) == f"{word} (PSI {index:.2f})"


@pytest.mark.parametrize(
    ("of", "sentence"),
    [
        (report(subject(), number()), "1 of 2 subjects drifted, first of all locale (input)."),
        (report(number()), "None of 1 subjects drifted."),
        (report(verdict="collecting", baseline={"runs": 30, "from": "x", "to": "y", "needed": 200}),
         "The baseline is being collected: 30 runs so far. It takes a week, and at least 200 runs."),
        (report(verdict="too_few", window={"runs": 7, "from": "x", "to": "y", "needed": 50}),
         "7 runs since the baseline are too few to compare: at least 50."),
    ],
)  # fmt: skip
def test_a_report_is_one_sentence(of, sentence):
    assert words.verdict(of) == sentence


def test_what_becomes_the_new_normal_is_said_with_what_follows():
    assert words.new_normal(report(subject()), since="2026-11-20T00:00:00Z") == (
        "greenedge / outreach: the runs since 2026-11-20T00:00:00Z become the baseline of platform / outreach-writer "
        "v3. Until they are a week of runs, and at least 200, nothing is compared."
    )


def test_which_runs_were_compared_is_said():
    assert words.compared(report(number())) == (
        "200 runs (2026-11-20 to 2026-11-21) against 2,000 runs (2026-11-01 to 2026-11-08)"
    )
    nothing = {"runs": 0, "from": None, "to": None, "needed": 50}
    assert words.compared(report(window=nothing, baseline=nothing)) == "no runs yet"


def test_shares_are_of_the_runs_that_were_measured():
    assert words.shares(subject()) == [
        words.Shares("en-US", 0.75, 0.1), words.Shares("es-US", 0.25, 0.3), words.Shares("fr-CA", 0.0, 0.6),
    ]  # fmt: skip
