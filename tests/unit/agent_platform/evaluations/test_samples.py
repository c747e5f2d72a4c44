from dataclasses import replace

import pytest
from agent_platform.evaluations.samples import PastRequest, estimate, items_of
from agent_platform.inference.prices import cost_micros
from agent_platform.recordings import Recording
from agent_platform.registry.versions import AgentVersion

LITE, PRO = "us.amazon.nova-lite-v1:0", "us.amazon.nova-pro-v1:0"
USAGE = {
    "generate": {"input_tokens": 2_000, "output_tokens": 200, "calls": 1},
    "judge": {"input_tokens": 3_000, "output_tokens": 300, "calls": 1},
}
AGENTS = {
    "candidate": {"agent_id": "platform#writer", "version": 2},
    "baseline": {"agent_id": "platform#writer", "version": 1},
    "judge": {"agent_id": "platform#judge", "version": 1},
}


def agent(version=1, *, model=LITE, prompt="Write."):
    return AgentVersion("platform#writer", version, model, prompt, {"inference": {"max_tokens": 900}})


WRITERS = {"candidate": agent(2), "baseline": agent(1)}
JUDGE = agent(model=PRO)


def request(number=0, **changes):
    made = PastRequest("greenedge", f"{number:064x}", "2026-11-20T09:00:00Z", {"purpose": "referral"}, USAGE, 9_000)
    return replace(made, **changes)


def test_the_expected_cost_is_that_of_the_tokens_that_were_counted():
    found = estimate([request(), request(1)], WRITERS, JUDGE)

    each = cost_micros(LITE, input_tokens=2_000, output_tokens=200) + cost_micros(
        PRO, input_tokens=3_000, output_tokens=300
    )
    assert found.expected_micros == 2 * 2 * each
    assert found.measured == 2


def test_at_most_every_answer_is_as_long_as_allowed_read_so_by_the_judge_and_asked_for_twice():
    found = estimate([request()], WRITERS, JUDGE)

    dearest = cost_micros(LITE, input_tokens=2_900, output_tokens=900) + cost_micros(
        PRO, input_tokens=3_000 + 900 + 900, output_tokens=900
    )
    assert found.at_most_micros == 2 * 2 * dearest


def test_a_longer_prompt_and_a_dearer_model_cost_more():
    usual = estimate([request()], WRITERS, JUDGE).expected_micros

    assert (
        estimate([request()], WRITERS | {"candidate": agent(2, prompt="Write." * 500)}, JUDGE).expected_micros > usual
    )
    assert estimate([request()], WRITERS | {"candidate": agent(2, model=PRO)}, JUDGE).expected_micros > usual


def test_a_repaired_answer_counts_as_its_calls():
    twice = {"generate": {"input_tokens": 4_000, "output_tokens": 400, "calls": 2}, "judge": USAGE["judge"]}

    assert estimate([request(usage=twice)], WRITERS, JUDGE) == estimate([request()], WRITERS, JUDGE)


def test_where_nothing_was_counted_the_estimate_is_rather_too_high():
    guessed = estimate([request(usage={})], WRITERS, JUDGE)

    assert guessed.measured == 0
    assert guessed.expected_micros > estimate([request()], WRITERS, JUDGE).expected_micros


def test_who_writes_first_is_a_lot_that_a_rerun_draws_alike():
    requests = [request(number) for number in range(1_000)]
    items = items_of("e", requests, agents=AGENTS, seed=1)
    candidates_first = sum(item["first"]["arm"] == "candidate" for item in items)

    assert items == items_of("e", reversed(requests), agents=AGENTS, seed=1)[::-1]
    assert 400 < candidates_first < 600
    assert items != items_of("e", requests, agents=AGENTS, seed=2)


@pytest.mark.parametrize("seed", range(5))
def test_each_arm_writes_once_with_its_own_version(seed):
    [item] = items_of("e", [request()], agents=AGENTS, seed=seed)

    assert {item[place]["arm"]: item[place]["writer"]["version"] for place in ("first", "second")} == {
        "candidate": 2,
        "baseline": 1,
    }
    assert item["judge"] == AGENTS["judge"]


def test_a_recording_from_before_usage_was_kept_is_a_request_too():
    recording = Recording("greenedge", "outreach", "referral", "2026-01-01T00:00:00Z", "ab", {"request": {}})

    assert PastRequest.of(recording).slices == {"purpose": "referral"}
    assert PastRequest.of(recording).usage == {}
