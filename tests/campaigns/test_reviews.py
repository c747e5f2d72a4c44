"""Sixteen people at one desk, who crash and come late: each item is decided exactly as often as asked."""

from collections import Counter
from random import Random

from tests.campaigns.reviewing import Careless, Pile, Reviewer
from tests.campaigns.turns import Turns
from tests.integration.conftest import _clients, stack

__all__ = ["_clients", "stack"]

REVIEWERS, CRASHES = 16, 0.1


def reviewed(stack, rng, count, *, client=lambda client: client):
    """A pile of so many items after all the people went through it, and what they did."""
    pile = Pile(stack.table("ReviewTable"), stack.clients("dynamodb"), rng, count)
    turns = Turns(rng, crashes=CRASHES, look=lambda: None)
    people = [Reviewer(f"reviewer-{number}", pile, turns, Random(rng.random()), client) for number in range(REVIEWERS)]
    turns.run({each.name: each.work for each in people})
    return pile, sum((each.done for each in people), Counter())


def test_each_item_is_decided_exactly_as_often_as_asked(stack, trials, seed, tell):
    count = trials(20, 500)
    pile, done = reviewed(stack, Random(seed), count)

    said = Counter(len(pile.records.said("greenedge", message_id)) for message_id in pile.items)
    tell(f"reviews: seed {seed}, {REVIEWERS} people, {count} items: decided once {said[1]}, twice {said[2]},"
         f" three times {said[3]}; {', '.join(f'{what} {times}' for what, times in done.most_common())}")  # fmt: skip
    assert pile.violations() == []
    assert set(said) == {1, 2, 3}
    assert done["crashed"]
    assert done["forgot it"]
    assert done["came too late"]


def test_the_campaign_would_see_a_desk_without_conditions(stack, seed, tell):
    pile, _ = reviewed(stack, Random(seed), 10, client=Careless)

    found = Counter(wrong.partition(": ")[2] for wrong in pile.violations())
    tell(f"without conditions: {', '.join(f'{what} in {times} of 10' for what, times in found.most_common())}")
    assert found["not decided as often as asked"]
