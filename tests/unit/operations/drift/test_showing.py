from operations.drift.showing import drawing
from tests.unit.operations.drift.reports import subject


def test_a_subject_is_drawn_as_two_columns_of_bars():
    heading, sides, first, second, third = (line.plain for line in drawing(subject()))

    assert heading == "locale (input)  much (PSI 1.70), en-US: 75.0 % → 10.0 % of the runs"
    assert sides.split() == ["baseline", "now"]
    assert [line.count("█") for line in (first, second, third)] == [18 + 2, 6 + 7, 14]
    assert first.startswith("en-US ")
    assert first.rstrip().endswith("10.0 %")


def test_a_share_that_is_there_at_all_is_seen_and_a_long_name_is_cut():
    line = drawing(subject(cells=[["x" * 60, 1, 0], ["common", 999, 1000]]))[2].plain

    assert line.count("█") == 1
    assert line.startswith("x" * 25 + "… ")


def test_what_a_crm_wrote_is_no_markup():
    assert drawing(subject(cells=[["[red]", 50, 1], ["common\x1b", 50, 99]]))[2].plain.startswith("[red] ")
