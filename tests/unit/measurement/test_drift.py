from itertools import pairwise
from random import Random
from statistics import NormalDist

import pytest
from measurement.drift import ALPHA, FEWEST, MATTERS, Movement, Run, count, movements
from measurement.two_samples import Step, index_by_chance, stability_index


def runs(number: int, seed: int, *, moved: float = 0.0, new: float = 0.0, missing: float = 0.1) -> list[Run]:
    random = Random(seed)
    return [
        {
            "score": random.gauss(4 + moved),
            "rating": random.choice([3, 4, 4, 5]),
            "service": "snow" if random.random() < new else random.choice(["lawn", "hedge"]),
            "comment": None if random.random() < missing else random.lognormvariate(4, 1),
            "returning": random.random() < 0.7,
        }
        for _ in range(number)
    ]


def compared(baseline: list[Run], window: list[Run]) -> list[Movement]:
    return movements(count(baseline), count(window))


def found(baseline: list[Run], window: list[Run]) -> dict[tuple[str, str], Movement]:
    return {(each.subject, each.kind): each for each in compared(baseline, window)}


def test_runs_like_the_baseline_s_have_not_drifted():
    measured = found(runs(2_000, 1), runs(500, 2))

    assert set(measured) == {
        ("score", "number"), ("rating", "number"), ("service", "category"), ("returning", "category"),
        ("comment", "number"), ("comment", "missing"),
    }  # fmt: skip
    assert not [each for each in measured.values() if each.drifted]


@pytest.mark.parametrize(
    ("moved", "subject"),
    [
        ({"moved": 0.5}, ("score", "number")),
        ({"new": 0.05}, ("service", "category")),
        ({"missing": 0.25}, ("comment", "missing")),
    ],
)
def test_only_what_moved_has_drifted_and_stands_first(moved, subject):
    measured = compared(runs(2_000, 1), runs(500, 2, **moved))

    assert [(each.subject, each.kind) for each in measured if each.drifted] == [subject]
    assert (measured[0].subject, measured[0].kind) == subject


def test_a_large_window_does_not_cry_wolf_over_what_does_not_matter():
    score = found(runs(20_000, 1), runs(20_000, 2, moved=0.08))["score", "number"]

    assert score.adjusted < 1e-6
    assert score.index < MATTERS
    assert not score.drifted


def test_a_small_window_does_not_cry_wolf_over_what_may_be_chance():
    rare = [{"service": "snow" if place < 3 else "lawn"} for place in range(60)]
    [service] = compared([{"service": "snow" if place < 1 else "lawn"} for place in range(60)], rare)

    assert not service.drifted
    assert service.p_value > 0.1


def test_a_spread_that_grows_is_a_drift_though_the_mean_stays():
    random = Random(1)
    before, now = ([{"score": random.gauss(4, spread)} for _ in range(800)] for spread in (1, 2))
    [score] = compared(before, now)

    assert score.drifted
    assert score.test == "Kolmogorov-Smirnov"


@pytest.mark.parametrize(("before", "now"), [((3, 97), (15, 85)), ((97, 3), (85, 15))])
def test_a_rare_score_that_grows_is_a_drift_on_whichever_side_of_the_usual_one(before, now):
    def scores(shares, times):
        return [{"score": score} for score, share in zip((4.0, 5.0), shares, strict=True) for _ in range(share * times)]

    [score] = compared(scores(before, 20), scores(now, 2))

    assert score.drifted
    assert score.index > 0.1


@pytest.mark.parametrize(
    ("cells", "matters"),
    [
        ([Step("a share", 50_000, 90_000), Step("the rest", 950_000, 910_000)], False),
        ([Step("a share", 50_000, 95_000), Step("the rest", 950_000, 905_000)], True),
        ([Step("new", 0, 10), Step("the rest", 2_000, 990)], True),
    ],
)
def test_what_matters_is_as_large_as_is_said(cells, matters):
    assert (stability_index(cells) - index_by_chance(cells) >= MATTERS) == matters


@pytest.mark.parametrize(("moved", "matters"), [(0.17, False), (0.18, True)])
def test_a_mean_that_moved_by_so_much_matters(moved, matters):
    before, now = NormalDist(), NormalDist(moved)
    edges = [before.inv_cdf(tenth / 10) for tenth in range(1, 10)]
    below = [0.0, *map(now.cdf, edges), 1.0]
    cells = [Step(str(low), 100_000, round(1_000_000 * (high - low))) for low, high in pairwise(below)]

    assert (stability_index(cells) >= MATTERS) == matters


def test_what_never_varies_is_left_out():
    same: list[Run] = [{"score": 5, "locale": "en", "gone": None}] * 100

    assert compared(same, same) == []


def test_a_value_that_nobody_had_before_is_a_drift_of_what_is_missing():
    [known] = compared([{"rating": None}] * 100, [{"rating": 5}] * 100)

    assert (known.kind, known.drifted) == ("missing", True)
    assert known.cells == [Step("known", 0, 100), Step("missing", 100, 0)]


@pytest.mark.parametrize(("before", "now"), [(FEWEST, FEWEST - 1), (FEWEST - 1, FEWEST), (0, FEWEST), (0, 0)])
def test_of_too_few_runs_nothing_is_said(before, now):
    assert compared([{"score": 1.0}] * before, [{"score": 5.0}] * now) == []


def test_a_run_that_was_not_measured_for_a_subject_does_not_count_as_missing_it():
    baseline = [{"score": place % 5} for place in range(200)] + [{}] * 300
    [score] = compared(baseline, [{"score": place % 5} for place in range(200)])

    assert score.kind == "number"


def test_numbers_among_texts_are_texts():
    mixed: list[Run] = [{"size": 3 if place % 2 else "large"} for place in range(100)]
    [size] = compared(mixed, [{"size": "large"}] * 100)

    assert size.kind == "category"
    assert [cell.value for cell in size.cells] == ["large", "3"]


def test_chance_is_said_beside_the_index():
    score = found(runs(2_000, 1), runs(500, 2))["score", "number"]

    # Ten cells: a chi-square of nine degrees of freedom stays below 16.9 in 95 of 100, over both samples' sizes.
    assert score.by_chance == pytest.approx(16.919 * (1 / 2_000 + 1 / 500), rel=1e-4)


def test_the_more_subjects_there_are_the_surer_one_must_be_of_each():
    random = Random(7)
    before, now = ([{f"noise {place}": random.gauss() for place in range(80)} for _ in range(100)] for _ in range(2))
    measured = compared(before, now)

    assert [each for each in measured if each.p_value <= ALPHA and each.index >= MATTERS]
    assert not [each for each in measured if each.drifted]
