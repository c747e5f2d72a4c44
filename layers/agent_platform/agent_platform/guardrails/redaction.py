"""Personal data in free text becomes a placeholder: `[email]`, `[phone]`, `[name]` …"""

import unicodedata
from collections.abc import Iterable

from agent_platform.guardrails.names import pattern_of
from agent_platform.guardrails.recognisers import RECOGNISERS, Recogniser


def redact(text: str, *, names: Iterable[str] = ()) -> str:
    """The text with its personal data replaced by placeholders; `names` are replaced in any case, whole or in parts.

    Redacting what was redacted changes nothing.
    """
    before, redacted = None, unicodedata.normalize("NFC", text)
    pattern = pattern_of(names)
    # Again until nothing changes: what stood beside the data and hid other data may now be gone.
    while redacted != before:
        before = redacted
        for recogniser in RECOGNISERS:
            redacted = _replace(redacted, recogniser)
        redacted = pattern.sub(lambda found: found[1] or "[name]", redacted) if pattern else redacted
    return redacted


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
