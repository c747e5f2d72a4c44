import json

import pytest
from agent_platform.errors import ModelRefused, TransientError
from aws_lambda_powertools.metrics import MetricUnit


def dimension_sets(blob):
    (directive,) = blob["_aws"]["CloudWatchMetrics"]
    return directive["Namespace"], sorted(map(sorted, directive["Dimensions"]))


@pytest.mark.parametrize("times", [1, 2])
def test_a_metric_stands_under_its_workflow_and_under_its_agents_version(telemetry, capsys, times):
    for _ in range(times):
        telemetry.emit({"JudgeScore": (MetricUnit.NoUnit, 4.2)}, agent="platform#outreach-writer", version=3)
    blobs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(blobs) == times
    for blob in blobs:
        assert dimension_sets(blob) == ("ReferralSystem", [["agent", "version", "workflow"], ["workflow"]])
        assert (blob["workflow"], blob["agent"], blob["version"]) == ("outreach", "platform#outreach-writer", "3")
        assert blob["JudgeScore"] == [4.2]


def test_one_emission_is_one_blob_with_every_metric(telemetry, capsys):
    values = {"RetryRate": (MetricUnit.Percent, 100), "MessagesGenerated": (MetricUnit.Count, 1)}
    telemetry.emit(values, agent="platform#outreach-writer", version=1)
    (blob,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (blob["RetryRate"], blob["MessagesGenerated"]) == ([100], [1])


def test_what_belongs_to_no_agent_stands_under_what_it_belongs_to_or_the_workflow_alone(telemetry, capsys):
    telemetry.emit({"Skips": (MetricUnit.Count, 1)}, reason="no_consent")
    telemetry.emit({"Sweeps": (MetricUnit.Count, 1)})
    skips, sweeps = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert dimension_sets(skips) == ("ReferralSystem", [["reason", "workflow"], ["workflow"]])
    assert skips["reason"] == "no_consent"
    assert dimension_sets(sweeps) == ("ReferralSystem", [["workflow"]])


def test_what_a_sweep_learns_of_another_workflow_s_runs_is_that_one_s(telemetry, capsys):
    telemetry.emit({"Cost": (MetricUnit.NoUnit, 1)}, workflow="reminders", agent="platform#writer", version=1)
    telemetry.emit({"Sweeps": (MetricUnit.Count, 1)})
    cost, sweeps = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert dimension_sets(cost) == ("ReferralSystem", [["agent", "version", "workflow"], ["workflow"]])
    assert (cost["workflow"], sweeps["workflow"]) == ("reminders", "outreach")


def test_a_process_counts_its_cold_start_once(telemetry, capsys):
    telemetry.count_cold_start("generate")
    telemetry.count_cold_start("generate")
    (blob,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert dimension_sets(blob) == ("ReferralSystem", [["function", "workflow"], ["workflow"]])
    assert (blob["ColdStarts"], blob["function"]) == ([1], "generate")


def test_a_log_line_is_json_under_the_workflows_name(telemetry, logged):
    telemetry.log().info("accepted", extra={"receipt": "greenedge.1"})
    (line,) = logged()
    assert (line["service"], line["message"], line["receipt"]) == ("outreach", "accepted", "greenedge.1")


RECEIPTS = [f"greenedge.{'0' * 32}{share:08x}" for share in (0, 2**31, 2**32 - 1)]


@pytest.mark.parametrize(("rate", "told"), [("0", 0), ("0.01", 1), ("0.51", 2), ("1", 3)])
def test_the_sampled_share_of_runs_is_logged_finely_and_the_same_runs_everywhere(
    telemetry, capsys, monkeypatch, rate, told
):
    monkeypatch.setenv("DEBUG_SAMPLE_RATE", rate)
    for receipt in RECEIPTS:
        telemetry.debug_if_sampled(receipt)
        telemetry.log().debug(receipt)
    assert [json.loads(line)["message"] for line in capsys.readouterr().out.splitlines()] == RECEIPTS[:told]


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARN", "ERROR"])
def test_the_level_is_the_parameter_s_also_where_lambda_lets_everything_through(telemetry, capsys, monkeypatch, level):
    monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("LOG_LEVEL", level)
    telemetry.log()
    telemetry.debug_if_sampled(None)
    for each in ("debug", "info", "warning", "error"):
        getattr(telemetry.log(), each)(each)
    said = [json.loads(line)["level"] for line in capsys.readouterr().out.splitlines()]
    assert said == ["DEBUG", "INFO", "WARNING", "ERROR"][["DEBUG", "INFO", "WARN", "ERROR"].index(level) :]


def test_what_fails_for_good_is_counted_as_an_error_of_the_version(telemetry, capsys):
    with pytest.raises(ModelRefused), telemetry.errors_counted({"agent_id": "platform#outreach-writer", "version": 3}):
        raise ModelRefused
    (blob,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (blob["Errors"], blob["version"]) == ([1], "3")


def test_what_is_tried_again_and_what_goes_well_is_no_error(telemetry, capsys):
    with telemetry.errors_counted({"agent_id": "platform#outreach-writer", "version": 3}):
        pass
    with pytest.raises(TransientError), telemetry.errors_counted({"agent_id": "any", "version": 3}):
        raise TransientError
    assert capsys.readouterr().out == ""
