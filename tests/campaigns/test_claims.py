"""Claims: drafts with one thing wrong are stopped, good ones go through, and what real models answered never does."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from outreach.claims import ledger, trace
from outreach.findings import Finding, approvable

from local_aws.bedrock_wire.writer import write_email
from tests.campaigns.claim_drafts import Parts, good_draft
from tests.campaigns.claim_mutators import MUTATORS, is_held_out
from tests.campaigns.claim_worlds import AMERICAN_REFERRAL, AMERICAN_UPSELL, ENGLISH, World
from tests.unit.local_aws.email_requests import data
from tests.unit.outreach.claims.good_drafts import GOOD_DRAFTS

MOST_FALSE_STOPS = 0.02
# What rules stopped of the kinds that they weren't written for, less what chance may take from a small sample: those
# that are held out now are of other sentences than the known ones. The first that were held out resembled them: 96 %.
LEAST_OF_HELD_OUT = 0.42
# With those that nothing stops but a person has to see, for the topic that they are on.
LEAST_STOPPED_OR_SEEN = 0.75
_OUTPUTS = Path(__file__).parents[1] / "fixtures" / "model_outputs"
_PARTS = ("subject", "body", "call_to_action")


def stopping(parts: Parts, world: World) -> list[Finding]:
    return [finding for finding in trace(parts, **world.evidence).findings if not approvable([finding])]


def waits(parts: Parts, world: World) -> bool:
    """Whether a person has to see the draft before it is sent."""
    return any(entry["result"] == "not_checked" for entry in ledger(parts, **world.evidence))


def mutants(name: str, wanted: int, seed: int) -> Iterator[tuple[Parts, World]]:
    """So many drafts with one thing wrong, each made of a good one; fewer where few drafts have what it changes."""
    random, made = Random(f"{seed} {name}"), 0
    for _ in range(wanted * 40):
        world = random.choice(ENGLISH)
        mutant = MUTATORS[name](good_draft(world, random), world, random)
        if mutant is not None:
            yield mutant, world
            made += 1
        if made == wanted:
            return


def test_a_draft_with_one_thing_wrong_is_stopped(
    trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    wanted = trials(5, 70)
    made, missed = Counter[str](), Counter[str]()
    waiting = Counter[str]()
    for name in MUTATORS:
        for mutant, world in mutants(name, wanted, seed):
            made[name] += 1
            if not stopping(mutant, world):
                missed[name] += 1
                waiting[name] += waits(mutant, world)
    rates, passed = {}, {}
    for held_out in (False, True):
        kinds = [name for name in MUTATORS if is_held_out(name) is held_out]
        total, lost = sum(made[name] for name in kinds), sum(missed[name] for name in kinds)
        rates[held_out] = 1 - lost / total
        passed[held_out] = (lost - sum(waiting[name] for name in kinds)) / total
        tell(
            f"{'held out' if held_out else 'known'}: {len(kinds)} kinds, {total} drafts (seed {seed}), {total - lost}"
            f" stopped ({rates[held_out]:.1%}); of the others {sum(waiting[name] for name in kinds)} wait for a person,"
            f" {passed[held_out]:.1%} of all pass unseen"
        )
        for name in kinds:
            if missed[name]:
                tell(f"  {name}: {missed[name]} of {made[name]} not stopped")
    assert not [name for name in MUTATORS if made[name] < wanted]
    assert rates[False] == 1
    assert rates[True] >= LEAST_OF_HELD_OUT
    assert 1 - passed[True] >= LEAST_STOPPED_OR_SEEN


def good_ones(seed: int, composed: int) -> Iterator[tuple[str, Parts, World]]:
    """Good drafts by where they are from: composed ones, those that people wrote, and the stand-in's."""
    for world in ENGLISH:
        random = Random(f"{seed} {world.name}")
        yield from (("composed", good_draft(world, random), world) for _ in range(composed // len(ENGLISH)))
    world = AMERICAN_UPSELL.with_values({"offer.friend_amount": AMERICAN_UPSELL.values["offer.amount"]})
    yield from (("written", dict(zip(_PARTS, draft, strict=True)), world) for draft in GOOD_DRAFTS)
    for world in (AMERICAN_REFERRAL, AMERICAN_UPSELL):
        for locale in ("en-US", "en-GB", "de-DE", "es-US", "fr-CA"):
            for visits in range(8):
                email = write_email(data(world.purpose, locale, features={"service_count": visits}))
                yield f"stand-in, {locale}", email, world.in_locale(locale)


def test_a_good_draft_goes_through(trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]) -> None:
    made, stopped, waiting = Counter[str](), Counter[str](), Counter[str]()
    for origin, parts, world in good_ones(seed, trials(60, 600)):
        made[origin] += 1
        if found := stopping(parts, world):
            stopped[origin] += 1
            tell(f"  stopped: {found[0]}")
        waiting[origin] += waits(parts, world)
    english = [origin for origin in made if not origin.endswith(("de-DE", "es-US", "fr-CA"))]
    total, stops, in_english = made.total(), stopped.total(), sum(made[origin] for origin in english)
    seen = sum(waiting[origin] for origin in english)
    tell(
        f"{total} good drafts (seed {seed}): {stops} stopped ({stops / total:.1%}); {seen} of {in_english} English ones"
        f" wait for a person, {waiting.total() - seen} of {total - in_english} others"
    )
    assert stops <= MOST_FALSE_STOPS * total
    assert seen <= MOST_FALSE_STOPS * in_english


def test_nothing_that_small_models_answered_is_approvable(tell: Callable[[str], None]) -> None:
    by_kind: dict[str, int] = defaultdict(int)
    for file in sorted(_OUTPUTS.glob("*.json")):
        for output in json.loads(file.read_text(encoding="utf-8")):
            parts = {"subject": "A thank-you", "body": output["text"], "call_to_action": "Go: {{offer.link}}"}
            found = [each for each in stopping(parts, AMERICAN_REFERRAL) if each["where"] == "body"]
            assert found, output["task"]
            first = found[0]
            tell(f"  {output['model']}, {output['task']}, {output['mode']}: {first['kind']} “{first['text'][:40]}”")
            by_kind[first["kind"]] += 1
    tell(f"{sum(by_kind.values())} answers of small models, each stopped")
    assert sum(by_kind.values()) == 16
