"""The table of scripts/bench: which line stands for its kind, and what counts as changed."""

import json

import pytest

from operations.terminal import Problem
from tests.bench import __main__ as bench
from tests.bench import board
from tests.bench.counts import Count
from tests.bench.pairs import Figure

SLOW = {"row": "P1", **Figure("start-up", [0.3, 0.5, 0.4], [0.2, 0.2, 0.2], 1.5, "Slow").document()}
QUICK = {"row": "P1", **Figure("start-up", [0.2, 0.2, 0.2], [0.2, 0.2, 0.2], 1.25, "Quick").document()}
EXACT = {"row": "P6", **Count("events", 36, "events", 60).document()}


def test_the_line_that_takes_most_of_its_limit_stands_for_its_kind():
    assert board.worst([QUICK, SLOW, EXACT]) == [(SLOW, 2), (EXACT, 1)]


def test_a_line_without_a_limit_stands_for_itself():
    free = [line | {"limit": None} for line in (QUICK, SLOW)]

    assert board.worst(free) == [(free[0], 1), (free[1], 1)]


def test_of_nothing_anything_is_too_much():
    none, one = (Count("compiled", value, "modules", 0).document() for value in (0, 1))

    assert board.nearness(none) <= 1 < board.nearness(one)


@pytest.mark.parametrize(("median", "is_changed"), [(2.0, False), (2.4, False), (2.6, True), (1.4, True)])
def test_a_ratio_is_another_one_only_beyond_what_was_measured_before(median, is_changed):
    now = SLOW | {"min": median, "median": median, "max": median}

    assert board.changed(now, SLOW) is is_changed


def test_an_exact_number_is_another_one_at_once():
    assert board.changed(EXACT | dict.fromkeys(("min", "median", "max"), 37), EXACT)


def test_what_was_measured_before_is_shown_beside_it(capsys):
    board.show([SLOW], each=False, before=[SLOW | {"min": 9.0, "median": 9.0, "max": 9.0}])

    said = capsys.readouterr().out
    assert "9.00" in said
    assert "beyond the limit: start-up, Slow" in said


def test_a_row_goes_by_its_number_or_its_name():
    assert bench._rows(["p6", "start-up", "retrieval"]) == ["P6", "P1"]
    assert bench._rows([]) == [f"P{number}" for number in range(1, 10)]
    with pytest.raises(Problem, match="P99"):
        bench._rows(["P99"])


def test_what_is_compared_with_must_be_figures(tmp_path):
    (tmp_path / "other.json").write_text(json.dumps([1]))

    with pytest.raises(Problem, match=r"other\.json"):
        bench._read(tmp_path / "other.json")


def test_a_row_that_fails_takes_nothing_from_those_before_it(tmp_path, monkeypatch, capsys):
    def measured(row):
        if row == "P7":
            raise RuntimeError("no run")
        return [EXACT]

    monkeypatch.setattr(bench.deployment, "build", lambda: None)
    monkeypatch.setattr(bench, "_measured", measured)

    with pytest.raises(RuntimeError, match="no run"):
        bench.main(["P6", "P7", "--json", str(tmp_path / "figures.json")])

    assert "every limit is kept" in capsys.readouterr().out
    [line] = json.loads((tmp_path / "figures.json").read_text())["figures"]
    assert (line["row"], line["median"]) == ("P6", 36)
