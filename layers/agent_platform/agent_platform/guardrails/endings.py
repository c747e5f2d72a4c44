"""Where in a candidate the personal data end, told from a mere number by check digits; None: there are none."""

import re

from agent_platform.patterns import lazy_pattern

# What people put between the groups of one number: blanks (also unbreakable ones).
BLANK = " \u00a0\u202f"


def whole(candidate: re.Match[str]) -> int:
    """The data are the whole candidate."""
    return candidate.end()


def link_end(candidate: re.Match[str]) -> int:
    """A link ends before the sentence's punctuation."""
    return candidate.start() + len(candidate[0].rstrip(".,;:!?)'\"*"))


def card_end(candidate: re.Match[str]) -> int | None:
    """A card's number is one by its check digit (Luhn)."""
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


def iban_end(candidate: re.Match[str]) -> int | None:
    """An account ends at its country's length, and is one by its check digits (mod 97)."""
    places = [place for place, character in enumerate(candidate[0]) if character not in f"{BLANK}-"]
    length = _IBAN_LENGTHS.get(candidate[0][:2].upper(), 0)
    if not length or len(places) < length:
        return None
    end = places[length - 1] + 1
    if candidate[0][end : end + 1].isalnum():
        return None
    account = "".join(candidate[0][place] for place in places[:length])
    number = "".join(str(int(character, 36)) for character in account[4:] + account[:4])
    return candidate.start() + end if int(number) % 97 == 1 else None


def ip_end(candidate: re.Match[str]) -> int | None:
    """An address's numbers are bytes."""
    return candidate.end() if all(int(part) <= 255 for part in candidate[0].split(".")) else None


# Of the eight groups of an IPv6 address one run of zeros may be left out.
_IPV6_GROUPS, _FEWEST_WRITTEN = 8, 2


def ipv6_end(candidate: re.Match[str]) -> int | None:
    """An address has eight groups, or fewer around one run of zeros."""
    written = sum(map(bool, candidate[0].split(":")))
    shortened = candidate[0].count("::")
    whole = written == _IPV6_GROUPS if not shortened else shortened == 1 and _FEWEST_WRITTEN <= written < _IPV6_GROUPS
    return candidate.end() if whole and ":::" not in candidate[0] else None


_END_OF_KEY = lazy_pattern(r"-----END [A-Z ]{0,30}PRIVATE KEY-----")


def private_key_end(candidate: re.Match[str]) -> int:
    """A key ends with its own last line."""
    end = _END_OF_KEY.search(candidate.string, candidate.end())
    # One that was cut off is a secret to its last character all the same.
    return end.end() if end else len(candidate.string)


# The id of a request names nobody, and the on-call needs it.
_UUID = lazy_pattern(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def random_end(candidate: re.Match[str]) -> int | None:
    """A key is letters and digits mixed, and no id of a request."""
    if _UUID.fullmatch(candidate[0]):
        return None
    digits, letters = sum(map(str.isdigit, candidate[0])), sum(map(str.isalpha, candidate[0]))
    return candidate.end() if min(digits, letters) > len(candidate[0]) // 10 else None


_DATE = lazy_pattern(r"(?<!\d)(?:\d{1,2}([-/. ])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([-/. ])\d{1,2}\2\d{1,2})(?!\d)")


def phone_end(candidate: re.Match[str]) -> int | None:
    """A phone number isn't a date."""
    return None if _DATE.search(candidate[0]) else candidate.end()


_STREET_WORD = lazy_pattern(
    r"street|avenue|ave|road|rd|boulevard|blvd|lane|ln|highway|hwy|parkway|pkwy|terrace|crescent|turnpike",
    re.IGNORECASE,
)
# These mean other things too ("a 10 minute drive"), so they count only when capitalised, as in an address.
_CAPITALISED_STREET_WORD = lazy_pattern(
    r"S[Tt]|D[Rr]|Drive|C[Tt]|Court|P[Ll]|Place|Cir|Circle|Way|Sq|Square|Trail|Trl|Close|Loop|Row|Walk|Alley|Ridge|Run"
)
_UNIT = lazy_pattern(
    rf",?[{BLANK}]{{0,2}}(?:(?:apt|apartment|unit|suite|ste)\b\.?|#)[{BLANK}]?\w{{1,6}}", re.IGNORECASE
)


# Between a house's number and its street nobody writes these: "10 out of 10 in our street".
_NO_STREET = frozenset(
    {"in", "our", "my", "your", "on", "of", "out", "this", "every", "from", "to", "at", "and", "down"}
)


def street_end(candidate: re.Match[str]) -> int | None:
    """A street ends with the word that makes it one, or the unit behind it."""
    for position, word in enumerate(re.finditer(r"[^\W\d][\w'’-]*", candidate[1])):
        if word[0] in _NO_STREET:
            return None
        if position and (_STREET_WORD.fullmatch(word[0]) or _CAPITALISED_STREET_WORD.fullmatch(word[0])):
            end = candidate.start(1) + word.end()
            unit = _UNIT.match(candidate.string, end)
            return unit.end() if unit else end
    return None
