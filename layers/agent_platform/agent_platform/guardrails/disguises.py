"""A text as a model might read it: look-alikes, spaced and reversed words, digits for letters, and codes undone."""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from agent_platform.patterns import lazy_pattern

_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝӏАВЕЅІЈКМНОРСТУХαικνορυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijshdqwlABESIJKMHOPCTYXaikvopuABEZHIKMNOPTYX"
)
_LEET = str.maketrans("0134578@$", "oieastbas")
_DIGIT_IN_WORD = lazy_pattern(r"[A-Za-z][013457@$]|[013457@$][A-Za-z]")
# Words that are spaced out stand two blanks apart.
_SPACED = lazy_pattern(r"(?<!\w)\w(?:[ .\-_]\w){2,}(?!\w)")
_TAGS = lazy_pattern("[\U000e0020-\U000e007e]")
_ENCODED = lazy_pattern(r"(?<![\w+/=-])[\w+/-]{12,}+={0,2}", re.ASCII)
_HEXADECIMAL = lazy_pattern(r"(?:[0-9a-f]{2}[ :]?){6,}", re.IGNORECASE)
_JOINED = lazy_pattern(r"[\"'] {0,2}\+ {0,2}[\"']|[\"'](?:,| and|;) {0,2}[\w =]{0,12}[\"']")
# What decodes to so little of a language is a number or an id.
_LEAST_LETTERS = 0.7


def readings(text: str) -> Iterator[str]:
    """The text plainly, then as each disguise undone makes it, where that is another text."""
    plain = _plain(text)
    seen = {""}
    for reading in (plain, *_undone(plain)):
        if reading not in seen:
            seen.add(reading)
            yield reading


def _plain(text: str) -> str:
    shown = _TAGS.sub(lambda tag: chr(ord(tag[0]) - 0xE0000), text)
    spelled = unicodedata.normalize("NFKC", unquote(html.unescape(shown))).translate(_LOOK_ALIKES)
    return "".join(mark for mark in spelled if mark == "\n" or unicodedata.category(mark) not in ("Cf", "Cc", "Mn"))


def _undone(plain: str) -> Iterator[str]:
    yield _SPACED.sub(lambda letters: re.sub(r"[ .\-_]", "", letters[0]), plain)
    if _DIGIT_IN_WORD.search(plain):
        yield plain.translate(_LEET)
    yield plain[::-1]
    yield codecs.encode(plain, "rot13")
    yield _JOINED.sub("", plain)
    yield from (decoded for run in _ENCODED.findall(plain) if (decoded := _from_base64(run)))
    yield from (decoded for run in _HEXADECIMAL.findall(plain) if (decoded := _from_hexadecimal(run)))


def _from_base64(run: str) -> str | None:
    try:
        return _prose(base64.b64decode(run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4)))
    except (binascii.Error, ValueError):
        return None


def _from_hexadecimal(run: str) -> str | None:
    digits = re.sub(r"[^0-9a-fA-F]", "", run)
    return _prose(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _prose(decoded: bytes) -> str | None:
    try:
        text = decoded.decode()
    except UnicodeDecodeError:
        return None
    letters = sum(character.isalpha() or character == " " for character in text)
    return text if letters >= _LEAST_LETTERS * len(text) else None
