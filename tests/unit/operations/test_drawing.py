"""Looks as lines: one scale, the margin and zero in their places, arrows for what lies beyond."""

import pytest

from operations.agents.drawing import axis_line, drawn, interval_line, scale_of


@pytest.mark.parametrize(
    ("low", "high", "line"),
    [
        (-0.2, 0.2, "├────┊────│─────────┤"),
        (-0.06, 0.06, "     ┊ ├──│──┤       "),
        (-1.0, 1.0, "◀────┊────│─────────▶"),
        (-1.0, -0.16, "◀─┤  ┊    │          "),
        (0.02, 0.1, "     ┊    │├───┤     "),
    ],
)
def test_an_interval_is_drawn_on_the_scale(low, high, line):
    assert interval_line(low, high, margin=0.1, scale=0.2, width=21) == line


def test_the_axis_says_margin_zero_and_both_ends():
    assert axis_line(margin=0.1, scale=0.2, width=41) == "-20%     -10%       0                +20%"


def test_where_there_is_no_room_the_margin_stays():
    line = axis_line(margin=0.02, scale=0.4, width=20)

    assert "-2%" in line
    assert len(line) == 20


@pytest.mark.parametrize(
    ("intervals", "scale"),
    [([], 1.0), ([(-1.0, 1.0)], 1.0), ([(-1.0, 1.0), (-0.2, 0.1)], 0.3), ([(-0.01, 0.01)], 0.1)],
)
def test_the_scale_fits_the_last_interval_and_the_margin(intervals, scale):
    assert scale_of(intervals, 0.05) == pytest.approx(scale)


def look(number, low, high, decision="hold", verdict="hold"):
    comparison = {"metric": "ApprovalRate", "low": low, "high": high, "verdict": verdict,
                  "baseline": {"n": 90 * number}, "candidate": {"n": 10 * number}}  # fmt: skip
    return {"look": number, "share": 1_000, "decision": decision, "outcome": None, "comparisons": [comparison]}


@pytest.mark.parametrize("width", [60, 80, 200])
def test_every_look_is_one_line_of_the_same_width_and_the_axis_is_below(width):
    looks = [look(1, -1.0, 1.0), look(2, -0.3, 0.2), look(3, -0.04, 0.05, "advance", "promote")]
    *lines, axis = [each.plain for each in drawn(looks, "ApprovalRate", margin=0.05, width=width)]

    assert [line.rsplit(maxsplit=1)[1] for line in lines] == ["hold", "hold", "advance"]
    assert all(len(line) <= width for line in [*lines, axis])
    assert lines[2].startswith("   3   10 %        270:30 ")
    assert [line.count("◀") for line in lines] == [1, 1, 0]
    assert "-5%" in axis


def test_a_metric_of_which_no_look_knows_is_not_drawn():
    assert drawn([look(1, -1.0, 1.0)], "JudgeScore", margin=0.05, width=80) == []
    assert drawn([{"look": 1, "decision": "closed"}], "ApprovalRate", margin=0.05, width=80) == []
