"""docs/guards.md: what each guard lets through and what it holds up for nothing, as measured."""

from collections.abc import Iterable

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


def page(trials: Iterable[Trial]) -> str:
    """The page on these outcomes; the same outcomes always give the same text."""
    measured = [*trials]
    rows = [f"| {each.guard} | {each.place} | {' | '.join(each.rates())} |" for each in measured]
    gaps = [line for each in measured if each.missed or each.held_up for line in _gaps(each)]
    return _INTRODUCTION + "\n".join([*rows, "", "## What gets past, and what is held up", "", *gaps, ""])


def _gaps(trial: Trial) -> Iterable[str]:
    if trial.missed:
        yield f"- {trial.guard} misses {', '.join(map(_quoted, trial.missed))}"
    if trial.held_up:
        yield f"- {trial.guard} holds up {', '.join(map(_quoted, trial.held_up))}"


def _quoted(text: str) -> str:
    shown = text.encode("unicode_escape").decode() if not text.isprintable() else text
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"
