"""What claims make of drafts with one thing wrong, kind by kind, and of good ones."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

from outreach.claims import ledger, trace
from outreach.findings import Finding, approvable

from local_aws.bedrock_wire.writer import write_email
from tests.campaigns.claim_drafts import Parts, good_draft
from tests.campaigns.claim_mutators import MUTATORS
from tests.campaigns.claim_worlds import AMERICAN_REFERRAL, AMERICAN_UPSELL, ENGLISH, World
from tests.unit.local_aws.email_requests import data
from tests.unit.outreach.claims.good_drafts import GOOD_DRAFTS

# Whether a draft can't be approved, waits for a person who sees what nothing has read, or goes its way.
type Verdict = Literal["stopped", "waits", "passes"]

# Drafts of each kind in a short campaign, and on the page of guards.
SHORT = 5
# Where good drafts are from that no rule was mended for.
HELD_OUT = "held out"
_PARTS = ("subject", "body", "call_to_action")
_WRITTEN = Path(__file__).parents[1] / "corpora" / "good_drafts"
# Few drafts have what some kinds change.
_TRIES = 40


def stopping(parts: Parts, world: World) -> list[Finding]:
    """The findings that a draft can't be approved with."""
    return [finding for finding in trace(parts, **world.evidence).findings if not approvable([finding])]


def verdict(parts: Parts, world: World) -> Verdict:
    """What becomes of a draft."""
    if stopping(parts, world):
        return "stopped"
    waits = any(entry["result"] == "not_checked" for entry in ledger(parts, **world.evidence))
    return "waits" if waits else "passes"


@cache
def by_kind(wanted: int, seed: int) -> dict[str, Counter[Verdict]]:
    """The verdicts on so many drafts of each kind with one thing wrong; on fewer where few have what it changes."""
    return {name: Counter(verdict(*mutant) for mutant in _mutants(name, wanted, seed)) for name in MUTATORS}


def good_ones(seed: int, composed: int) -> Iterator[tuple[str, Parts, World]]:
    """Good drafts by origin: composed, written by who knew the rules and by who didn't, and the stand-in's.

    Of those who didn't, the rules were mended for what is known and for nothing that is held out.
    """
    for world in ENGLISH:
        random = Random(f"{seed} {world.name}")
        yield from (("composed", good_draft(world, random), world) for _ in range(composed // len(ENGLISH)))
    world = AMERICAN_UPSELL.with_values({"offer.friend_amount": AMERICAN_UPSELL.values["offer.amount"]})
    yield from (("written", dict(zip(_PARTS, draft, strict=True)), world) for draft in GOOD_DRAFTS)
    yield from (("known", *draft) for draft in _of_file("known"))
    yield from ((HELD_OUT, *draft) for draft in _of_file("held_out"))
    for world in (AMERICAN_REFERRAL, AMERICAN_UPSELL):
        for locale in ("en-US", "en-GB", "de-DE", "es-US", "fr-CA"):
            for visits in range(8):
                email = write_email(data(world.purpose, locale, features={"service_count": visits}))
                yield f"stand-in, {locale}", email, world.in_locale(locale)


def is_english(origin: str) -> bool:
    """Whether drafts of this origin are in the language that claims read."""
    return not origin.endswith(("de-DE", "es-US", "fr-CA"))


def _of_file(name: str) -> Iterator[tuple[Parts, World]]:
    worlds = {world.name: world for world in ENGLISH}
    for draft in json.loads((_WRITTEN / f"{name}.json").read_text(encoding="utf-8")):
        yield {where: draft[where] for where in _PARTS}, worlds[draft["world"]]


def _mutants(name: str, wanted: int, seed: int) -> Iterator[tuple[Parts, World]]:
    """Each is made of a good draft."""
    random, made = Random(f"{seed} {name}"), 0
    for _ in range(wanted * _TRIES):
        world = random.choice(ENGLISH)
        mutant = MUTATORS[name](good_draft(world, random), world, random)
        if mutant is not None:
            yield mutant, world
            made += 1
        if made == wanted:
            return
