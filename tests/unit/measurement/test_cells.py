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
    assert len(cells) <= MOST_CELLS
    assert all(cell.first + cell.second for cell in cells)


def test_numbers_without_ties_fill_cells_equally():
    cells = cells_of_numbers(steps_of([float(n) for n in range(0, 200, 2)], [float(n) for n in range(1, 200, 2)]))

    assert [cell[1:] for cell in cells] == [(10, 10)] * MOST_CELLS
    assert [cell.value for cell in (*cells[:2], cells[-1])] == ["up to 19", "20 to 39", "from 180"]


def test_a_value_that_many_have_is_a_cell_by_itself():
    cells = cells_of_numbers(steps_of([0.0] * 90 + [1.0] * 10, [0.0] * 50 + [1.0] * 50))

    assert cells == [Step("0", 90, 50), Step("1", 10, 50)]


def test_the_greatest_value_of_all_is_nobody_s_to_read():
    cells = cells_of_numbers(steps_of([float(n) for n in range(100)], [float(n) for n in range(100)] + [9_999_999.0]))

    assert not [cell for cell in cells if "9,999,999" in cell.value]


@pytest.mark.parametrize(
    ("value", "read"), [(0.0, "0"), (4.25, "4.25"), (0.123456, "0.1235"), (12_345.6, "12,346"), (-2_500.0, "-2,500")]
)
def test_a_figure_is_as_a_person_reads_it(value, read):
    assert figure(value) == read


def test_a_text_is_a_cell_if_it_is_expected_often_enough_in_the_smaller_sample():
    # Of 300 texts a third is in the second sample: of 15, five are expected there.
    cells = cells_of_texts([Step("common", 186, 80), Step("just", 10, 5), Step("rare", 4, 10), Step("seldom", 0, 5)])

    assert cells == [Step("common", 186, 80), Step("just", 10, 5), Step(OTHERS, 4, 15)]


def test_so_few_others_that_none_is_expected_are_left_out():
    cells = cells_of_texts([Step("common", 190, 95), Step("once", 1, 1)])

    assert cells == [Step("common", 190, 95)]


def test_of_many_texts_the_most_frequent_are_cells():
    cells = cells_of_texts([Step(f"text {number}", 100 + number, 100) for number in range(30)])

    assert [cell.value for cell in cells] == [*(f"text {number}" for number in range(29, 29 - MOST_CELLS, -1)), OTHERS]
    assert sizes(cells) == (sum(range(100, 130)), 3_000)
