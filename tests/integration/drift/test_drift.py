import json
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from agent_platform.drift.baselines import Baselines
from agent_platform.errors import PlatformError
from agent_platform.tenants import SYNTHETIC

from tests.integration.drift.conftest import ANNA, NOW, PROMOTED
from tests.integration.drift.runs import WRITER
from tests.integration.outreach.traces import measured

YESTERDAY = NOW - timedelta(hours=10)
DIMENSIONS = {"workflow": "drift", "agent": WRITER, "version": "1"}


def verdicts(state):
    return state["conclusion"]["verdicts"]


def moved(report):
    return {each["subject"] for each in report["subjects"] if each["drifted"]}


def found(platform):
    return platform.stack.invoke("DriftFindAgentsFunction", {})["agents"]


def test_before_the_first_source_there_is_nothing_to_compare(stack):
    stack.add_manifest()

    assert stack.invoke("DriftFindAgentsFunction", {}) == {"count": 0, "agents": []}


def test_runs_as_they_were_are_steady(baseline, capsys):
    baseline.record(200, begin=YESTERDAY, seed=2)

    assert verdicts(baseline.run()) == {"steady": 1}

    report = baseline.report()
    assert (report["verdict"], report["cause"], moved(report)) == ("steady", None, set())
    assert (report["baseline"]["runs"], report["window"]["runs"]) == (200, 200)
    assert report["baseline"]["to"] < report["window"]["from"] < report["window"]["to"] < report["as_of"]
    assert {each["subject"] for each in report["subjects"]} == {
        "inputs.purpose", "inputs.locale", "inputs.lifetime_value.USD", "inputs.comment_length", "skips.reason",
        "retrieval.similarity", "outputs.score", "outputs.approved",
    }  # fmt: skip
    assert measured(capsys.readouterr().out, "DriftedSubjects") == [(0, DIMENSIONS)]


def test_what_drifted_is_counted_and_reported_with_its_cause(baseline, capsys):
    baseline.record(200, begin=YESTERDAY, locale="fr-CA", score=3.6)

    assert verdicts(baseline.run()) == {"drifted": 1}

    assert moved(baseline.report()) == {"inputs.locale", "outputs.score"}
    assert baseline.report()["cause"] == "inputs", "what comes in explains what comes out"
    assert measured(capsys.readouterr().out, "DriftedSubjects") == [(2, DIMENSIONS)]


def test_more_skips_are_a_drift(baseline):
    baseline.record(200, begin=YESTERDAY, skipped=0.4)
    baseline.run()

    assert (moved(baseline.report()), baseline.report()["cause"]) == ({"skips.reason"}, "skips")


def test_a_cause_is_told_once_a_day(baseline):
    baseline.record(200, begin=YESTERDAY, locale="fr-CA")
    [wanted] = found(baseline)
    baseline.compared(wanted)

    assert baseline.told() == [{
        "tenant": "greenedge", "workflow": "outreach", "agent_id": WRITER, "version": 1,
        "day": wanted["as_of"][:10], "cause": "inputs", "first": "inputs.locale",
        "subjects": ["inputs.locale"],
    }]  # fmt: skip
    baseline.compared(wanted | {"as_of": wanted["as_of"].replace("Z", "+00:00")})
    assert baseline.told() == []


def test_a_ticket_begins_with_what_its_cause_moved(baseline):
    baseline.record(200, begin=YESTERDAY, skipped=0.35, score=2.0)
    [wanted] = found(baseline)
    baseline.compared(wanted)

    [told] = baseline.told()
    assert (told["cause"], told["first"]) == ("skips", "skips.reason")
    assert baseline.report()["subjects"][0]["subject"] == "outputs.score"


def test_who_is_cut_short_before_telling_tells_when_tried_again(baseline):
    baseline.record(200, begin=YESTERDAY, locale="fr-CA")
    [wanted] = found(baseline)
    baseline.stack.clients.answer("events:PutEvents", {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "Throttled"}]})

    assert baseline.compared(wanted) == {"error": "TransientError"}
    assert baseline.compared(wanted)["verdict"] == "drifted"
    assert len(baseline.told()) == 1


def test_until_there_is_a_baseline_nothing_is_said(platform, capsys):
    platform.record(150, begin=PROMOTED)
    platform.record(40, begin=YESTERDAY, locale="fr-CA")

    assert verdicts(platform.run()) == {"collecting": 1}
    assert (platform.report()["baseline"]["runs"], platform.report()["baseline"]["needed"]) == (190, 200)
    assert measured(capsys.readouterr().out, "DriftedSubjects") == [(0, DIMENSIONS)]


def test_of_hardly_any_runs_nothing_is_said(baseline, capsys):
    baseline.record(30, begin=YESTERDAY, locale="fr-CA")

    assert verdicts(baseline.run()) == {"too_few": 1}
    assert baseline.report()["subjects"] == []
    assert measured(capsys.readouterr().out, "DriftedSubjects") == [(0, DIMENSIONS)]


def test_a_baseline_stays_when_its_recordings_expire(baseline):
    baseline.record(200, begin=YESTERDAY, seed=2)
    baseline.run()
    first = baseline.report()
    baseline.forget_recordings()
    baseline.record(200, begin=YESTERDAY, score=3.6)

    assert verdicts(baseline.run()) == {"drifted": 1}
    assert moved(baseline.report()) == {"outputs.score"}
    assert baseline.report()["baseline"] == first["baseline"]


def test_a_kept_baseline_is_what_was_counted(baseline):
    baseline.record(200, begin=YESTERDAY, seed=2)
    [wanted] = found(baseline)
    baseline.compared(wanted)
    first = baseline.report()
    baseline.compared(wanted)

    assert baseline.report() == first
    kept = baseline.baselines.kept(wanted, since=wanted["since"])
    assert kept.counted["skips.reason"].total() == kept.runs == 200
    assert set(kept.counted["outputs.approved"]) == {True, False}
    assert kept.names == {"inputs.lifetime_value": ["USD"]}


class CutShort:
    """A table into which so many more rows go."""

    def __init__(self, dynamodb, rows):
        self._dynamodb, self._rows = dynamodb, rows

    def put_item(self, **row):
        if self._rows == 0:
            raise ConnectionError
        self._rows -= 1
        return self._dynamodb.put_item(**row)


@pytest.mark.parametrize("rows", [0, 1, 2, 8])
def test_a_baseline_whose_keeping_was_cut_short_is_none_and_is_counted_again(baseline, rows):
    baseline.record(200, begin=YESTERDAY, seed=2)
    [wanted] = found(baseline)
    baseline.compared(wanted)
    complete = baseline.baselines.kept(wanted, since=wanted["since"])
    cut = Baselines(table="DriftReportsTable", dynamodb=CutShort(baseline.stack.clients("dynamodb"), rows))

    with pytest.raises(ConnectionError):
        cut.keep(complete, wanted, since="later")
    assert baseline.baselines.kept(wanted, since="later") is None
    assert baseline.compared(wanted)["verdict"] == "steady"
    assert baseline.baselines.kept(wanted, since=wanted["since"]) == complete


def test_another_promotion_has_nothing_of_the_baseline_before_it(baseline):
    baseline.record(200, begin=YESTERDAY, seed=2)
    [wanted] = found(baseline)
    baseline.compared(wanted)
    others = wanted["agents"] | {"judge": {"agent_id": "platform#outreach-judge", "version": 2}}

    assert baseline.baselines.kept(wanted | {"agents": others}, since=wanted["since"]) is None
    assert baseline.baselines.kept(wanted, since=wanted["as_of"]) is None
    assert baseline.baselines.kept(wanted | {"tenant": "brightnest"}, since=wanted["since"]) is None


def test_a_new_baseline_takes_the_place_of_the_one_before_it(baseline):
    baseline.record(200, begin=YESTERDAY, seed=2)
    [wanted] = found(baseline)
    baseline.compared(wanted)
    rows = kept_rows(baseline)
    before = baseline.baselines.kept(wanted, since=wanted["since"])
    baseline.baselines.keep(replace(before, counted={"inputs.locale": Counter({"fr-CA": 7})}), wanted, since="later")

    assert baseline.baselines.kept(wanted, since="later").counted == {"inputs.locale": {"fr-CA": 7}}
    assert len(kept_rows(baseline)) == len(rows)


def kept_rows(platform):
    return [each for each in platform.stack.items("DriftReportsTable") if each["subject"].startswith("baseline#")]


def test_a_new_version_begins_a_baseline_of_its_own(baseline):
    baseline.release("outreach-writer", at=NOW - timedelta(days=1), more="\nBe brief.\n")
    baseline.record(200, begin=YESTERDAY, locale="fr-CA", writer=2)

    [wanted] = found(baseline)
    assert wanted["agents"]["writer"]["version"] == 2
    assert verdicts(baseline.run()) == {"collecting": 1}


def test_what_a_candidate_writes_is_left_out(baseline):
    baseline.record(200, begin=YESTERDAY, writer=2, score=1.0, seed=2)

    assert verdicts(baseline.run()) == {"steady": 1}
    assert "outputs.score" not in {each["subject"] for each in baseline.report()["subjects"]}


def test_what_is_accepted_is_the_new_normal_of_these_versions(baseline, capsys):
    baseline.record(200, begin=YESTERDAY, locale="fr-CA")
    baseline.run()
    report = baseline.report()
    capsys.readouterr()
    baseline.reports.accept(report, since=report["window"]["from"], now=NOW, **ANNA)

    assert verdicts(baseline.run()) == {"collecting": 1}
    assert baseline.report()["since"] == report["window"]["from"]
    assert measured(capsys.readouterr().out, "DriftedSubjects") == [(0, DIMENSIONS)], "the alarm is over"
    others = report["agents"] | {"judge": {"agent_id": "platform#outreach-judge", "version": 2}}
    assert baseline.reports.accepted("greenedge", "outreach", others) == ""


def test_a_comparison_that_fails_stops_no_other_and_the_day_fails(baseline):
    baseline.stack.add_source("brightnest-crm", "brightnest")
    state = {"found": baseline.stack.invoke("DriftFindAgentsFunction", {})}
    baseline.stack.clients.fail("dynamodb:Query", code="ValidationException", status=400)
    state["answers"] = [baseline.compared(each) for each in state["found"]["agents"]]

    assert [set(answer) for answer in state["answers"]] == [{"error"}, {"tenant", "agent_id", "verdict", "drifted"}]
    with pytest.raises(PlatformError, match=r"1 of 2 comparisons failed: ConfigurationError \(1\)"):
        baseline.stack.invoke("DriftConcludeFunction", state)


def test_each_tenant_is_compared_by_its_own_runs(baseline):
    baseline.stack.add_source("brightnest-crm", "brightnest")
    baseline.record(190, begin=YESTERDAY, locale="fr-CA", tenant="brightnest")
    baseline.record(200, begin=YESTERDAY, seed=2)

    assert verdicts(baseline.run()) == {"collecting": 1, "steady": 1}
    assert baseline.report("brightnest")["baseline"]["runs"] == 190


def test_a_tenant_s_own_agent_is_the_one_that_serves_it(baseline):
    baseline.release("outreach-writer", at=NOW - timedelta(days=2), owner="greenedge")

    [wanted] = found(baseline)
    assert wanted["agents"]["writer"] == {"agent_id": "greenedge#outreach-writer", "version": 1}
    assert wanted["agent_id"] == "greenedge#outreach-writer"


def test_a_change_that_promotes_nothing_begins_no_baseline(baseline):
    [before] = found(baseline)
    baseline.stack.aliases().retire(WRITER, _draft(baseline), now=NOW, **ANNA)

    [after] = found(baseline)
    assert after["since"] == before["since"]
    assert baseline.stack.aliases().alias(WRITER).since > after["since"]


def _draft(platform):
    """The number of a version that was registered and never promoted."""
    version = platform.stack.registry().version(WRITER, 1)
    made = platform.stack.registry().register(
        version.config, version.prompt + "\nBe brief.\n", owner="platform",
        allowed_models=["amazon.nova-lite-v1:0"], now=NOW,
    )  # fmt: skip
    return made.version


def test_the_synthetic_tenant_is_no_company(baseline):
    baseline.stack.add_source("synthetic", SYNTHETIC)

    assert [each["tenant"] for each in found(baseline)] == ["greenedge"]


def test_a_report_holds_figures_alone_and_expires(baseline):
    baseline.record(200, begin=YESTERDAY, seed=2)
    baseline.run()
    [item] = [each for each in baseline.stack.items("DriftReportsTable") if each["subject"].startswith("report#")]
    cells = [cell for each in json.loads(item["report"])["subjects"] for cell in each["cells"]]
    texts = {name for name, *_ in cells if not re.fullmatch(r"(up to|from|[\d.,]+ to) [\d.,]+", name)}

    words = {"referral", "upsell", "en-US", "es-US", "known", "missing", "written", "no_consent", "True", "False"}
    assert texts == words
    assert min(before + now for _, before, now in cells) >= 5
    assert item["series"] == "greenedge#outreach"
    assert list(baseline.reports.newest("greenedge", "outreach", now=NOW + timedelta(days=91))) == []
