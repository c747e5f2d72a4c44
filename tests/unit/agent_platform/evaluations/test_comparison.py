import pytest
from agent_platform.errors import Refused
from agent_platform.evaluations.comparison import compared, sentence
from measurement.paired import compare_approvals, compare_slices

from tests.unit.agent_platform.evaluations.pairing import CRITERIA, finding, pair, written

BAD = {"approved": False}


def weighed(pairs, failures=(), *, missing=0):
    """The comparison of these pairs with a margin of five points."""
    return compared(pairs, failures, requests=len(pairs) + len(failures) + missing, margin=0.05)


def pairs(wins=0, losses=0, ties=0):
    """So many requests on which the candidate alone was approved, the baseline alone, or both."""
    outcomes = [(False, True)] * wins + [(True, False)] * losses + [(True, True)] * ties
    return [
        pair(number, baseline=written(approved=one), candidate=written(approved=other))
        for number, (one, other) in enumerate(outcomes)
    ]


def test_approval_is_compared_pair_by_pair_as_candidate_less_baseline():
    found = weighed(pairs(wins=9, losses=3, ties=28))["approval"]

    expected = compare_approvals([(False, True)] * 9 + [(True, False)] * 3 + [(True, True)] * 28, margin=0.05)
    assert found["difference"] == pytest.approx(6 / 40)
    assert tuple(found["interval"]) == tuple(expected.interval)
    assert (found["wins"], found["ties"], found["losses"]) == (9, 28, 3)


@pytest.mark.parametrize(
    ("outcomes", "verdict", "said"),
    [
        ({"wins": 30, "ties": 70}, "better", "Version 2 is better than version 1: +30.0 points"),
        ({"ties": 400}, "not_worse", "Version 2 is not worse than version 1 by more than 5 points: +0.0 points"),
        ({"losses": 30, "ties": 70}, "worse", "Version 2 is worse than version 1: -30.0 points"),
        ({"wins": 3, "losses": 3, "ties": 6}, "inconclusive", "Inconclusive between version 2 and version 1"),
    ],
)
def test_the_verdict_is_one_sentence_with_how_sure_it_is(outcomes, verdict, said):
    approval = weighed(pairs(**outcomes))["approval"]
    spoken = sentence(approval, candidate=2, baseline=1)

    assert approval["verdict"] == verdict
    assert spoken.startswith(said)
    assert f"on {approval['n']} requests" in spoken
    assert ("would show" in spoken) == (verdict == "inconclusive")


def test_scores_are_compared_as_a_whole_and_by_criterion():
    found = weighed([pair(n, candidate=written(4.5 if n else 4.0)) for n in range(4)])["scores"]

    assert list(found) == ["score", *CRITERIA]
    assert found["clarity"]["difference"] == pytest.approx(0.375)


def test_less_length_cost_and_time_is_a_win():
    cheaper = [pair(n, candidate=written(cost_micros=300 + n, latency_ms=950 + n)) for n in range(3)]
    found = weighed(cheaper)["efforts"]

    assert (found["cost_micros"]["wins"], found["latency_ms"]["wins"], found["words"]["ties"]) == (3, 0, 3)


def test_findings_count_drafts_and_not_repetitions():
    twice = written(approved=False, findings=[finding("amount"), finding("amount"), finding("date", "contradicted")])
    found = weighed([pair(0, candidate=twice), pair(1, baseline=twice)])["findings"]

    assert found == {
        "amount unsupported": {"baseline": 1, "candidate": 1},
        "date contradicted": {"baseline": 1, "candidate": 1},
    }


def test_slices_are_corrected_for_all_groups_together_and_the_whole_is_none():
    made = [pair(n, locale=f"l{n % 2}", tenure=f"t{n % 2}", candidate=written(approved=n % 5 > 0)) for n in range(60)]
    found = weighed(made)["slices"]

    groups = {name: [(True, n % 5 > 0) for n in range(60) if n % 2 == int(name[-1])] for name in found}
    expected = compare_slices(compare_approvals, groups, alpha=0.05, margin=0.05)
    assert sorted(found) == ["locale: l0", "locale: l1", "tenure: t0", "tenure: t1"]
    assert {name: tuple(each["interval"]) for name, each in found.items()} == {
        name: tuple(each.interval) for name, each in expected.items()
    }


def test_the_largest_losses_come_first_and_gains_never():
    made = [
        pair(0, candidate=written(3.0)),
        pair(1, candidate=written(3.5, approved=False)),
        pair(2, candidate=written(1.0, approved=False)),
        pair(3, baseline=written(2.0, approved=False)),
        pair(4),
    ]
    losses = weighed(made)["losses"]

    assert [int(loss["recording"], 16) for loss in losses] == [2, 1, 0]


def test_at_most_ten_losses_are_shown():
    assert len(weighed([pair(n, candidate=written(**BAD)) for n in range(30)])["losses"]) == 10


def test_a_loss_says_what_stopped_the_draft_and_where_the_judge_saw_least():
    scores = {"accuracy": 5, "clarity": 2}
    [loss] = weighed(
        [pair(0, candidate=written(3.5, approved=False, scores=scores, findings=[finding("amount")])), pair(1)]
    )["losses"]

    assert loss["candidate"]["reasons"] == ["amount unsupported: $500", "clarity 2: “Hello” decides clarity."]


def test_what_was_spent_is_both_arms_and_the_judge():
    assert weighed([pair(0), pair(1)])["spent_micros"] == 4 * 2_400


def test_too_few_pairs_say_nothing_but_why():
    failures = [{"error": "ModelRefused"}, {"error": "ModelRefused"}, {"error": "OutputBlocked"}]

    with pytest.raises(Refused, match=r"1 of 4 pairs .*ModelRefused 2 times, OutputBlocked 1 times"):
        weighed([pair(0)], failures)


def test_requests_of_which_nothing_was_kept_are_missing_and_no_failures():
    found = weighed([pair(0), pair(1)], [{"error": "ModelRefused"}], missing=3)

    assert (found["pairs"], found["failed"], found["missing"]) == (2, {"ModelRefused": 1}, 3)
    with pytest.raises(Refused, match=r"0 of 3 pairs .*3 of which nothing was kept"):
        weighed([], missing=3)
