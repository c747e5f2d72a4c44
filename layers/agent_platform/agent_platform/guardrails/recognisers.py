"""What is personal in a free text, by kind: how each is written, and by which check digits it is told from a number.

Time is linear in the text: quantifiers are possessive or bounded, and a refused candidate costs at most its own length.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from agent_platform.guardrails.endings import (
    BLANK,
    card_end,
    iban_end,
    ip_end,
    ipv6_end,
    link_end,
    phone_end,
    private_key_end,
    random_end,
    street_end,
    whole,
)
from agent_platform.patterns import lazy_pattern

# What people put between the groups of one number: blanks, dots, hyphens and short dashes.
_GAP = rf"[{BLANK}.\-\u2010-\u2013]"


class Recogniser(NamedTuple):
    """One kind of personal data: its candidates, and where in a candidate the data ends (None: there is none)."""

    placeholder: str
    pattern: re.Pattern[str]
    end: Callable[[re.Match[str]], int | None]


_DIGIT_BEFORE = r"(?<!\d)(?<!\d[.,-])"
_DIGIT_AFTER = r"(?![.,-]?\d)"
_NORTH_AMERICAN = rf"(?:1{_GAP}?)?(?:\(\d{{3}}\){_GAP}?|\d{{3}}{_GAP}?)\d{{3}}{_GAP}?\d{{4}}"
_NATIONAL = rf"0\d(?:[{BLANK}./\-]?\d){{7,10}}"
_LOCAL = r"\d{3}-\d{4}"
_INTERNATIONAL = rf"(?:\+|{_DIGIT_BEFORE}00)[1-9]\d{{0,2}}(?:[{BLANK}.()/\-]{{0,3}}\d){{6,13}}"

# In this order: what can hold something else comes first (a link its e-mail address, a card number its phone number).
RECOGNISERS = (
    Recogniser(
        "[link]",
        lazy_pattern(r"(?:(?:https?|hxxps?|ftp)://|(?<![^\W\d])www\.)[^\s<>\"\[\]]++", re.IGNORECASE),
        link_end,
    ),
    Recogniser("[email]", lazy_pattern(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)++"), whole),
    Recogniser(
        "[email]",
        # As people write it for people: "marisol (at) mail.example", "marisol at mail dot example".
        lazy_pattern(
            r"(?<![\w.+-])[\w.+-]{1,64}+(?:[ ]?(?:@|\uff20|\(at\)|\[at\])[ ]?"
            r"[\w-]{1,63}+(?:(?:\.|[ ]?(?:\(dot\)|\[dot\])[ ]?)[^\W\d_][\w-]{1,62}+){1,4}"
            r"|[ ]at[ ][\w-]{1,63}+(?:[ ]dot[ ][\w-]{1,63}+){1,4})",
            re.IGNORECASE,
        ),
        whole,
    ),
    Recogniser("[key]", lazy_pattern(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"), private_key_end),
    # As their makers begin them: AWS, OpenAI and Stripe, GitHub, GitLab, Slack, Google, Standard Webhooks, JWT.
    Recogniser(
        "[key]",
        lazy_pattern(
            r"(?<![^\W_])(?:(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])|[spr]k[-_][\w-]{16,}+|gh[a-z]_\w{20,}+|github_pat_\w{20,}+"
            r"|glpat-[\w-]{16,}+|xox[a-z]-[\w-]{10,}+|AIza[\w-]{30,}+|whsec_[\w+/=]{16,}+"
            r"|eyJ[\w-]{10,}+\.[\w-]{10,}+(?:\.[\w-]++)?)",
            re.ASCII,
        ),
        whole,
    ),
    Recogniser(
        "[key]",
        lazy_pattern(
            r"(?<![^\W\d_])(?:password|passwort|contraseña|mot de passe)(?: is|:|=)[ ]{0,2}[^\s\[\]]{4,64}",
            re.IGNORECASE,
        ),
        whole,
    ),
    Recogniser(
        "[link]",
        lazy_pattern(r"(?<![\w.-])(?:[\w-]++\.)+[a-z]{2,24}/[^\s<>\"\[\]]++", re.IGNORECASE),
        link_end,
    ),
    Recogniser(
        "[iban]",
        lazy_pattern(rf"(?<![a-z0-9])[a-z]{{2}}[0-9]{{2}}(?:[{BLANK}-]?[a-z0-9]){{11,30}}", re.IGNORECASE | re.ASCII),
        iban_end,
    ),
    Recogniser(
        "[card]",
        lazy_pattern(
            r"(?<!\d)(?:\d{13,19}|\d{4}([ .-]|[ ]{2})\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5})(?!\d)",
        ),
        card_end,
    ),
    Recogniser(
        "[ssn]", lazy_pattern(rf"{_DIGIT_BEFORE}\d{{3}}([ .\-\u2010-\u2013])\d{{2}}\1\d{{4}}{_DIGIT_AFTER}"), whole
    ),
    # What opens a customer's gate is told to the crew, in the same fields.
    Recogniser(
        "[code]",
        lazy_pattern(
            r"(?<![^\W\d])(?:(?:gate|door|garage|alarm|lock ?box|key ?pad)[ -]?)?(?:pass|key)?"
            r"(?:(?:code|pin|combo|combination)(?:[ ](?:for|to|of)[ ](?:the[ ]|our[ ])?\w{2,12}+)?|gate:|keypad:)"
            r"[ ]{0,2}(?:is|no\.)?[ ]{0,2}[:=#]?[ ]{0,2}\d{3,8}(?!\d)",
            re.IGNORECASE,
        ),
        whole,
    ),
    Recogniser("[ip]", lazy_pattern(rf"{_DIGIT_BEFORE}\d{{1,3}}(?:\.\d{{1,3}}){{3}}{_DIGIT_AFTER}"), ip_end),
    Recogniser(
        "[ip]",
        lazy_pattern(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE | re.ASCII),
        ipv6_end,
    ),
    # Nobody's word is so long and so full of digits.
    Recogniser("[key]", lazy_pattern(r"(?<![\w+/=-])[\w+/=-]{32,}+", re.ASCII), random_end),
    Recogniser(
        "[phone]",
        lazy_pattern(
            rf"(?:{_INTERNATIONAL}|{_DIGIT_BEFORE}(?<![$€£])(?:{_NORTH_AMERICAN}|{_NATIONAL}|{_LOCAL})){_DIGIT_AFTER}"
        ),
        phone_end,
    ),
    Recogniser(
        "[address]",
        lazy_pattern(rf"(?<!\w)\d{{1,6}}[a-z]?,?((?:[{BLANK}][^\W\d][\w.'’-]{{0,30}}){{2,6}})", re.IGNORECASE),
        street_end,
    ),
    Recogniser(
        "[address]",
        lazy_pattern(
            # Hauptstraße 12 · Am Rosengarten 4 · 12 rue de la Paix · Calle Mayor 15 · P.O. Box 44
            rf"(?<![^\W_])(?:(?-i:[A-ZÄÖÜ])[\w-]{{2,30}}?(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|damm)[{BLANK}]\d{{1,4}}[a-z]?"
            rf"|(?-i:Am|An der|Auf dem|Im|Zum|Zur)[{BLANK}](?-i:[A-ZÄÖÜ])[\w-]{{2,30}}+[{BLANK}]\d{{1,4}}[a-z]?"
            rf"|\d{{1,5}},?[{BLANK}](?:rue|avenue|boulevard|chemin|impasse|place|allée|quai|route)(?:[{BLANK}]|[{BLANK}]d['’])"
            rf"(?:(?:de|du|des|la|le|les|l['’])[{BLANK}]?){{0,2}}(?-i:[A-ZÀ-Ý])[\w'’-]{{1,30}}+"
            rf"|(?:calle|avenida|av\.|carrera|paseo|plaza|camino)(?:[{BLANK}][\w.]{{1,20}}+){{1,4}}?,?[{BLANK}]\d{{1,5}}"
            rf"|p\.?[{BLANK}]?o\.?[{BLANK}]?box[{BLANK}]\d{{1,6}})(?!\d)",
            re.IGNORECASE,
        ),
        whole,
    ),
    # Of the United States, of Great Britain, of Canada.
    Recogniser(
        "[postcode]",
        lazy_pattern(
            rf"(?<![^\W_])(?:[A-Z]{{1,2}}\d[A-Z\d]?[{BLANK}]\d[A-Z]{{2}}|[A-Z]\d[A-Z][{BLANK}]?\d[A-Z]\d)(?![^\W_])"
        ),
        whole,
    ),
    Recogniser("[postcode]", lazy_pattern(rf"(?<![^\W\d_])[A-Z]{{2}}[{BLANK}]\d{{5}}(?:-\d{{4}})?(?!\d)"), whole),
)
