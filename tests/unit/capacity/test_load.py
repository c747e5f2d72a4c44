"""The simulation beside a stack that runs: the same events, the same looks at both, and an error that is told."""

import json

import pytest

from capacity.document import held
from capacity.load import figures, forecast, trial
from capacity.load.figures import Figures, Lived
from operations.terminal import Problem

BENCH = {
    "start_ms": 300.0,
    "between_ms": 100.0,
    "states": {
        state: {"median_ms": 50.0, "p95_ms": 100.0}
        for state in ("Validate", "Enrich", "Retrieve", "Generate", "Judge", "Store")
    },
}


def test_both_get_the_same_events_at_the_rate_that_was_asked_for():
    sent = forecast.events(2.0)

    assert sent == forecast.events(2.0)
    assert len(sent) == 2 * figures.SECONDS
    assert len({event.name for event in sent}) == len(sent)
    assert sent == sorted(sent, key=lambda event: event.sent)
    assert all(0 < event.sent < figures.SECONDS for event in sent)


def test_the_rates_are_below_near_and_above_what_the_slots_can_write():
    """A run is open for two answers, its states and what lies between them."""
    below, near, above = trial.planned(BENCH)

    most = figures.SLOTS / (2 * figures.MODEL_SECONDS + 0.43)
    assert below < 0.6 * most < 0.8 * most < near < most < 1.4 * most < above


def test_beyond_what_the_slots_can_write_events_wait_and_below_they_do_not():
    below, _, above = trial.planned(BENCH)
    easy, hard = forecast.predicted(below, BENCH), forecast.predicted(above, BENCH)

    assert 2 * figures.MODEL_SECONDS < easy.median < 2 * figures.MODEL_SECONDS + 2
    assert hard.median > 2 * easy.median
    assert hard.waiting > 10 > easy.waiting
    assert hard.a_minute == pytest.approx(60 * figures.SLOTS / 4.43, rel=0.2)


def test_slower_states_are_predicted_to_take_longer():
    slower = BENCH | {"states": {name: {"median_ms": 500.0, "p95_ms": 900.0} for name in BENCH["states"]}}

    assert forecast.predicted(0.3, slower).median > forecast.predicted(0.3, BENCH).median + 2


def test_a_measurement_counts_who_waited_whenever_the_simulation_looks():
    """At five seconds two were sent and not begun; what waited between two looks nobody saw."""
    lived = [Lived(0.0, 1.0, 6.0), Lived(4.0, 6.0, 12.0), Lived(4.5, 8.0, 20.0), Lived(11.0, 14.0, 30.0)]

    assert figures.measured(lived) == Figures(median=15.5, p95=19.0, a_minute=8.0, waiting=2)


@pytest.mark.parametrize(("said", "was", "told"), [(5.5, 5.0, "10\N{NO-BREAK SPACE}%"), (4, 0, "4"), (0, 0, "0")])
def test_an_error_is_a_part_of_what_was_measured(said, was, told):
    assert held.off_by(said, was) == told


@pytest.mark.parametrize("rate", figures.rates(figures.recorded()), ids=lambda rate: f"{rate.a_second:g} a second")
def test_the_simulation_sends_what_was_sent(rate):
    """Whoever changes the arrivals measures again: scripts/capacity load."""
    assert len(forecast.events(rate.a_second)) == rate.sent


def test_every_rate_and_figure_of_the_record_is_on_the_page():
    """Four figures of each of three rates, none of them twice."""
    shown = list(held.rows(figures.recorded()))

    assert len(set(shown)) == 3 * 4
    assert json.loads(figures.LOAD.read_text())["bench"]["cpus"]


def test_no_stack_on_aws_is_put_under_load():
    with pytest.raises(Problem, match="local AWS alone"):
        trial.run(type("OnAws", (), {"local": None})())


class Starter:
    """A stack of one function, whose settings are what it was given last."""

    def __init__(self):
        self.given = {"MAX_OPEN_EXECUTIONS": "100", "WORKFLOW": "outreach"}
        self.profile = {"stack_name": "a-stack"}

    def client(self, _):
        return self

    def describe_stack_resource(self, **_):
        return {"StackResourceDetail": {"PhysicalResourceId": "starter"}}

    def get_function_configuration(self, **_):
        return {"Environment": {"Variables": dict(self.given)}}

    def update_function_configuration(self, *, FunctionName, Environment):  # noqa: N803
        assert FunctionName == "starter"
        self.given = Environment["Variables"]


def test_the_starter_gets_its_slots_back_also_after_a_failure():
    stack = Starter()
    before = dict(stack.given)

    def fail():
        with trial.few_slots(stack):
            assert stack.given == before | {"MAX_OPEN_EXECUTIONS": str(figures.SLOTS)}
            raise Problem("no outcome")

    with pytest.raises(Problem, match="no outcome"):
        fail()
    assert stack.given == before
