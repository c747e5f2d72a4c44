"""What a version may say of the review of its work."""

import pytest
from agent_platform.registry.review_policies import review_problems

WHOLE = {
    "all": False, "share": 0.05, "findings": True, "uncertain": {"below": 4.2}, "new_segments": 20,
    "second_share": 0.2, "lease_minutes": 15,
}  # fmt: skip


def problems(**policy):
    return review_problems({"role": "writer", "review": policy})


def test_a_whole_policy_and_none_have_no_problem():
    assert problems(**WHOLE) == []
    assert review_problems({"role": "judge"}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("all", 1),
        ("all", "yes"),
        ("share", 1.01),
        ("share", -0.1),
        ("share", True),
        ("share", float("nan")),
        ("findings", None),
        ("uncertain", 4.2),
        ("uncertain", {}),
        ("uncertain", {"below": 0.9}),
        ("uncertain", {"below": 4, "above": 2}),
        ("new_segments", 0),
        ("new_segments", 2.0),
        ("new_segments", True),
        ("second_share", "half"),
        ("lease_minutes", 0),
        ("lease_minutes", 1441),
    ],
)
def test_a_wrong_part_is_named_with_what_would_be_right(name, value):
    [found] = problems(**{**WHOLE, name: value})
    assert found.startswith(f"review.{name} must be ")


def test_every_problem_is_listed_and_an_unknown_part_is_told_what_there_is():
    found = problems(share=2, everyone=True, all=0)
    assert found[0].startswith("review.everyone is unknown (there are: all, share, findings,")
    assert {each.split()[0] for each in found[1:]} == {"review.share", "review.all"}


@pytest.mark.parametrize("policy", [None, [], True])
def test_a_policy_is_an_object(policy):
    assert "must be an object" in review_problems({"role": "writer", "review": policy})[0]


def test_only_a_writer_has_one():
    assert "the writer's to say" in review_problems({"role": "judge", "review": WHOLE})[0]
