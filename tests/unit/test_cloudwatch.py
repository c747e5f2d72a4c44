"""The model of CloudWatch's evaluation gives what the user guide gives in its examples."""

import pytest

from tests.cloudwatch import ALARM, INSUFFICIENT, OK, CloudWatch, Metric, computed, decided, rings, statistic_of

BEFORE = "the state before"
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
# "Configuring how CloudWatch alarms treat missing data": five points, the newest last, of which three are needed.
ALL_THREE = {
    "0-X-X": (OK, OK, OK, OK),
    "0----": (OK, OK, OK, OK),
    "-----": (INSUFFICIENT, BEFORE, ALARM, OK),
    "0XX-X": (ALARM, ALARM, ALARM, ALARM),
    "--X--": (ALARM, BEFORE, ALARM, OK),
    "----X": (INSUFFICIENT, BEFORE, ALARM, OK),
}
TWO_OF_THREE = {
    "0-X-X": (ALARM, ALARM, ALARM, ALARM),
    "00X0X": (ALARM, ALARM, ALARM, ALARM),
    "0-X--": (OK, OK, ALARM, OK),
    "----0": (OK, OK, ALARM, OK),
    "---X-": (ALARM, BEFORE, ALARM, OK),
}
EXAMPLES = [
    (points, to_alarm, treatment, state)
    for to_alarm, table in ((3, ALL_THREE), (2, TWO_OF_THREE))
    for points, states in table.items()
    for treatment, state in zip(TREATMENTS, states, strict=True)
]
SAMPLES = Metric("N", "M")


@pytest.mark.parametrize(("points", "to_alarm", "missing", "state"), EXAMPLES)
def test_the_state_is_that_of_the_user_guide(points, to_alarm, missing, state):
    breaching = [{"0": False, "X": True, "-": None}[point] for point in points]

    assert decided(breaching, 3, to_alarm, missing, BEFORE) == state


# "Using metric math" has these for IF; the others follow from what it says of arithmetic and of FILL.
@pytest.mark.parametrize(
    ("expression", "gives"),
    [
        ("IF(a, b, c)", [30, 0, 20, None, None]),
        ("IF(a, b, 5)", [30, 0, 5, 5, None]),
        ("IF(a >= 1, b, 5)", [30, 0, 5, 5, None]),
        ("a + b", [31, 1, 0, 0, 30]),
        ("100 * a / b", [100 / 30, None, None, None, 0]),
        ("FILL(b, 7)", [30, 7, 0, 0, 30]),
        ("FILL(a, 0) + d", [1, 1, 0, 0, 0]),
        ("d + d", [None] * 5),
    ],
)
def test_metric_math_is_that_of_the_user_guide(expression, gives):
    known = {"a": [1, 1, 0, 0, None], "b": [30, None, 0, 0, 30], "c": [0, 0, 20, None, 20], "d": [None] * 5}

    assert computed("asked", {"asked": expression}, known) == pytest.approx(gives)


def test_an_expression_may_name_another():
    assert computed("twice", {"twice": "2 * sum", "sum": "a + b"}, {"a": [1], "b": [2]}) == [6]


def test_what_the_model_does_not_know_it_refuses():
    with pytest.raises(ValueError, match="RATE"):
        computed("asked", {"asked": "RATE(a)"}, {"a": [1]})


@pytest.mark.parametrize(
    ("statistic", "value"), [("Sum", 10), ("Average", 2.5), ("Maximum", 4), ("SampleCount", 4), ("p50", 2.5)]
)
def test_a_statistic_is_that_of_its_name(statistic, value):
    assert statistic_of([4, 1, 3, 2], statistic) == value
    assert statistic_of([], statistic) is None


def test_values_belong_to_the_period_and_the_metric_that_they_were_recorded_in():
    cloudwatch = CloudWatch()
    alarm = {"Namespace": "N", "MetricName": "M", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1,
             "Threshold": 3, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
             "TreatMissingData": "notBreaching"}  # fmt: skip
    cloudwatch.put(SAMPLES, [1, 2], at=0)
    cloudwatch.put(Metric("N", "M", frozenset({("of", "another")})), [9], at=60)

    assert cloudwatch.state(alarm, now=60) == ALARM
    cloudwatch.put(SAMPLES, [1, 1], at=60)
    assert cloudwatch.state(alarm, now=120) == OK


@pytest.mark.parametrize(("ringing", "rung"), [([], False), (["a"], True), (["b"], False), (["b", "c"], True)])
def test_a_composite_follows_its_rule(ringing, rung):
    assert rings('ALARM("a") OR (ALARM("b") AND ALARM("c"))', ringing) is rung
