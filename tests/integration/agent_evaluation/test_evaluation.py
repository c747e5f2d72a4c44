import json
from datetime import UTC, datetime

import pytest
from agent_platform.errors import ConfigurationError, EventUnavailable, ModelRefused, Refused
from agent_platform.evaluations.plans import MOST_REQUESTS
from agent_platform.items import to_item
from agent_platform.registry.alias import PLATFORM

from tests.fakes import completion
from tests.integration.outreach.answers import EMAIL, draft, scores
from tests.integration.stack import ROOT
from tests.probings import probing

WRITER = f"{PLATFORM}#outreach-writer"
BUCKET = "evaluationsbucket"


def stored(stack, key):
    return json.loads(stack.clients("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read())


def keys(stack, prefix=""):
    found = stack.clients("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
    return sorted(each["Key"] for each in found)


def alike(pairs):
    """What both arms of so many pairs and their judge answer, all good."""
    return [draft(), scores(5), draft(), scores(5)] * pairs


@pytest.fixture
def losing(script, evaluation):
    """What the models answer if the candidate's drafts of these pairs are bad, in the order in which the arms write."""

    def answers(made, *, bad):
        planned = []
        for item in made.items(made.plan()):
            for place in ("first", "second"):
                worse = item[place]["arm"] == "candidate" and item["recording"] in bad
                planned += [draft(), scores(2 if worse else 5)]
        return script(*planned)

    return answers


def test_both_versions_write_to_the_recorded_requests_and_the_result_stands_with_the_candidate(
    recorded, second, evaluation, script
):
    requests, made = recorded(3), evaluation()
    script(*alike(3))
    state = made.run()

    assert state["plan"]["requests"] == state["plan"]["left"] == len(requests) == 3
    assert {recording for _, payload in made.payloads for recording in [f"greenedge#{payload['recording']}"]} == set(
        requests
    )
    row = made._stack.registry().rows(WRITER)[second - 1]
    assert row["performance"] == {state["plan"]["evaluation"]: state["result"]}
    assert state["result"]["verdict"] == "inconclusive"
    assert "on 3 requests" in state["result"]["sentence"]
    assert stored(made._stack, state["result"]["result"])["approval"]["n"] == 3


def test_the_writer_has_the_same_material_before_it_as_the_run_had(recorded, second, ready, begin, evaluation, script):
    fake = script(draft(), scores(5))
    ready.run(begin())
    then = fake.texts(0)
    fake = script(*alike(1))
    evaluation().run(pairs=1)

    assert fake.texts(0) == then
    assert fake.texts(2) == then


def test_the_judge_is_one_version_and_isn_t_told_whose_draft_it_sees(recorded, second, evaluation, script):
    recorded(2)
    made = evaluation()
    script(*alike(2))
    made.run()
    judged = [payload for name, payload in made.payloads if name == "OutreachJudgeFunction"]

    assert len(judged) == 4
    assert {json.dumps(each["agents"]) for each in judged} == {
        json.dumps({"judge": {"agent_id": "platform#outreach-judge", "version": 1}})
    }
    assert {frozenset(each) for each in judged} == {frozenset({"tenant", "recording", "agents", "draft"})}


def test_nothing_is_stored_as_a_message_and_nobody_is_written_to(recorded, second, evaluation, script):
    recorded(2)
    made = evaluation()
    before = {name: made._stack.items(name) for name in ("OutreachMessagesTable", "OutreachContactsTable",
                                                         "EventRecordsTable", "RecordingsTable")}  # fmt: skip
    script(*alike(2))
    made.run()

    assert {name: made._stack.items(name) for name in before} == before


def test_a_run_that_was_cut_off_pays_only_for_what_is_left(recorded, second, evaluation, script):
    recorded(3)
    script(*alike(2))
    first = evaluation()
    first.run(pairs=2)
    script(*alike(1))
    again = evaluation()
    state = again.run()

    assert (state["plan"]["left"], state["plan"]["requests"]) == (1, 3)
    assert len(again.payloads) == 4
    assert state["result"]["requests"] == 3
    script()
    assert evaluation().run()["plan"]["left"] == 0


def test_a_pair_that_is_written_again_is_one_pair(recorded, second, evaluation, script):
    recorded(2)
    made = evaluation()
    plan = made.plan()
    [item, _] = made.items(plan)
    script(*alike(2))
    for _ in range(2):
        made.write({"pair": item, "functions": plan["functions"]})

    assert len(keys(made._stack, f"{plan['evaluation']}/pairs/")) == 1


def test_a_request_that_can_t_be_written_to_is_named_and_ends_nothing(recorded, second, evaluation, script):
    recorded(3)
    made = evaluation()
    script(ModelRefused("converse: AccessDeniedException"), *alike(2))
    result = stored(made._stack, made.run()["result"]["result"])

    assert result["pairs"] == 2
    assert result["failed"] == {"ModelRefused": 1}
    script(*alike(1))
    assert stored(made._stack, evaluation().run()["result"]["result"])["failed"] == {}


def test_without_two_pairs_nothing_is_claimed(recorded, second, evaluation, script):
    recorded(2)
    script(*[ModelRefused("no")] * 2)
    with pytest.raises(Refused, match=r"0 of 2 pairs .*ModelRefused 2 times"):
        evaluation().run()


def test_losses_stand_side_by_side_with_their_reasons(recorded, second, evaluation, losing):
    requests = recorded(3)
    made = evaluation()
    [bad] = [key.partition("#")[2] for key in requests[:1]]
    losing(made, bad={bad})
    result = stored(made._stack, made.run()["result"]["result"])

    [loss] = result["losses"]
    assert loss["recording"] == bad
    assert (loss["baseline"]["approved"], loss["candidate"]["approved"]) == (True, False)
    assert loss["candidate"]["texts"]["subject"] == EMAIL["subject"]
    assert "accuracy 2: “Share your link” decides accuracy." in loss["candidate"]["reasons"]
    assert (result["approval"]["wins"], result["approval"]["losses"]) == (0, 1)


def test_what_a_draft_claims_without_a_fact_is_counted_by_kind(recorded, second, evaluation, script):
    recorded(2)
    made = evaluation()
    wrong = draft(body=EMAIL["body"].replace("no rush", "a bonus of $500"))
    planned = []
    for item in made.items(made.plan()):
        for place in ("first", "second"):
            planned += [wrong if item[place]["arm"] == "candidate" else draft(), scores(5)]
    script(*planned)
    result = stored(made._stack, made.run()["result"]["result"])

    assert result["findings"] == {"amount contradicted": {"baseline": 0, "candidate": 2}}


def test_a_name_that_no_writer_could_know_is_still_found(recorded, second, evaluation, script):
    recorded(2)
    named = draft(body=EMAIL["body"].replace("{{customer.first_name}}", "Gertrude"))
    script(*[named, scores(5), named, scores(5)] * 2)
    made = evaluation()
    result = stored(made._stack, made.run()["result"]["result"])

    assert result["findings"] == {"name contradicted": {"baseline": 2, "candidate": 2}}


def test_identity_slots_are_no_findings(recorded, second, evaluation, script):
    recorded(2)
    body = EMAIL["body"].replace("your lawn", "your lawn in {{customer.city}}")
    script(*[draft(body=body), scores(5), draft(body=body), scores(5)] * 2)
    made = evaluation()

    assert stored(made._stack, made.run()["result"]["result"])["findings"] == {}


def test_an_estimate_keeps_what_it_is_about_and_begins_nothing(recorded, second, evaluation):
    recorded(2)
    made = evaluation(estimate_only=True)
    plan = made.plan()

    assert plan["estimate"]["measured"] == 2
    assert 0 < plan["estimate"]["expected_micros"] < plan["estimate"]["at_most_micros"]
    assert keys(made._stack) == [f"{plan['evaluation']}/requests.json", f"{plan['evaluation']}/terms.json"]


def test_the_evaluation_that_was_priced_is_the_one_that_is_made(recorded, second, evaluation):
    recorded(2)
    priced = evaluation(estimate_only=True, seed=3).plan()
    recorded(4)
    made = evaluation(evaluation=priced["evaluation"]).plan()

    assert made | {"items": ""} == priced


def test_each_draft_is_judged_twice_if_the_judge_was_seen_to_waver(recorded, second, ready, evaluation, script):
    recorded(2)
    ready.probings().keep(f"{PLATFORM}#outreach-judge", 1, "asked", probing(flipped=9, unstable=True))
    # The first draft of each pair is approved once and not again.
    script(*[draft(), scores(5), scores(2), draft(), scores(5), scores(4)] * 2)
    made = evaluation()
    state = made.run()

    assert state["plan"]["twice"]
    whole = stored(ready, state["result"]["result"])
    [kept, _] = [stored(ready, key) for key in keys(ready, f"{state['plan']['evaluation']}/pairs/")]
    told = sorted((arm["approved"], arm["score"], arm["judging_micros"]) for arm in kept["arms"].values())
    assert told == [(False, 3.5, 60), (True, 4.5, 60)]
    assert whole["scores"]["clarity"]["n"] == 2


def test_what_is_judged_twice_costs_more(recorded, second, ready, evaluation):
    recorded(2)
    once = evaluation(estimate_only=True).plan()
    ready.probings().keep(f"{PLATFORM}#outreach-judge", 1, "asked", probing(flipped=9, unstable=True))
    twice = evaluation(estimate_only=True).plan()

    assert (once["twice"], twice["twice"]) == (False, True)
    assert twice["estimate"]["expected_micros"] > once["estimate"]["expected_micros"]
    assert twice["estimate"]["at_most_micros"] > once["estimate"]["at_most_micros"]


def test_an_evaluation_from_before_goes_on_with_one_judgement(recorded, second, ready, evaluation, script):
    recorded(2)
    planned = evaluation(estimate_only=True).plan()["evaluation"]
    terms = {name: value for name, value in stored(ready, f"{planned}/terms.json").items() if name != "twice"}
    ready.clients("s3").put_object(Bucket=BUCKET, Key=f"{planned}/terms.json", Body=json.dumps(terms).encode())
    script(*alike(2))

    assert evaluation(evaluation=planned).run()["plan"]["twice"] is False


def test_what_goes_on_keeps_its_versions_its_judge_and_its_seed(recorded, second, ready, evaluation, script):
    recorded(2)
    script(*alike(2))
    first = evaluation(seed=3).run()
    ready.aliases().promote(WRITER, second, by="anna", reason="better", now=datetime.now(UTC))
    folder = ROOT / "agents/outreach-judge"
    config, prompt = json.loads((folder / "config.json").read_text()), (folder / "prompt.md").read_text()
    ready.release(config, f"{prompt}\nBe fair.\n", owner=PLATFORM, now=datetime.now(UTC))
    again = evaluation(evaluation=first["plan"]["evaluation"]).run()

    assert (again["plan"]["agents"], again["plan"]["seed"]) == (first["plan"]["agents"], 3)
    assert (again["plan"]["evaluation"], again["plan"]["left"]) == (first["plan"]["evaluation"], 0)


def test_only_an_evaluation_that_is_there_goes_on_and_only_as_itself(recorded, second, ready, evaluation):
    recorded(2)
    planned = evaluation(estimate_only=True).plan()["evaluation"]

    with pytest.raises(Refused, match="there is no evaluation"):
        evaluation(evaluation="ab" * 10).plan()
    with pytest.raises(Refused, match="is of version 2 of platform#outreach-writer"):
        evaluation(candidate=1, evaluation=planned).plan()
    [left, _] = stored(ready, f"{planned}/requests.json")
    ready.clients("s3").put_object(Bucket=BUCKET, Key=f"{planned}/requests.json", Body=json.dumps([left]).encode())
    with pytest.raises(Refused, match="was changed"):
        evaluation(evaluation=planned).plan()


def test_a_named_set_has_as_many_requests_as_an_evaluation_may(second, ready, evaluation):
    body = json.dumps([f"greenedge#{number}" for number in range(MOST_REQUESTS + 1)]).encode()
    ready.clients("s3").put_object(Bucket=BUCKET, Key="set.json", Body=body)

    with pytest.raises(Refused, match="names 5,001 requests, and 5,000 are the most"):
        evaluation(requests="set.json").plan()


def test_an_input_that_names_no_agent_is_refused_with_what_is_missing(ready):
    with pytest.raises(Refused, match="missing: agent_id"):
        ready.invoke("AgentEvaluationSampleFunction", {"candidate": 2, "tenants": ["greenedge"], "until": "2026-01-01"})


def test_a_pair_that_couldn_t_even_be_kept_stops_no_other_and_is_missing(
    recorded, second, ready, evaluation, script, monkeypatch
):
    recorded(3)
    made = evaluation()
    items = made.items(made.plan())
    script(*alike(3))

    def begun(plan):
        ready.clients.fail("s3:PutObject")
        return items

    monkeypatch.setattr(made, "items", begun)
    result = stored(made._stack, made.run()["result"]["result"])

    assert (result["pairs"], result["failed"], result["missing"]) == (2, {}, 1)


def test_what_could_cost_more_than_the_cap_isn_t_begun(recorded, second, evaluation):
    recorded(2)
    at_most = evaluation(estimate_only=True).plan()["estimate"]["at_most_micros"]
    made = evaluation(cap_micros=at_most - 1, seed=2)
    before = keys(made._stack)

    with pytest.raises(Refused, match="the cap is"):
        made.plan()
    assert keys(made._stack) == before
    assert evaluation(cap_micros=at_most).plan()["left"] == 2


def test_without_a_recorded_request_there_is_nothing_to_evaluate_on(second, evaluation):
    with pytest.raises(Refused, match="no recorded requests"):
        evaluation().plan()


def test_an_unknown_version_is_named(recorded, evaluation):
    recorded(1)
    with pytest.raises(ConfigurationError, match="no version 7"):
        evaluation(candidate=7).plan()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"candidate": 1}, "in production itself"),
        ({"purpose": "chitchat"}, "there are: referral, upsell"),
        ({"agent_id": "platform#outreach-judge", "candidate": 1, "baseline": 2}, "no version 2|no writer's"),
        ({"agent_id": "platform#nobody"}, "is in production"),
        ({"requests": "nowhere.json"}, "no list of requests"),
    ],
)
def test_what_can_t_be_evaluated_is_refused(recorded, second, evaluation, changes, why):
    recorded(1)
    with pytest.raises((Refused, ConfigurationError), match=why):
        evaluation(**changes).plan()


def test_the_last_requests_of_a_purpose_are_taken_newest_first(recorded, second, evaluation):
    requests = recorded(3)
    made = evaluation(last=2, purpose="referral")

    assert made.plan()["requests"] == 2
    with pytest.raises(Refused):
        evaluation(purpose="upsell").plan()
    assert len(requests) == 3


def test_a_named_set_is_the_same_evaluation_whatever_came_later(recorded, second, evaluation):
    recorded(2)
    first = evaluation().plan()
    recorded(4)
    again = evaluation(requests=f"{first['evaluation']}/requests.json").plan()

    assert (again["evaluation"], again["requests"]) == (first["evaluation"], 2)
    assert evaluation().plan()["evaluation"] != first["evaluation"]


def test_a_recording_that_has_expired_is_not_taken(recorded, second, ready, evaluation):
    [key, _] = recorded(2)
    ready.clients("dynamodb").update_item(
        TableName="RecordingsTable",
        Key=to_item({"recording": key}),
        UpdateExpression="SET expiresAt = :then",
        ExpressionAttributeValues=to_item({":then": 1}),
    )
    assert evaluation().plan()["requests"] == 1
    payload = {"tenant": "greenedge", "recording": key.partition("#")[2], "agents": {"writer": {}}}
    with pytest.raises(EventUnavailable):
        ready.invoke("OutreachGenerateFunction", payload)


def test_another_tenant_s_requests_are_out_of_reach(recorded, second, ready, evaluation):
    [key] = recorded(1)
    ready.clients("s3").put_object(Bucket=BUCKET, Key="set.json", Body=json.dumps([key]).encode())

    with pytest.raises(Refused):
        evaluation(tenants=["brightnest"]).plan()
    with pytest.raises(Refused, match="greenedge"):
        evaluation(tenants=["brightnest"], requests="set.json").plan()


def test_a_draft_that_came_out_of_shape_is_asked_for_once_more_and_paid_for(recorded, second, evaluation, script):
    recorded(2)
    script(completion("I would rather not."), *alike(2))
    made = evaluation()
    result = stored(made._stack, made.run()["result"]["result"])

    assert result["spent_micros"] == 9 * 30
