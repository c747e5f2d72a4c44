import pytest
from hypothesis import given
from hypothesis import strategies as st
from measurement.cells import MOST_CELLS, OTHERS, cells_of_numbers, cells_of_texts, figure
from measurement.two_samples import Step, sizes, steps_of

NUMBERS = st.lists(st.one_of(st.integers(1, 5).map(float), st.floats(-1e6, 1e6)), min_size=1, max_size=80)


@given(first=NUMBERS, second=NUMBERS)
def test_every_number_is_in_one_of_a_few_cells(first, second):
    cells = cells_of_numbers(steps_of(first, second))

    assert sizes(cells) == (len(first), len(second))
    assert len(cells) <= 2 * MOST_CELLS, "each that is full may have one before it that isn't"
    assert all(cell.first + cell.second for cell in cells)


def test_numbers_without_ties_fill_cells_equally():
    cells = cells_of_numbers(steps_of([float(n) for n in range(0, 200, 2)], [float(n) for n in range(1, 200, 2)]))

    assert [cell[1:] for cell in cells] == [(10, 10)] * MOST_CELLS
    assert [cell.value for cell in (*cells[:2], cells[-1])] == ["up to 19", "20 to 39", "from 180"]


def test_a_value_that_many_have_is_a_cell_by_itself():
    cells = cells_of_numbers(steps_of([0.0] * 90 + [1.0] * 10, [0.0] * 50 + [1.0] * 50))

    assert cells == [Step("0", 90, 50), Step("1", 10, 50)]


@pytest.mark.parametrize("few", [(60, 60), (0, 10), (10, 0)])
def test_a_value_that_many_have_hides_no_lower_one_that_is_rare(few):
    cells = cells_of_numbers(steps_of([4.0] * few[0] + [5.0] * 1_940, [4.0] * few[1] + [5.0] * 140))

    assert cells == [Step("4", *few), Step("5", 1_940, 140)]


def test_lower_values_of_hardly_anybody_are_no_cell_beside_one_that_many_have():
    cells = cells_of_numbers(steps_of([1.0] * 9 + [5.0] * 190, [1.0] * 9 + [5.0] * 90))

    assert cells == [Step("up to 5", 199, 99)]


def test_the_greatest_value_of_all_is_nobody_s_to_read():
    cells = cells_of_numbers(steps_of([float(n) for n in range(100)], [float(n) for n in range(100)] + [9_999_999.0]))

    assert not [cell for cell in cells if "9,999,999" in cell.value]


@pytest.mark.parametrize(
    ("value", "read"), [(0.0, "0"), (4.25, "4.25"), (0.123456, "0.1235"), (12_345.6, "12,346"), (-2_500.0, "-2,500")]
)
def test_a_figure_is_as_a_person_reads_it(value, read):
    assert figure(value) == read


def test_a_text_is_a_cell_if_either_sample_has_it_often_enough():
    cells = cells_of_texts([Step("common", 186, 76), Step("gone", 10, 0), Step("new", 0, 10), Step("rare", 4, 9)])

    assert cells == [Step("common", 186, 76), Step("new", 0, 10), Step("gone", 10, 0), Step(OTHERS, 4, 9)]


def test_what_all_of_a_small_sample_have_is_a_cell_though_nobody_had_it_before():
    assert cells_of_texts([Step("de-DE", 0, 100), Step("en-US", 2_000, 0)]) == [
        Step("de-DE", 0, 100), Step("en-US", 2_000, 0),
    ]  # fmt: skip


def test_a_new_text_is_a_cell_though_ten_others_are_more_frequent_in_both_together():
    steps = [*(Step(f"town {number}", 200, 44) for number in range(10)), Step("new", 0, 60)]

    assert cells_of_texts(steps)[0] == Step("new", 0, 60)


def test_many_new_texts_that_are_rare_each_are_told_as_others():
    steps = [Step("common", 2_000, 80), *(Step(f"new {number}", 0, 1) for number in range(20))]

    assert cells_of_texts(steps) == [Step("common", 2_000, 80), Step(OTHERS, 0, 20)]


def test_so_few_others_that_none_is_expected_are_left_out():
    cells = cells_of_texts([Step("common", 190, 95), Step("once", 1, 1)])

    assert cells == [Step("common", 190, 95)]


def test_of_many_texts_the_most_frequent_are_cells():
    cells = cells_of_texts([Step(f"text {number}", 100 + number, 100) for number in range(30)])

    assert [cell.value for cell in cells] == [*(f"text {number}" for number in range(29, 29 - MOST_CELLS, -1)), OTHERS]
    assert sizes(cells) == (sum(range(100, 130)), 3_000)
