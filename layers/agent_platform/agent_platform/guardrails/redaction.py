"""Personal data in free text becomes a placeholder: `[email]`, `[phone]`, `[name]`; of several people `[name 1]` …"""

import unicodedata
from collections.abc import Iterable

from agent_platform.guardrails.names import Names
from agent_platform.guardrails.recognisers import RECOGNISERS, Recogniser

# What stood beside data and hid other data comes to light by the next look; each costs the whole length.
_MOST_LOOKS = 8
_WITHHELD = "[text]"


def redact(text: str, *, names: Iterable[str] = ()) -> str:
    """The text with its personal data replaced by placeholders; `names` are replaced however they are inflected.

    A person keeps one placeholder throughout: `[name]`, or where the text names several `[name 1]`, `[name 2]` in the
    order in which they come. A text that hides data behind data, again and again, is withheld whole: `[text]`.
    Redacting what was redacted changes nothing.
    """
    known, numbers = Names(names), dict[int, int]()
    redacted = unicodedata.normalize("NFC", text)
    for _ in range(_MOST_LOOKS):
        before = redacted
        for recogniser in RECOGNISERS:
            redacted = _replace(redacted, recogniser)
        redacted = known.replaced(redacted, numbers)
        if redacted == before:
            return redacted.replace("[name 1]", "[name]") if len(numbers) == 1 else redacted
    return _WITHHELD


def _replace(text: str, recogniser: Recogniser) -> str:
    kept, done, start = [], 0, 0
    while candidate := recogniser.pattern.search(text, start):
        end = recogniser.end(candidate)
        if end is None:
            # Not past the whole candidate: the data may begin inside it, after a year or a house number.
            start = candidate.start() + 1
            continue
        kept += [text[done : candidate.start()], recogniser.placeholder]
        done = start = end
    return "".join([*kept, text[done:]])
