from collections import Counter

import pytest
from agent_platform.drift.measured import AREAS, SKIP_REASON, WRITTEN, MeasuredRun, area_of, counted, key_of, names_in
from agent_platform.recordings import SKIPPED, Recording

VERSIONS = {
    "writer": {"agent_id": "platform#writer", "version": 1},
    "judge": {"agent_id": "platform#judge", "version": 4},
}
MEASURED = {
    "agents": VERSIONS,
    "inputs": {"locale": "en-US"},
    "retrieval": {"similarity": 0.4},
    "outputs": {"score": 4.5},
}


def recording(purpose="referral", **material):
    return Recording("greenedge", "outreach", purpose, "2026-11-20T09:00:00Z", "m-1", material)


def run(**values):
    return MeasuredRun("2026-11-20T09:00:00Z", "2026-11-20T09:00:00Z#m-1", values)


def test_a_run_has_what_was_measured_of_it_under_its_area():
    found = MeasuredRun.of(recording(measured=MEASURED), VERSIONS)

    assert found.key == "2026-11-20T09:00:00Z#m-1"
    assert found.values == {
        "inputs.locale": "en-US", "retrieval.similarity": 0.4, "outputs.score": 4.5, SKIP_REASON: WRITTEN,
    }  # fmt: skip


@pytest.mark.parametrize("role", VERSIONS)
def test_what_other_versions_made_says_nothing_of_these(role):
    others = VERSIONS | {role: {"agent_id": f"platform#{role}", "version": 9}}

    found = MeasuredRun.of(recording(measured=MEASURED | {"agents": others}), VERSIONS)

    assert set(found.values) == {"inputs.locale", "retrieval.similarity", SKIP_REASON}


def test_a_skip_has_its_reason_alone():
    found = MeasuredRun.of(recording(SKIPPED, measured={"reason": "no_consent"}), VERSIONS)

    assert found.values == {SKIP_REASON: "no_consent"}


def test_a_recording_from_before_anything_was_measured_is_no_run():
    assert MeasuredRun.of(recording(request={}), VERSIONS) is None


def test_every_subject_has_an_area():
    assert [area_of(f"{area}.anything") for area in AREAS] == list(AREAS)


def test_numbers_by_name_are_spread_where_at_least_half_of_the_baseline_has_the_name():
    baseline = [run(**{"inputs.value": {"USD": 100, "CAD": 7}}), run(**{"inputs.value": {"USD": 120}}),
                run(**{"inputs.value": {"USD": 90}}), run(**{"inputs.value": None})]  # fmt: skip
    window = [run(**{"inputs.value": {"EUR": 5}}), run(**{"inputs.value": {"USD": 80, "EUR": 1}})]

    names = names_in(baseline)

    assert counted(baseline, names) == {"inputs.value.USD": Counter([100, 120, 90, None])}
    assert counted(window, names) == {"inputs.value.USD": Counter([None, 80])}


def test_what_only_the_window_has_by_name_is_told_as_their_number():
    names = names_in([run(**{"inputs.value": None})])

    assert counted([run(**{"inputs.value": {"USD": 80, "EUR": 1}})], names) == {"inputs.value": Counter([2])}


def test_of_many_names_the_eight_that_most_runs_have_are_spread():
    baseline = [run(**{"inputs.shares": {f"service {number}": 1.0 for number in range(20)}}) for _ in range(3)]

    assert len(counted(baseline, names_in(baseline))) == 8


def test_a_key_is_of_all_the_versions():
    assert key_of(VERSIONS) == key_of(dict(reversed(VERSIONS.items()))) == "platform#judge#4#platform#writer#1"
    assert key_of(VERSIONS | {"judge": {"agent_id": "platform#judge", "version": 5}}) != key_of(VERSIONS)
