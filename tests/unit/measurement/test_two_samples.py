from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measurement.two_samples import (
    Step,
    benjamini_hochberg,
    g_test,
    index_by_chance,
    kolmogorov_smirnov,
    mann_whitney,
    sizes,
    stability_index,
    steps_of,
)
from scipy import special, stats

# Few different values, so that ties are common, and many.
SAMPLES = st.one_of(
    st.lists(st.integers(1, 5).map(float), min_size=2, max_size=60),
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=2, max_size=60),
)
COUNTS = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), min_size=2, max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> list[Step[str]]:
    cells = [Step(str(place), *counts) for place, counts in enumerate(draw(COUNTS)) if any(counts)]
    # No test says anything of a table with an empty row or a single column.
    return [*cells, Step("more", 1, 2), Step("still more", 2, 1)]


@given(first=SAMPLES, second=SAMPLES)
def test_steps_hold_every_value_once_in_order(first, second):
    steps = steps_of(first, second)

    assert [step.value for step in steps] == sorted({*first, *second})
    assert sizes(steps) == (len(first), len(second))
    assert all(step.first == first.count(step.value) for step in steps)


@given(first=SAMPLES, second=SAMPLES)
def test_the_greatest_distance_is_scipy_s(first, second):
    ours = kolmogorov_smirnov(steps_of(first, second))
    scale = (len(first) * len(second) / (len(first) + len(second))) ** 0.5

    assert ours.statistic == pytest.approx(stats.ks_2samp(first, second, method="asymp").statistic, abs=1e-12)
    assert ours.p_value == pytest.approx(special.kolmogorov(ours.statistic * scale), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("moved", [0.0, 0.1, 0.2, 0.3])
def test_the_limit_of_the_greatest_distance_never_says_too_little_of_it(moved):
    random = Random(f"{moved}")
    first = [random.gauss() for _ in range(300)]
    second = [random.gauss(moved) for _ in range(200)]
    exact = stats.ks_2samp(first, second, method="exact").pvalue

    assert exact <= kolmogorov_smirnov(steps_of(first, second)).p_value <= 1.5 * exact


@given(first=SAMPLES, second=SAMPLES)
def test_mann_and_whitney_s_test_is_scipy_s(first, second):
    ours = mann_whitney(steps_of(first, second))
    theirs = stats.mannwhitneyu(first, second, method="asymptotic")

    assert ours.statistic == theirs.statistic
    # Of a single value scipy says nothing; we say that nothing moved.
    assert ours.p_value == pytest.approx(1.0 if len({*first, *second}) == 1 else theirs.pvalue, rel=1e-9)


@given(cells=tables())
def test_the_g_test_is_scipy_s(cells):
    table = [[cell.first for cell in cells], [cell.second for cell in cells]]
    theirs = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    ours = g_test(cells)

    assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-9, abs=1e-9)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-9, abs=1e-12)


def test_one_cell_can_not_have_moved():
    only = [Step("all", 10, 12)]

    assert g_test(only).p_value == 1.0
    assert stability_index(only) == index_by_chance(only) == index_by_chance(only, probability=0.95) == 0.0


@pytest.mark.parametrize("moved", [0.2, 0.3, 0.5])
def test_the_stability_index_is_about_the_square_of_how_many_spreads_a_mean_moved(moved):
    edges = [stats.norm(moved / 2).ppf(part / 40) for part in range(41)]
    cells = [
        Step(str(low), *(round(1e7 * (stats.norm(mean).cdf(high) - stats.norm(mean).cdf(low))) for mean in (0, moved)))
        for low, high in pairwise(edges)
    ]

    assert stability_index(cells) == pytest.approx(moved**2, rel=0.03)


def test_what_is_empty_on_one_side_counts_by_how_surely_it_is():
    few = [Step("old", 100, 95), Step("new", 0, 5)]
    many = [Step("old", 10_000, 9_500), Step("new", 0, 500)]

    assert 0 < stability_index(few) < stability_index(many) < 1


def test_samples_of_one_distribution_have_the_index_that_is_said_to_be_by_chance():
    random, shares = Random(1), [0.4, 0.3, 0.2, 0.1]
    cells = [_counted(random, shares, 300, 200) for _ in range(2_000)]
    indexes = [stability_index(each) for each in cells]
    below = sum(index <= index_by_chance(cells[0], probability=0.95) for index in indexes)

    assert sum(indexes) / len(indexes) == pytest.approx(index_by_chance(cells[0]), rel=0.05)
    assert below / len(indexes) == pytest.approx(0.95, abs=0.015)


def _counted(random: Random, shares: list[float], *numbers: int) -> list[Step[str]]:
    drawn = [random.choices(range(len(shares)), shares, k=number) for number in numbers]
    return [Step(str(place), *(each.count(place) for each in drawn)) for place in range(len(shares))]


@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_p_values_are_scipy_s(p_values):
    theirs = stats.false_discovery_control(p_values)

    assert benjamini_hochberg(p_values) == pytest.approx(list(theirs))


def test_no_p_values_need_no_adjustment():
    assert benjamini_hochberg([]) == []
