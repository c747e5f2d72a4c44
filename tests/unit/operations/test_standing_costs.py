"""What a stack costs without a message: counted as CloudFormation and CloudWatch count, not by how lines read."""

from decimal import Decimal

import pytest

from operations import cost_page, service_prices
from operations.message_cost import recorded_calls
from operations.standing_costs import Standing, metrics_of_alarms, own_metrics, standing, synthetic_interval
from tests.infrastructure.alarms import alarms
from tests.infrastructure.template import resources, written
from tests.infrastructure.test_dashboards import emitted

COUNTED = {
    "Secrets": "AWS::SecretsManager::Secret",
    "Keys": "AWS::KMS::Key",
    "Alarms over alarms": "AWS::CloudWatch::CompositeAlarm",
    "Dashboards": "AWS::CloudWatch::Dashboard",
}


def line(what: str, *, message: Decimal = Decimal("0.002"), judging: Decimal = Decimal("0.001")) -> Standing:
    [found] = [each for each in standing(message=message, judging=judging) if each.what.startswith(what)]
    return found


@pytest.mark.parametrize(("what", "kind"), COUNTED.items())
def test_it_counts_the_resources_of_the_template(what: str, kind: str) -> None:
    assert line(what).count == len(resources(kind)) > 0


def test_an_alarm_is_billed_for_each_metric_it_reads_and_for_both_bounds_of_a_band() -> None:
    """What a detector learns from is no alarm's metric."""
    bands = [each for alarm in alarms() for each in alarm.properties.get("Metrics", [])
             if "ANOMALY_DETECTION_BAND" in each.get("Expression", "")]  # fmt: skip

    assert resources("AWS::CloudWatch::AnomalyDetector")
    assert metrics_of_alarms() == sum(len(alarm.metrics) for alarm in alarms()) + 2 * len(bands)
    assert line("Alarms, each metric").cost == metrics_of_alarms() * Decimal("0.10")


def test_every_metric_that_code_emits_is_billed_once_at_least() -> None:
    assert own_metrics() == emitted() >= {"MessagesGenerated", "SyntheticOk", "ColdStarts"}
    assert line("Metrics of our own").cost == len(emitted()) * service_prices.usd("metric_month")


def test_synthetic_runs_cost_a_message_each_at_the_parameter_s_default() -> None:
    every = written()["Parameters"]["SyntheticSchedule"]["Default"]
    seconds = written()["Mappings"]["SyntheticEvery"][every]["Seconds"]
    runs = line("Synthetic runs", message=Decimal("0.002"))

    assert synthetic_interval() == (every, seconds)
    assert runs.count == round(Decimal("30.4") * 86_400 / seconds)
    assert runs.cost == Decimal("30.4") * 86_400 / seconds * Decimal("0.002")


def test_the_nightly_probes_cost_a_judging_each() -> None:
    """43 good and 43 bad ones are known to ± 0.15, and 20 are asked about twice."""
    probes = line("Probes of a judge", judging=Decimal("0.001"))

    assert probes.count == round(Decimal("30.4") * 106)
    assert probes.cost == Decimal("30.4") * 106 * Decimal("0.001")


def test_the_page_takes_the_recorded_judging_for_a_probe() -> None:
    [judging] = [call for call in recorded_calls() if call.role == "judge"]
    [row] = [each for each in cost_page.page().splitlines() if each.startswith("| Probes of a judge")]

    assert f"| ${judging.cost() * 1000:.2f} a thousand judgings |" in row


def test_the_page_takes_the_message_as_shipped_for_a_synthetic_run() -> None:
    page = cost_page.page()
    [row] = [each for each in page.splitlines() if each.startswith("| Synthetic runs")]
    first = next(each for each in page.splitlines() if "**$" in each)

    assert f"| {first.split('**')[1]} a thousand messages |" in row
