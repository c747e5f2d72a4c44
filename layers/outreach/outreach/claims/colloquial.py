"""Money and shares as people say them: "a fiver", "a third off", "you save half"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Amount, Claim
from outreach.claims.currencies import CURRENCIES
from outreach.claims.numerals import number_said
from outreach.claims.sheet import Sheet

_NOTES = {
    "fiver": 5, "tenner": 10, "hundo": 100, "c-note": 100, "ten-spot": 10, "sawbuck": 10, "benjamin": 100, "ton": 100,
    "pony": 25, "monkey": 500, "grand": 1000,
}  # fmt: skip
# Words that mean nothing else; of the others only "a grand off" is money.
_SURE = r"(?:fiver|tenner|hundo|c-note|ten-spot|sawbuck)"
_MAY_BE = r"(?:grand|benjamin|ton|monkey|pony)"
_A_NOTE = lazy_pattern(rf" (?:{_SURE}|{_MAY_BE})s?\b", re.IGNORECASE)
_HOW_MANY = r"(?P<many>an?|one|two|three|four|five|another|half a|the|that|your|\d{1,2})"
_OF_MONEY = (
    r"(?= (?:off|back|in (?:cash|credit|savings)|cheaper|less|towards?|as (?:a )?(?:thank|credit|bonus|reward))\b)"
)
_SLANG = lazy_pattern(
    rf"\b{_HOW_MANY} (?:(?:cool|crisp|whole|easy|quick|nice|extra) )?(?:(?P<sure>{_SURE})s?\b"
    rf"|(?P<money>{_MAY_BE})s?\b{_OF_MONEY})",
    re.IGNORECASE,
)
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10,
    "twentieth": 20,
}  # fmt: skip
_SHARE = (
    r"(?:(?:(?P<of>an?|one|two|three|four|the|that|this|nearly a|almost a) )?(?:(?:whole|full|good|clean|solid|entire"
    r"|cool) )?"
    rf"(?P<part>{'|'.join(sorted(_PARTS, key=len, reverse=True))})s?)\b"
)
_IS_OFF = (
    r"(?= (?:off|less|cheaper|lower|back|in savings|(?:price )?reduction|discount|of (?:the|your|our|its|that"
    r"|every) (?:\w{1,10} )?"
    r"(?:price|cost|bill|rate|fee|amount|total|invoice|money)|(?:that )?you save|taken off|knocked off)\b)"
)
_SHARES = lazy_pattern(
    rf"\b{_SHARE}{_IS_OFF}"
    r"|\b(?:sav(?:e|es|ed|ing)|discount of|reduction of|cut(?: of| by)?|reduced by|lowered by|saving of|takes? off"
    r"|knocks? off|slash(?:ed)? by)"
    rf" (?:you )?(?P<saved>{_SHARE.replace('?P<of>', '?P<of2>').replace('?P<part>', '?P<part2>')})"
    r"(?= (?:on|with|when|until|if|now|today|by|for|through|before)\b|\s{0,2}[.,;:!?)\n]|\s{0,2}$)",
    re.IGNORECASE,
)
_ALL = Decimal(100)


def read_slang(page: str, _sheet: Sheet) -> Iterator[Claim]:
    """Every sum that goes by a nickname, in whatever currency."""
    for match in _SLANG.finditer(page) if _A_NOTE.search(page) else ():
        many = number_said(match["many"]) or Decimal(1)
        note = (match["sure"] or match["money"]).lower()
        yield Claim("amount", *match.span(), Amount(many * _NOTES[note], CURRENCIES))


def read_shares(page: str, _sheet: Sheet) -> Iterator[Claim]:
    """Every fraction of a price that is said to be saved, as a percentage to the whole one."""
    small = page.lower()
    for match in _SHARES.finditer(page) if any(part in small for part in _PARTS) else ():
        part, of = (match["part2"], match["of2"]) if match["saved"] else (match["part"], match["of"])
        if part.lower() not in ("half", "halves") and of is None:
            continue
        number = number_said(of or "a") or Decimal(1)
        start, end = match.span("saved") if match["saved"] else match.span()
        yield Claim("percent", start, end, _whole(number * _ALL / _PARTS[part.lower()]))


def _whole(share: Decimal) -> Decimal:
    """A third is said of 33 %, an eighth of 12.5 %."""
    return share if share == share.quantize(Decimal("0.1")) else share.quantize(Decimal(1))
