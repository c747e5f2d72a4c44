"""Worlds in which some past cases help, most do nothing and some harm: what the product's ranking makes of them.

Every message's candidates go through the product's own ranking with the credit and the quarantine that the product
weighs from what came of the messages before; who is written to without cases is the product's own hold-out. A case's
effect is not known to it: a useful one makes a good outcome likelier by a quarter, a poisoned one by two thirds less
likely, and one reader in eight leaves or complains. Poison is planted to look as similar as any other case.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from statistics import quantiles

from agent_platform.retrieval.credits import Counted, Credit
from agent_platform.retrieval.holdout import held_out
from agent_platform.retrieval.knowledge_base import RetrievedPassage
from agent_platform.retrieval.ranking import ranked
from agent_platform.retrieval.weighing import weigh
from measurement.credit import Counts, Uplift, uplift

KINDS = ("useful",) * 40 + ("neutral",) * 40 + ("poisoned",) * 10
CASES = tuple(f"{kind}-{number}" for number, kind in enumerate(KINDS))
TIMES = {"useful": 1.25, "neutral": 1.0, "poisoned": 0.33}
HARM = {"useful": 0.0, "neutral": 0.0, "poisoned": 0.125}
RATE, LEAVING = 0.2, 0.005
MESSAGES, CUSTOMERS, PERCENT = 4_000, 2_000, 10
# A Knowledge Base answers with the nearest; three of them go into the prompt.
CANDIDATES, USED = 12, 3
# Outcomes are settled when they are mature: the credit of a message's cases comes this many messages later.
LATER, WEIGHED_EVERY = 200, 50
WINDOW = 200
AFTER = (200, 400, 1_000, 2_000, MESSAGES - LATER - WINDOW)


def kind_of(case: str) -> str:
    return case.partition("-")[0]


@dataclass
class World:
    """A company whose messages go out one after the other, and what is known of its cases meanwhile."""

    random: Random
    counts: dict[str, Counted] = field(default_factory=lambda: dict.fromkeys(CASES, Counted()))
    arms: dict[str, Counted] = field(default_factory=lambda: {"retrieved": Counted(), "held_out": Counted()})
    credit: dict[str, Credit] = field(default_factory=dict)
    effects: list[float] = field(default_factory=list)
    shown: list[list[str]] = field(default_factory=list)

    def run(self) -> None:
        """Send every message; what comes of it is counted later."""
        waiting = []
        for number in range(MESSAGES):
            waiting.append(self.sent())
            if number >= LATER:
                self.settle(*waiting[number - LATER])
            if number % WEIGHED_EVERY == 0:
                self.credit = {case: weigh(each, self.arms.values()) for case, each in self.counts.items()}

    def sent(self) -> tuple[str, list[str], bool, bool]:
        """One message: its arm, its cases, and what will come of it."""
        place = self.random.randrange(CUSTOMERS)
        # Customers differ, and each is written to more than once.
        own = RATE * (0.5 + (place * 7919 % CUSTOMERS) / CUSTOMERS)
        if held_out("a-company", f"c-{place}", percent=PERCENT):
            self.shown.append([])
            return "held_out", [], self.random.random() < own, self.random.random() < LEAVING
        cases = [each.source for each in ranked(self.candidates(), self.credit)[:USED]]
        self.shown.append(cases)
        rate, leaving = own, LEAVING
        for case in cases:
            rate, leaving = rate * TIMES[kind_of(case)], leaving + HARM[kind_of(case)]
        self.effects.append(min(1, rate) - own)
        return "retrieved", cases, self.random.random() < rate, self.random.random() < leaving

    def candidates(self) -> list[RetrievedPassage]:
        found = [RetrievedPassage(case, self.random.betavariate(8, 4), "") for case in CASES]
        return sorted(found, key=lambda each: -each.score)[:CANDIDATES]

    def settle(self, arm: str, cases: list[str], good: bool, harmed: bool) -> None:
        for counted, subject in [(self.arms, arm), *((self.counts, case) for case in cases)]:
            before = counted[subject]
            counted[subject] = Counted(before.uses + 1, before.good + good, before.harmed + harmed)

    def poisoned(self, window: int) -> float:
        """The part of the messages of a window that had a poisoned case among their three."""
        messages = self.shown[window * WINDOW : (window + 1) * WINDOW]
        return sum(any(kind_of(case) == "poisoned" for case in cases) for cases in messages) / len(messages)

    @property
    def uses_of_poison(self) -> list[int]:
        return [sum(case in cases for cases in self.shown) for case in CASES if kind_of(case) == "poisoned"]

    @property
    def quarantined(self) -> Counter[str]:
        return Counter(kind_of(case) for case, credit in self.credit.items() if credit.quarantined)

    @property
    def truth(self) -> float:
        """What retrieval added: over the messages that had it, the rate with their cases less that without any."""
        return sum(self.effects) / len(self.effects)

    @property
    def uplift(self) -> Uplift:
        with_, without = self.arms["retrieved"], self.arms["held_out"]
        return uplift(Counts(with_.uses, with_.good, with_.harmed), Counts(without.uses, without.good, without.harmed))


def outcomes_until_quarantine(random: Random) -> int:
    """Of a company with one case, which all messages with retrieval get: the outcomes known when it is in quarantine.

    One customer in ten is held out; nothing else is there to compare with.
    """
    case = held = Counted()
    for _ in range(MESSAGES):
        if random.random() < PERCENT / 100:
            held = plus(held, random.random() < RATE, random.random() < LEAVING)
            continue
        good, harmed = random.random() < RATE * TIMES["poisoned"], random.random() < LEAVING + HARM["poisoned"]
        case = plus(case, good, harmed)
        if weigh(case, [case, held]).quarantined:
            return case.uses
    raise AssertionError("a poisoned case was never quarantined")


def plus(counted: Counted, good: bool, harmed: bool) -> Counted:
    return Counted(counted.uses + 1, counted.good + good, counted.harmed + harmed)


def told(numbers: list[int]) -> str:
    deciles = quantiles(numbers, n=10)
    return f"{deciles[4]:,.0f} for half, {min(deciles[8], max(numbers)):,.0f} for nine in ten, {max(numbers):,} at most"


def test_poison_leaves_the_top_three_and_the_uplift_is_told_truly(
    trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    worlds = [World(Random(f"{seed} {number}")) for number in range(trials(4, 100))]
    for world in worlds:
        world.run()

    uses = [n for each in worlds for n in each.uses_of_poison]
    wrong = sum((each.quarantined for each in worlds), Counter())
    covered = sum(each.uplift.interval.low <= each.truth <= each.uplift.interval.high for each in worlds)
    helps = sum(each.uplift.interval.low > 0 for each in worlds)
    first = sum(each.poisoned(0) for each in worlds) / len(worlds)
    later = {after: sum(each.poisoned((after + LATER) // WINDOW) for each in worlds) / len(worlds) for after in AFTER}
    tell(f"{len(worlds)} worlds of {len(CASES)} cases, {MESSAGES:,} messages, {LATER} of them open; seed {seed}")
    known = ", ".join(f"{part:.1%} after {after:,}" for after, part in later.items())
    tell(f"  a poisoned case in the top 3 of {first:.0%} of the first messages; by outcomes known {known}")
    tell(f"  a poisoned case leaves the top 3 for good after so many uses of its own: {told(uses)}")
    tell("  quarantined as well: " + ", ".join(f"{wrong[kind]} {kind}" for kind in TIMES))
    tell(f"  the uplift interval covers the truth in {covered} of {len(worlds)}, and says that it helps in {helps}")

    assert first > 0.2, "poison was planted where nobody meets it"
    assert max(part for after, part in later.items() if after >= 400) <= 0.02
    assert max(uses) <= 100
    assert wrong["useful"] + wrong["neutral"] <= 0.01 * len(worlds) * 80
    assert covered >= (93 if len(worlds) == 100 else len(worlds) - 2)


def test_where_nothing_better_is_at_hand_poison_is_quarantined(
    trials: Callable[[int, int], int], seed: int, tell: Callable[[str], None]
) -> None:
    until = [outcomes_until_quarantine(Random(f"{seed} village {n}")) for n in range(trials(50, 1_000))]
    tell(f"{len(until):,} companies with one case, a poisoned one, and {PERCENT} % held out; seed {seed}")
    tell(f"  quarantined after so many outcomes: {told(until)}")

    assert max(until) <= 400
