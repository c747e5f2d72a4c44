import pytest
from agent_platform.errors import Refused
from agent_platform.evaluations.plans import Wanted, evaluation_id

GOOD = {"agent_id": "platform#writer", "candidate": 2, "tenants": ["greenedge"], "until": "2026-11-21T10:00:00Z"}
VERSIONS = [("platform#writer", 2), ("platform#writer", 1), ("platform#judge", 1)]


def test_what_isn_t_said_is_the_usual():
    wanted = Wanted.of(GOOD | {"baseline": None})

    assert (wanted.baseline, wanted.last, wanted.concurrency, wanted.estimate_only) == (None, 200, 5, False)
    assert wanted.owner == "platform"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"last": 5_001}, "last must be a whole number from 1 to 5000"),
        ({"last": True}, "last must be"),
        ({"concurrency": 21}, "concurrency must be a whole number from 1 to 20"),
        ({"cap_micros": -1}, "cap_micros"),
        ({"margin": 0}, "margin must be above 0"),
        ({"candidate": 0}, "candidate"),
        ({"baseline": 2}, "the same version"),
        ({"tenants": []}, "tenants must list"),
        ({"tenants": "greenedge"}, "tenants must list"),
        ({"agent_id": "greenedge#writer", "tenants": ["brightnest"]}, "on the requests of greenedge alone"),
        ({"agent_id": "greenedge#writer", "tenants": ["greenedge", "brightnest"]}, "on the requests of greenedge"),
        ({"until": "yesterday"}, "ISO 8601"),
        ({"unitl": "x"}, "unknown: unitl"),
        ({"requests": "set.json", "purpose": "referral", "last": 9}, "leave out purpose, last"),
        ({"evaluation": "../secrets"}, "20 hexadecimal digits"),
        ({"evaluation": "ab" * 10, "seed": 2, "baseline": 1}, "its own baseline, seed: leave that out"),
    ],
)
def test_what_is_wrong_with_an_input_is_said(changes, why):
    with pytest.raises(Refused, match=why):
        Wanted.of(GOOD | changes)


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(Refused) as refused:
        Wanted.of(GOOD | {"last": 0, "margin": 2, "concurrency": "many"})
    assert len(refused.value.reasons) == 3


def test_an_evaluation_is_the_same_whatever_the_order_of_its_requests():
    assert evaluation_id(VERSIONS, ["b", "a"], 1) == evaluation_id(VERSIONS, ["a", "b"], 1)


@pytest.mark.parametrize(
    "other",
    [(VERSIONS, ["a"], 1), (VERSIONS, ["a", "b"], 2), ([*VERSIONS[:2], ("platform#judge", 2)], ["a", "b"], 1)],
)
def test_other_requests_another_seed_or_another_judge_is_another_evaluation(other):
    assert evaluation_id(*other) != evaluation_id(VERSIONS, ["a", "b"], 1)
