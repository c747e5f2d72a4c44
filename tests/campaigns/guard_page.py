"""docs/guards.md: what each guard lets through and what it holds up for nothing, as measured."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import sqrt
from statistics import mean, stdev

from tests.campaigns.claim_mutators import is_held_out
from tests.campaigns.claim_trials import HELD_OUT, SHORT, Verdict, by_kind, good_ones, is_english, verdict
from tests.campaigns.guard_trials import Trial

_INTRODUCTION = """\
# Guards

How often each guard errs, on the corpora in `tests/corpora/guards`. `scripts/campaigns guards` measures and writes this
page, and a test refuses it when it is stale.

- **Missed**: of the forms in which the thing is written, those of which something could still be read behind the guard.
- **Held up for nothing**: of harmless texts that look alike, those that it changed or stopped.
- Intervals are Clopper and Pearson's, 95 %. Each form counts once, however often people use it, so a rate says how many
  ways there are past a guard, not how many people take them. The forms were chosen with the hard ones among them;
  the recognisers were mended once after a first measurement on them, and the rules against instructions were written
  with the techniques in view, so the rates flatter both a little.
- **instructions** is measured on the techniques in `tests/corpora/injections`, each cited there; `scripts/campaigns
  injections` sends the same texts through the pipeline to a model that obeys whatever it reads.
- No guard stands alone: what a recogniser misses stays inside the data block, and what a model makes of it is traced to
  the facts before anybody may approve it.

| Guard | Where | Missed | Held up for nothing |
| --- | --- | --- | --- |
"""
_CLAIMS = f"""\

## Claims

What a draft says is held against the facts by rules, which stop it or let a person see it first. Made of good drafts,
{SHORT} for each kind with one thing wrong (`tests/campaigns/claim_*.py`; `scripts/campaigns claims` makes 70):

| Drafts | Stopped | Seen by a person first | Pass unseen |
| --- | --- | --- | --- |
"""
_WHAT_FOLLOWS = """
The rules know what they were written for. The other kinds and the other good drafts are by writers who hadn't read
them, and no rule was mended for those; intervals (95 %) are over kinds. So rules alone don't stop what nobody thought
of, and now and then they stop a good draft. Beside them stand:

- The judge, who scores whether every statement has a support; `scripts/agents probe` measures how often it errs, by
  kind of fault.
- `"claims": true` in a judge's version: it quotes what it takes for claims, and what no rule has read waits for a
  person.
- The loop: a draft that is stopped is written again, twice at most, and the writer is told by what.
- People: a writer's version says which drafts they see before anything is sent. Begin with all of them, then a share
  (`docs/change-a-prompt.md`); what they reject says which rules are missing.
"""


def page(trials: Iterable[Trial], *, seed: int) -> str:
    """The page on these outcomes, and on claims; the same outcomes always give the same text."""
    measured = [*trials]
    rows = [f"| {each.guard} | {each.place} | {' | '.join(each.rates())} |" for each in measured]
    gaps = [line for each in measured if each.missed or each.held_up for line in _gaps(each)]
    claims = _CLAIMS + "\n".join([*_claims(seed), ""]) + _WHAT_FOLLOWS
    return _INTRODUCTION + "\n".join([*rows, "", "## What gets past, and what is held up", "", *gaps, claims])


def _claims(seed: int) -> Iterator[str]:
    verdicts = by_kind(SHORT, seed)
    known = [each for name, each in verdicts.items() if not is_held_out(name)]
    new = [each for name, each in verdicts.items() if is_held_out(name)]
    good = [(origin, verdict(parts, world)) for origin, parts, world in good_ones(seed, SHORT * 12)]
    new_good = [said for origin, said in good if origin == HELD_OUT]
    english, others = (
        [said for origin, said in good if origin != HELD_OUT and is_english(origin) is own] for own in (True, False)
    )
    yield _row(f"with one thing wrong, {len(known)} kinds that the rules were written for", known)
    yield _row(f"with one thing wrong, {len(new)} kinds by who hadn't read the rules", new)
    yield _row(f"good, {len(english)} by who knew the rules, or that they were mended for", [Counter(english)])
    yield _row(f"good, {len(new_good)} by who hadn't read the rules", [Counter(new_good)])
    yield _row(f"good, {len(others)} in other languages than English", [Counter(others)])


def _row(what: str, kinds: Sequence[Counter[Verdict]]) -> str:
    rates = ([each[said] / each.total() for each in kinds] for said in ("stopped", "waits", "passes"))
    return f"| {what} | {' | '.join(map(_over_kinds, rates))} |"


def _over_kinds(rates: Sequence[float]) -> str:
    """The mean, with its interval where kinds differ."""
    spread = 1.96 * stdev(rates) / sqrt(len(rates)) if len(set(rates)) > 1 else 0
    middle = mean(rates)
    return f"{middle:.1%} ({middle - spread:.1%} to {middle + spread:.1%})" if spread else f"{middle:.1%}"


def _gaps(trial: Trial) -> Iterator[str]:
    if trial.missed:
        yield f"- {trial.guard} misses {', '.join(map(_quoted, trial.missed))}"
    if trial.held_up:
        yield f"- {trial.guard} holds up {', '.join(map(_quoted, trial.held_up))}"


def _quoted(text: str) -> str:
    shown = text.encode("unicode_escape").decode() if not text.isprintable() else text
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"
