"""Claims: drafts with one thing wrong are stopped, good ones go through, and what real models answered never does."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from tests.campaigns.claim_mutators import is_held_out
from tests.campaigns.claim_trials import HELD_OUT, SHORT, Verdict, by_kind, good_ones, is_english, stopping, verdict
from tests.campaigns.claim_worlds import AMERICAN_REFERRAL

MOST_FALSE_STOPS = 0.02
# Of kinds, and of good drafts, whose writers had read no rule and for which none was mended: what was measured, with
# some room for chance in a small sample, so that nobody makes it worse unseen.
LEAST_OF_HELD_OUT = 0.2
# With those that nothing stops but a person has to see, for the topic that they are on.
LEAST_STOPPED_OR_SEEN = 0.28
MOST_STOPPED_OF_HELD_OUT = 0.16
_OUTPUTS = Path(__file__).parents[1] / "fixtures" / "model_outputs"


def test_a_draft_with_one_thing_wrong_is_stopped(
    trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    wanted = trials(SHORT, 70)
    verdicts = by_kind(wanted, seed)
    stopped, passed = {}, {}
    for held_out in (False, True):
        kinds = {name: each for name, each in verdicts.items() if is_held_out(name) is held_out}
        total = sum((each for each in kinds.values()), Counter[Verdict]())
        stopped[held_out], passed[held_out] = (total[each] / total.total() for each in ("stopped", "passes"))
        tell(
            f"{'held out' if held_out else 'known'}: {len(kinds)} kinds, {total.total()} drafts (seed {seed}),"
            f" {total['stopped']} stopped ({stopped[held_out]:.1%}); of the others {total['waits']} wait for a person,"
            f" {passed[held_out]:.1%} of all pass unseen"
        )
        for name, each in kinds.items():
            if lost := each.total() - each["stopped"]:
                tell(f"  {name}: {lost} of {each.total()} not stopped, {each['passes']} unseen")
    assert not [name for name, each in verdicts.items() if each.total() < wanted]
    assert stopped[False] == 1
    assert stopped[True] >= LEAST_OF_HELD_OUT
    assert 1 - passed[True] >= LEAST_STOPPED_OR_SEEN


def test_a_good_draft_goes_through(trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]) -> None:
    made, stopped, waiting = Counter[str](), Counter[str](), Counter[str]()
    for origin, parts, world in good_ones(seed, trials(60, 600)):
        made[origin] += 1
        said = verdict(parts, world)
        if said == "stopped":
            stopped[origin] += 1
            # Who reads what was held out may mend rules for it.
            if origin != HELD_OUT:
                tell(f"  {origin}, stopped: {stopping(parts, world)[0]}")
        waiting[origin] += said == "waits"
    tell(f"{made.total()} good drafts (seed {seed})")
    for origin, count in made.items():
        tell(f"  {origin}: {stopped[origin]} of {count} stopped, {waiting[origin]} wait for a person")
    known = [origin for origin in made if origin != HELD_OUT]
    assert sum(stopped[each] for each in known) <= MOST_FALSE_STOPS * sum(made[each] for each in known)
    english = [origin for origin in known if is_english(origin)]
    assert sum(waiting[each] for each in english) <= MOST_FALSE_STOPS * sum(made[each] for each in english)
    assert stopped[HELD_OUT] <= MOST_STOPPED_OF_HELD_OUT * made[HELD_OUT]


def test_nothing_that_small_models_answered_is_approvable(tell: Callable[[str], None]) -> None:
    found_by: dict[str, int] = defaultdict(int)
    for file in sorted(_OUTPUTS.glob("*.json")):
        for output in json.loads(file.read_text(encoding="utf-8")):
            parts = {"subject": "A thank-you", "body": output["text"], "call_to_action": "Go: {{offer.link}}"}
            found = [each for each in stopping(parts, AMERICAN_REFERRAL) if each["where"] == "body"]
            assert found, output["task"]
            first = found[0]
            tell(f"  {output['model']}, {output['task']}, {output['mode']}: {first['kind']} “{first['text'][:40]}”")
            found_by[first["kind"]] += 1
    tell(f"{sum(found_by.values())} answers of small models, each stopped")
    assert sum(found_by.values()) == 16
