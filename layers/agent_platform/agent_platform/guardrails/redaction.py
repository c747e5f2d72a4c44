"""Personal data in free text becomes a placeholder: `[email]`, `[phone]`, `[name]` …

Time is linear in the text: quantifiers are possessive or bounded, and a refused candidate costs at most its own length.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

# What people put between the groups of one number: blanks (also unbreakable ones), dots, hyphens and short dashes.
_BLANK = " \u00a0\u202f"
_GAP = rf"[{_BLANK}.\-\u2010-\u2013]"


class Recogniser(NamedTuple):
    """One kind of personal data: its candidates, and where in a candidate the data ends (None: there is none)."""

    placeholder: str
    pattern: re.Pattern[str]
    end: Callable[[re.Match[str]], int | None]


def redact(text: str, *, names: Iterable[str] = ()) -> str:
    """The text with its personal data replaced by placeholders; `names` are replaced in any case, whole or in parts.

    Redacting what was redacted changes nothing.
    """
    before, redacted = None, unicodedata.normalize("NFC", text)
    pattern = _pattern_of(names)
    # Again until nothing changes: what stood beside the data and hid other data may now be gone.
    while redacted != before:
        before = redacted
        for recogniser in _RECOGNISERS:
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


def _whole(candidate: re.Match[str]) -> int:
    return candidate.end()


def _link_end(candidate: re.Match[str]) -> int:
    return candidate.start() + len(candidate[0].rstrip(".,;:!?)'\"*"))


def _card_end(candidate: re.Match[str]) -> int | None:
    digits = [int(character) for character in candidate[0] if character.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return candidate.end() if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 else None


# Length by country, from the SWIFT registry: without it the words after an account would be read as its end.
_IBAN_LENGTHS = {
    country: int(length)
    for country, length in re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 "
        "FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 "
        "LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 "
        "SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20",
    )
}


def _iban_end(candidate: re.Match[str]) -> int | None:
    places = [place for place, character in enumerate(candidate[0]) if character not in _BLANK]
    length = _IBAN_LENGTHS.get(candidate[0][:2].upper(), 0)
    if not length or len(places) < length:
        return None
    end = places[length - 1] + 1
    if candidate[0][end : end + 1].isalnum():
        return None
    account = "".join(candidate[0][place] for place in places[:length])
    number = "".join(str(int(character, 36)) for character in account[4:] + account[:4])
    return candidate.start() + end if int(number) % 97 == 1 else None


def _ip_end(candidate: re.Match[str]) -> int | None:
    return candidate.end() if all(int(part) <= 255 for part in candidate[0].split(".")) else None


_DATE = re.compile(r"(?<!\d)(?:\d{1,2}([-/. ])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([-/. ])\d{1,2}\2\d{1,2})(?!\d)")


def _phone_end(candidate: re.Match[str]) -> int | None:
    return None if _DATE.search(candidate[0]) else candidate.end()


_STREET_WORD = re.compile(
    r"street|avenue|ave|road|rd|boulevard|blvd|lane|ln|highway|hwy|parkway|pkwy|terrace|crescent|turnpike",
    re.IGNORECASE,
)
# These mean other things too ("a 10 minute drive"), so they count only when capitalised, as in an address.
_CAPITALISED_STREET_WORD = re.compile(
    r"S[Tt]|D[Rr]|Drive|C[Tt]|Court|P[Ll]|Place|Cir|Circle|Way|Sq|Square|Trail|Trl|Close|Loop|Row|Walk|Alley|Ridge|Run"
)
_UNIT = re.compile(
    rf",?[{_BLANK}]{{0,2}}(?:(?:apt|apartment|unit|suite|ste)\b\.?|#)[{_BLANK}]?\w{{1,6}}", re.IGNORECASE
)


def _street_end(candidate: re.Match[str]) -> int | None:
    for position, word in enumerate(re.finditer(r"[^\W\d][\w'’-]*", candidate[1])):
        if position and (_STREET_WORD.fullmatch(word[0]) or _CAPITALISED_STREET_WORD.fullmatch(word[0])):
            end = candidate.start(1) + word.end()
            unit = _UNIT.match(candidate.string, end)
            return unit.end() if unit else end
    return None


_DIGIT_BEFORE = r"(?<!\d)(?<!\d[.,-])"
_DIGIT_AFTER = r"(?![.,-]?\d)"
_NORTH_AMERICAN = rf"(?:1{_GAP}?)?(?:\(\d{{3}}\){_GAP}?|\d{{3}}{_GAP}?)\d{{3}}{_GAP}?\d{{4}}"
_NATIONAL = rf"0\d(?:[{_BLANK}./\-]?\d){{7,10}}"
_LOCAL = r"\d{3}-\d{4}"
_INTERNATIONAL = rf"(?:\+|{_DIGIT_BEFORE}00)[1-9]\d{{0,2}}(?:[{_BLANK}.()/\-]{{0,3}}\d){{6,13}}"

# In this order: what can hold something else comes first (a link its e-mail address, a card number its phone number).
_RECOGNISERS = (
    Recogniser("[link]", re.compile(r"(?:https?://|(?<![^\W\d])www\.)[^\s<>\"\[\]]++", re.IGNORECASE), _link_end),
    Recogniser("[email]", re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)++"), _whole),
    Recogniser(
        "[link]",
        re.compile(r"(?<![\w.-])(?:[\w-]++\.)+[a-z]{2,24}/[^\s<>\"\[\]]++", re.IGNORECASE),
        _link_end,
    ),
    Recogniser(
        "[iban]",
        re.compile(rf"(?<![a-z0-9])[a-z]{{2}}[0-9]{{2}}(?:[{_BLANK}]?[a-z0-9]){{11,30}}", re.IGNORECASE | re.ASCII),
        _iban_end,
    ),
    Recogniser(
        "[card]",
        re.compile(
            r"(?<!\d)(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?!\d)",
        ),
        _card_end,
    ),
    Recogniser("[ssn]", re.compile(rf"{_DIGIT_BEFORE}\d{{3}}([ -])\d{{2}}\1\d{{4}}{_DIGIT_AFTER}"), _whole),
    # What opens a customer's gate is told to the crew, in the same fields.
    Recogniser(
        "[code]",
        re.compile(
            r"\b(?:(?:gate|door|garage|alarm|lock ?box|key ?pad)[ -]?)?(?:pass|key)?(?:code|pin|combo|combination)"
            r"[ ]{0,2}(?:is|no\.)?[ ]{0,2}[:=#]?[ ]{0,2}\d{3,8}(?!\d)",
            re.IGNORECASE,
        ),
        _whole,
    ),
    Recogniser("[ip]", re.compile(rf"{_DIGIT_BEFORE}\d{{1,3}}(?:\.\d{{1,3}}){{3}}{_DIGIT_AFTER}"), _ip_end),
    Recogniser(
        "[phone]",
        re.compile(
            rf"(?:{_INTERNATIONAL}|{_DIGIT_BEFORE}(?<![$€£])(?:{_NORTH_AMERICAN}|{_NATIONAL}|{_LOCAL})){_DIGIT_AFTER}"
        ),
        _phone_end,
    ),
    Recogniser(
        "[address]",
        re.compile(rf"(?<!\w)\d{{1,6}}[a-z]?,?((?:[{_BLANK}][^\W\d][\w.'’-]{{0,30}}){{2,6}})", re.IGNORECASE),
        _street_end,
    ),
    Recogniser("[postcode]", re.compile(rf"(?<!\w)[A-Z]{{2}}[{_BLANK}]\d{{5}}(?:-\d{{4}})?(?!\w)"), _whole),
)
_PLACEHOLDERS = "|".join(re.escape(kind.placeholder) for kind in _RECOGNISERS) + r"|\[name\]"
# Parts of a full name that are words of a language: on their own they name nobody.
_PARTICLE = re.compile(r"van|von|der|den|ter|del|della|des|dos|las|los|and|the", re.IGNORECASE)
# Of these some are names as well ("Al", "Le"): they are words only inside a name.
_SHORT_PARTICLE = re.compile(r"al|da|de|di|do|du|el|la|le|lo|st|y|dr|mr|ms", re.IGNORECASE)
_SHORT = 2
# Scripts that put no blank between words, where a name is a part of whatever stands around it; Korean adds endings.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+"
)


def _pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    spellings = {spelling for name in names for spelling in _spellings(name)}
    if not spellings:
        return None
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    # A customer may be called Link or Phone: a placeholder is stepped over, never replaced.
    return re.compile(rf"({_PLACEHOLDERS})|{'|'.join(map(_alternative, longest_first))}", re.IGNORECASE)


def _alternative(spelling: str) -> str:
    written = rf"[{_BLANK}]{{1,3}}".join(map(re.escape, spelling.split()))
    if _UNSPACED.fullmatch(spelling):
        return written
    # So short, it is another word in another case ("so", "do", "an").
    return rf"(?<!\w){written if len(spelling) > _SHORT else f'(?-i:{written})'}(?!\w)"


def _spellings(name: str) -> set[str]:
    """The name, its parts (of two letters or more, or in one sign where that is a word) and both without accents."""
    whole = " ".join(unicodedata.normalize("NFC", name).split())
    parts = re.split(r"[\s-]", whole)
    named = {part for part in parts[1:-1] if not _SHORT_PARTICLE.fullmatch(part)} | {parts[0], parts[-1]}
    written = {each for each in {whole, *named} if len(each) > 1 and not _PARTICLE.fullmatch(each)}
    written |= {sign for part in parts for sign in _UNSPACED.findall(part)}
    return written | {_without_accents(spelling) for spelling in written}


def _without_accents(text: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFD", text) if not unicodedata.combining(mark))
