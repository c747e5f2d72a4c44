"""Each guard against the fixed corpora: what it let through, and what it held up though nothing was wrong with it."""

import base64
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agent_platform.guardrails.canary import canary_for, tells
from agent_platform.guardrails.instructions import instruction_in
from agent_platform.guardrails.redaction import redact
from agent_platform.guardrails.untrusted import boundary_for, data_block
from measurement.proportions import clopper_pearson
from outreach.claims import trace
from outreach.findings import approvable
from outreach.rendering import as_html

from tests.campaigns.injected import injections, look_alikes
from tests.campaigns.personal_data import corpus, remains, written
from tests.unit.outreach.writing_cases import GOOD_EMAIL, greenedge, prepared, request

# A tag of ours is a paragraph, a break within it, or an anchor that stands on an address of ours.
_TAG = re.compile(r"<(?!/?p>|br>\n|a href=\"https://greenedge\.example/refer\">|/a>)")
_OURS = "https://greenedge.example/refer"


@dataclass(frozen=True)
class Trial:
    """One guard's outcome: the forms that passed of those that shouldn't, and the harmless that were held up."""

    guard: str
    place: str
    tried: int
    missed: tuple[str, ...]
    harmless: int
    held_up: tuple[str, ...]

    def rates(self) -> tuple[str, str]:
        """Both rates with their 95 % intervals, as the page has them."""
        return _rate(len(self.missed), self.tried), _rate(len(self.held_up), self.harmless)


def trials(seed: int) -> Iterator[Trial]:
    """Every guard, in the order in which a run meets it."""
    yield from _recognisers(seed)
    yield _instructions()
    yield _data_block()
    yield _canary()
    yield _links()
    yield _markup()


def _rate(events: int, n: int) -> str:
    least, most = clopper_pearson(events, n)
    return f"{events} of {n}: {events / n:.1%} ({least:.1%} to {most:.1%})"


def _recognisers(seed: int) -> Iterator[Trial]:
    names, texts = corpus("personal_data")["names"], corpus("harmless")["texts"]
    said = [*written(seed)]
    clean = {text: redact(text, names=names) for text in texts}
    for kind in dict.fromkeys(each.kind for each in said):
        of_kind = [each for each in said if each.kind == kind]
        missed = [each.form for each in of_kind if remains(each, redact(each.text, names=names))]
        held_up = [text for text, redacted in clean.items() if kind in redacted]
        yield Trial(kind, "before the prompt", len(of_kind), tuple(missed), len(texts), tuple(held_up))


def _instructions() -> Trial:
    """Missed are techniques, each named with the share of its texts that passed."""
    passed = Counter(each.technique for each in injections() if not instruction_in(each.text))
    every = Counter(each.technique for each in injections())
    missed = [f"{technique} ({passed[technique]} of {every[technique]})" for technique in every if passed[technique]]
    harmless = [*look_alikes(), *corpus("harmless")["texts"]]
    held_up = tuple(text for text in harmless if instruction_in(text))
    return Trial("instructions", "before the prompt", len(every), tuple(missed), len(harmless), held_up)


def _data_block() -> Trial:
    """Missed is what closes the block, or what a reader of its JSON doesn't get as it was; harmless texts must."""
    missed, held_up = [], []
    closings, texts = corpus("hostile_output")["closings"], corpus("harmless")["texts"]
    for text in [*closings, *texts]:
        boundary = boundary_for({"comment": "fine"}, seed="guards")
        said = text.replace("{boundary}", boundary)
        boundary = boundary_for({"comment": said}, seed="guards")
        lines = data_block({"comment": said}, boundary=boundary).split("\n")
        whole = len(lines) == 3 and json.loads(lines[1]) == {"comment": said} and not set("<>") & set(lines[1])
        if not whole:
            (missed if text in closings else held_up).append(text)
    return Trial("data block", "in the prompt", len(closings), tuple(missed), len(texts), tuple(held_up))


def _canary() -> Trial:
    hostile = corpus("hostile_output")
    canary = canary_for({}, seed="guards")
    missed = [how for how, form in hostile["leaks"].items() if not tells(_leak(form, canary), canary)]
    held_up = [text for text in hostile["no_leaks"] if tells(text, canary)]
    return Trial("canary", "on the answer", len(hostile["leaks"]), tuple(missed), len(hostile["no_leaks"]),
                 tuple(held_up))  # fmt: skip


def _leak(form: str, canary: str) -> str:
    digits = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return form.format(
        canary,
        upper=canary.upper(),
        spaced=" ".join(canary),
        hyphens="-".join(canary),
        reversed=canary[::-1],
        lines=f"{canary[:8]}\n{canary[8:]}",
        wide="".join(chr(ord(each) + 0xFEE0) for each in canary),
        base64=base64.b64encode(canary.encode()).decode(),
        halves=f"{canary[:8]} and then {canary[8:]}",
        half=canary[:8],
        words=" ".join(digits[int(each)] if each.isdigit() else each for each in canary),
    )


def _links() -> Trial:
    facts = [*request()["facts"], *prepared()["identity"]["facts"]]

    def stopped(link: str) -> bool:
        draft = GOOD_EMAIL | {"call_to_action": f"Share {{{{offer.link}}}} today, or see {link} first"}
        return not approvable(trace(draft, facts=facts, links=greenedge().links, locale="en-US").findings)

    hostile, ours = corpus("hostile_output")["links"], [_OURS, *greenedge().links, "{{offer.link}}"]
    return _of_output("links", hostile, ours, stopped=stopped, held_up=stopped)


def _markup() -> Trial:
    def active(said: str) -> bool:
        return bool(_TAG.search(as_html(said, links=[_OURS])))

    harmless = [*corpus("harmless")["texts"], f"Look: {_OURS}.", 'Fish & chips, 5 < 6 > 4, "so" she said']
    hostile = corpus("hostile_output")["markup"]
    return _of_output("markup", hostile, harmless, stopped=lambda said: not active(said), held_up=active)


def _of_output(
    guard: str,
    hostile: list[str],
    harmless: list[str],
    *,
    stopped: Callable[[str], bool],
    held_up: Callable[[str], bool],
) -> Trial:
    missed = tuple(text for text in hostile if not stopped(text))
    held = tuple(text for text in harmless if held_up(text))
    return Trial(guard, "on the answer", len(hostile), missed, len(harmless), held)
