"""Probing: what is asked, what it comes to, and what is paid for once."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from agent_platform.errors import ConfigurationError, MalformedOutput, OverBudget, Refused, TransientError
from agent_platform.probes.asking import answer_to
from agent_platform.probes.figures import figures, shown_by
from agent_platform.probes.plans import Wanted
from agent_platform.probes.prober import Prober
from agent_platform.probes.sets import ProbeSet
from agent_platform.registry.probings import against_undiscerning
from agent_platform.registry.versions import AgentVersion

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
JUDGE = "platform#outreach-judge"
MODEL = "us.amazon.nova-pro-v1:0"
CONFIG = {"role": "judge", "workflow": "outreach", "inference": {"max_tokens": 1200}}
WANTED = {"agent_id": JUDGE, "version": 2, "seed": "a"}


def probe(number, fault=None):
    return {"id": f"{fault or 'good'}-{number}", "fault": fault, "draft": {"body": "Hello"}, "material": {}}


PROBES = (
    *(probe(number) for number in range(30)),
    *(probe(number, kind) for kind in ("rude", "vague") for number in range(20)),
)


class Judge:
    """A judge's function: approves what isn't faulty, unless it is told to be wrong about a probe or to fail."""

    def __init__(self, *, wrong=(), failing=None):
        self.wrong, self.failing, self.asked = set(wrong), dict(failing or {}), []

    def __call__(self, function, document):
        probe = document["probe"]
        self.asked.append(probe)
        assert function == "the judge"
        if probe in self.failing:
            raise self.failing.pop(probe)
        approved = probe.startswith("good") != (probe in self.wrong)
        return {"approved": approved, "attempts": [{"judge": {"cost_micros": 7}}]}


class Kept:
    """The answers, and the probings, of a stack in memory."""

    def __init__(self):
        self.answers, self.probings = {}, {}

    def of(self, probing):
        return dict(self.answers.get(probing, {}))

    def keep(self, *what):
        if len(what) == 2:
            self.answers.setdefault(what[0], {}).update(what[1])
        else:
            self.probings[what[:3]] = what[3]


@pytest.fixture
def prober():
    """Make a prober around a judge; what it keeps is `kept`."""
    kept = Kept()

    def make(judge, *, config=CONFIG, in_time=True, probes=PROBES):
        agent = AgentVersion(JUDGE, 2, MODEL, "Judge.", config)
        return Prober(
            registry=SimpleNamespace(version=lambda *_: agent),
            manifests=SimpleNamespace(of=lambda word: {"functions": {"judge": "the judge"}} if word else {}),
            sets=SimpleNamespace(of=lambda agent_id: ProbeSet("a set", tuple(probes))),
            answers=kept,
            probings=kept,
            invoke=judge,
            in_time=lambda: in_time,
        )

    make.kept = kept
    return make


def test_every_probe_is_asked_once_and_some_twice(prober):
    judge = Judge(wrong=["good-1", "rude-2"])
    found = prober(judge).probe(Wanted.of(WANTED | {"repeated": 10}), now=NOW)["result"]

    assert len(judge.asked) == 80
    assert (found["good"]["n"], found["good"]["right"], found["bad"]["n"], found["bad"]["right"]) == (30, 29, 40, 39)
    assert {kind: each["right"] for kind, each in found["faults"].items()} == {"rude": 19, "vague": 20}
    assert found["discriminates"]
    assert (found["repeated"], found["flipped"], found["unstable"]) == (10, 0, False)
    assert found["cost_micros"] == 80 * 7
    assert prober.kept.probings == {(JUDGE, 2, "asked"): found}


def test_a_probing_that_was_cut_short_goes_on_and_pays_for_nothing_twice(prober):
    judge = Judge(failing={"good-3": OverBudget("no room")})
    with pytest.raises(OverBudget):
        prober(judge).probe(Wanted.of(WANTED), now=NOW)
    asked = len(judge.asked)
    prober(judge).probe(Wanted.of(WANTED), now=NOW)

    assert prober.kept.probings
    # Only the one that failed is asked again; thirty of all are asked twice.
    assert len(judge.asked) == 70 + 30 + 1
    assert asked < len(judge.asked)
    prober(judge).probe(Wanted.of(WANTED), now=NOW)
    assert len(judge.asked) == 101


def test_a_share_is_asked_at_a_time(prober):
    judge = Judge()
    first = prober(judge).probe(Wanted.of(WANTED | {"repeated": 0, "most": 10}), now=NOW)
    assert (first["estimate"]["left"], first["result"], len(judge.asked)) == (60, None, 10)


def test_no_share_is_begun_without_time_for_it(prober):
    judge = Judge()
    assert prober(judge, in_time=False).probe(Wanted.of(WANTED | {"repeated": 0}), now=NOW)["result"] is None
    assert len(judge.asked) == 20


def test_an_estimate_asks_nobody_and_says_what_it_costs_at_most(prober):
    judge = Judge()
    told = prober(judge).probe(Wanted.of(WANTED | {"estimate_only": True}), now=NOW)["estimate"]
    assert (told["good"], told["bad"], told["repeated"], told["left"], judge.asked) == (30, 40, 30, 70, [])
    # 100 judgements of two calls each, 1,200 tokens of output at $3.20 a million, and little to read.
    assert 200 * 1200 * 3.2 < told["at_most_micros"] < 2 * 200 * 1200 * 3.2


def test_a_cap_holds_before_anything_is_paid(prober):
    judge = Judge()
    with pytest.raises(Refused, match=r"the cap is \$0\.10"):
        prober(judge).probe(Wanted.of(WANTED | {"cap_micros": 100_000}), now=NOW)
    assert judge.asked == []


def test_only_judges_are_probed(prober):
    with pytest.raises(Refused, match="is no judge's"):
        prober(Judge(), config=CONFIG | {"role": "writer"}).probe(Wanted.of(WANTED), now=NOW)


def test_a_workflow_without_a_judge_can_t_be_asked(prober):
    with pytest.raises(ConfigurationError, match="has no judge to ask"):
        prober(Judge(), config=CONFIG | {"workflow": ""}).probe(Wanted.of(WANTED), now=NOW)


def test_a_design_asks_so_many_as_its_half_width_takes_of_each_label_and_kind(prober):
    judge = Judge()
    found = prober(judge).probe(Wanted.of(WANTED | {"half_width": 0.3, "repeated": 0}), now=NOW)["result"]
    assert (found["good"]["n"], found["bad"]["n"]) == (11, 11)
    assert sorted(each["n"] for each in found["faults"].values()) == [5, 6]


def test_another_seed_draws_another_sample():
    drawn = [ProbeSet("a", PROBES).sample(10, 10, seed=seed) for seed in "aab"]
    assert drawn[0] == drawn[1] != drawn[2]


def test_what_a_judge_can_t_answer_is_counted_apart(prober):
    judge = Judge(failing={"rude-1": MalformedOutput("no shape")})
    found = prober(judge).probe(Wanted.of(WANTED | {"repeated": 0}), now=NOW)["result"]
    assert (found["failed"], found["bad"]["n"]) == ({"MalformedOutput": 1}, 39)


def test_a_throttled_judge_is_asked_again_a_few_times():
    waits, answers = [], [TransientError("throttled")] * 4

    def throttled(function, document):
        if answers:
            raise answers.pop()
        return {"approved": True, "attempts": [{"judge": {"cost_micros": 1}}]}

    version = {"agent_id": JUDGE, "version": 2}
    asked = {"function": "f", "twice": False, "invoke": throttled, "sleep": waits.append}
    assert answer_to(probe(1), version, **asked) == {"approved": True, "cost_micros": 1}
    assert waits == [1, 2, 4, 8]
    answers += [TransientError("throttled")] * 5
    with pytest.raises(TransientError):
        answer_to(probe(1), version, **asked)


def told(*, flipped=0, twice=0, approves=lambda probe: probe["fault"] is None):
    answers = {each["id"]: {"approved": approves(each), "cost_micros": 1} for each in PROBES}
    for number, each in enumerate(PROBES[:twice]):
        answers[each["id"]]["again"] = answers[each["id"]]["approved"] != (number < flipped)
    return figures("p", "set", PROBES, answers, now=NOW)


@pytest.mark.parametrize(("flipped", "unstable"), [(0, False), (1, False), (4, True), (30, True)])
def test_a_judge_is_unstable_if_that_is_sure(flipped, unstable):
    assert told(flipped=flipped, twice=30)["unstable"] is unstable


def test_a_judge_that_approves_everything_is_not_shown_to_discriminate():
    found = told(approves=lambda probe: True)
    assert found["discrimination"]["index"] == 0
    assert not found["discriminates"]
    assert shown_by(found).refused == 0
    [why] = against_undiscerning(found, 2, first=False)
    assert "discrimination on the probes is 0.00" in why


def test_nobody_is_promoted_unprobed_but_the_first():
    assert "scripts/agents probe" in against_undiscerning(None, 2, first=False)[0]
    assert against_undiscerning(None, 1, first=True) == []
    assert against_undiscerning(told(), 2, first=False) == []
    assert against_undiscerning(told(approves=lambda probe: True), 1, first=True)


def test_a_judge_that_answers_about_one_label_only_has_no_figures():
    answers = {each["id"]: {"error": "MalformedOutput", "cost_micros": 0} for each in PROBES}
    with pytest.raises(Refused, match="answered about 0 of 70"):
        figures("p", "set", PROBES, answers, now=NOW)


def test_everything_wrong_with_the_input_is_said():
    with pytest.raises(Refused) as refused:
        Wanted.of({"version": True, "colour": 1, "half_width": 3, "most": -1})
    assert len(refused.value.reasons) == 6
