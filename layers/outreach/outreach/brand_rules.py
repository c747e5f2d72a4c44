"""A brand's rules for a draft that code can check: words never said, honest subjects, and how long a message may be."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from agent_platform.patterns import lazy_pattern

from outreach.brands import Brand
from outreach.findings import Finding
from outreach.mail_law.subjects import dishonesty_of

_SLOT = lazy_pattern(r"\{\{\s*([a-z_.]+)\s*\}\}")


def breaches(parts: Mapping[str, str], brand: Brand, values: Mapping[str, str]) -> list[Finding]:
    """The brand's rules that code can check, on the lengths that the customer will see."""
    found = [
        _breach(where, said)
        for where, text in parts.items()
        for spoken in [_spoken(text)]
        for phrase in brand.never_say
        if (said := _said(phrase, spoken))
    ]
    if dishonesty := dishonesty_of(parts["subject"]):
        found.append(_breach("subject", dishonesty))
    characters = len(_filled(parts["subject"], values))
    if characters > brand.limits.subject_characters:
        most = brand.limits.subject_characters
        found.append(_breach("subject", f"{characters} characters, at most {most}"))
    words = len(_filled(parts["body"], values).split())
    least, most = brand.limits.body_words
    if not least <= words <= most:
        found.append(_breach("body", f"{words} words, {least} to {most} are allowed"))
    return found


def _spoken(text: str) -> str:
    """What a text says; a slot's name says nothing."""
    return unicodedata.normalize("NFKC", _SLOT.sub("\N{OBJECT REPLACEMENT CHARACTER}", text))


def _said(phrase: str, spoken: str) -> str | None:
    """The phrase as it is spoken, in any case and spacing."""
    found = _pattern(phrase).search(spoken)
    return found[0] if found else None


@lru_cache(maxsize=256)
def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, unicodedata.normalize("NFKC", phrase).split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: values.get(slot[1], slot[0]), text)


def _breach(where: str, text: str) -> Finding:
    return {"kind": "brand", "result": "unsupported", "where": where, "text": text, "slot": None}
