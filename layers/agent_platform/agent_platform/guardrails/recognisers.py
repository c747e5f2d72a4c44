"""What is personal in a free text, by kind: how each is written, and by which check digits it is told from a number.

Time is linear in the text: quantifiers are possessive or bounded, and a refused candidate costs at most its own length.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

# What people put between the groups of one number: blanks (also unbreakable ones), dots, hyphens and short dashes.
BLANK = " \u00a0\u202f"
_GAP = rf"[{BLANK}.\-\u2010-\u2013]"


class Recogniser(NamedTuple):
    """One kind of personal data: its candidates, and where in a candidate the data ends (None: there is none)."""

    placeholder: str
    pattern: re.Pattern[str]
    end: Callable[[re.Match[str]], int | None]


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
    places = [place for place, character in enumerate(candidate[0]) if character not in BLANK]
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


# Of the eight groups of an IPv6 address one run of zeros may be left out.
_IPV6_GROUPS, _FEWEST_WRITTEN = 8, 2


def _ipv6_end(candidate: re.Match[str]) -> int | None:
    written = sum(map(bool, candidate[0].split(":")))
    shortened = candidate[0].count("::")
    whole = written == _IPV6_GROUPS if not shortened else shortened == 1 and _FEWEST_WRITTEN <= written < _IPV6_GROUPS
    return candidate.end() if whole and ":::" not in candidate[0] else None


_END_OF_KEY = re.compile(r"-----END [A-Z ]{0,30}PRIVATE KEY-----")


def _private_key_end(candidate: re.Match[str]) -> int:
    end = _END_OF_KEY.search(candidate.string, candidate.end())
    # One that was cut off is a secret to its last character all the same.
    return end.end() if end else len(candidate.string)


# The id of a request names nobody, and the on-call needs it.
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _random_end(candidate: re.Match[str]) -> int | None:
    if _UUID.fullmatch(candidate[0]):
        return None
    digits, letters = sum(map(str.isdigit, candidate[0])), sum(map(str.isalpha, candidate[0]))
    return candidate.end() if min(digits, letters) > len(candidate[0]) // 10 else None


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
_UNIT = re.compile(rf",?[{BLANK}]{{0,2}}(?:(?:apt|apartment|unit|suite|ste)\b\.?|#)[{BLANK}]?\w{{1,6}}", re.IGNORECASE)


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
_NATIONAL = rf"0\d(?:[{BLANK}./\-]?\d){{7,10}}"
_LOCAL = r"\d{3}-\d{4}"
_INTERNATIONAL = rf"(?:\+|{_DIGIT_BEFORE}00)[1-9]\d{{0,2}}(?:[{BLANK}.()/\-]{{0,3}}\d){{6,13}}"

# In this order: what can hold something else comes first (a link its e-mail address, a card number its phone number).
RECOGNISERS = (
    Recogniser("[link]", re.compile(r"(?:https?://|(?<![^\W\d])www\.)[^\s<>\"\[\]]++", re.IGNORECASE), _link_end),
    Recogniser("[email]", re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)++"), _whole),
    Recogniser("[key]", re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"), _private_key_end),
    # As their makers begin them: AWS, OpenAI and Stripe, GitHub, GitLab, Slack, Google, Standard Webhooks, JWT.
    Recogniser(
        "[key]",
        re.compile(
            r"(?<![^\W_])(?:(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])|[spr]k[-_][\w-]{16,}+|gh[a-z]_\w{20,}+|github_pat_\w{20,}+"
            r"|glpat-[\w-]{16,}+|xox[a-z]-[\w-]{10,}+|AIza[\w-]{30,}+|whsec_[\w+/=]{16,}+"
            r"|eyJ[\w-]{10,}+\.[\w-]{10,}+(?:\.[\w-]++)?)",
            re.ASCII,
        ),
        _whole,
    ),
    Recogniser(
        "[link]",
        re.compile(r"(?<![\w.-])(?:[\w-]++\.)+[a-z]{2,24}/[^\s<>\"\[\]]++", re.IGNORECASE),
        _link_end,
    ),
    Recogniser(
        "[iban]",
        re.compile(rf"(?<![a-z0-9])[a-z]{{2}}[0-9]{{2}}(?:[{BLANK}]?[a-z0-9]){{11,30}}", re.IGNORECASE | re.ASCII),
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
            r"(?<![^\W\d])(?:(?:gate|door|garage|alarm|lock ?box|key ?pad)[ -]?)?(?:pass|key)?"
            r"(?:code|pin|combo|combination)[ ]{0,2}(?:is|no\.)?[ ]{0,2}[:=#]?[ ]{0,2}\d{3,8}(?!\d)",
            re.IGNORECASE,
        ),
        _whole,
    ),
    Recogniser("[ip]", re.compile(rf"{_DIGIT_BEFORE}\d{{1,3}}(?:\.\d{{1,3}}){{3}}{_DIGIT_AFTER}"), _ip_end),
    Recogniser(
        "[ip]",
        re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE | re.ASCII),
        _ipv6_end,
    ),
    # Nobody's word is so long and so full of digits.
    Recogniser("[key]", re.compile(r"(?<![\w+/=-])[\w+/=-]{32,}+", re.ASCII), _random_end),
    Recogniser(
        "[phone]",
        re.compile(
            rf"(?:{_INTERNATIONAL}|{_DIGIT_BEFORE}(?<![$€£])(?:{_NORTH_AMERICAN}|{_NATIONAL}|{_LOCAL})){_DIGIT_AFTER}"
        ),
        _phone_end,
    ),
    Recogniser(
        "[address]",
        re.compile(rf"(?<!\w)\d{{1,6}}[a-z]?,?((?:[{BLANK}][^\W\d][\w.'’-]{{0,30}}){{2,6}})", re.IGNORECASE),
        _street_end,
    ),
    Recogniser("[postcode]", re.compile(rf"(?<![^\W\d_])[A-Z]{{2}}[{BLANK}]\d{{5}}(?:-\d{{4}})?(?!\d)"), _whole),
)
