"""Codes and coupons: no fact is one, so that only the offer's own words can vouch for what a draft has people enter."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.folding import fold
from outreach.claims.sheet import Sheet

_FOR_WHAT = (
    r"(?:(?:promo(?:tion(?:al)?)?|discount|referral|coupon|voucher|gift|offer|rebate|savings?|friends?|vip|bonus"
    r"|checkout|reward|loyalty|invitation|invite|personal|unique|secret|special)[ -]){0,2}"
)
_NOUN = r"(?:promo|codes?|coupons?|passwords?|passcodes?|kode|codigo|gutschein|gutscheincode|rabattcode|cupon)"
_WHICH = r"(?:the |our |your |this |that |a |an |my )?"
_A_NOUN = lazy_pattern(r"promo|code|coupon|pass(?:word|code)|kode|codigo|gutschein|cupon", re.IGNORECASE)
# A word in capitals, with figures or without, as nobody writes one in a sentence; behind its noun any word in quotes.
_CODE = (
    r"(?-i:[A-Z][A-Z0-9]{2,20}(?:[-_][A-Z0-9]{1,12}){0,3}|(?=[A-Za-z-]{0,14}\d)[A-Za-z0-9][A-Za-z0-9_-]{3,20})(?!\w)"
)
_QUOTED = r"[\"'*]{1,2}(?P<quoted>[\w-]{3,20})[\"'*]{1,2}"
_NAMED = lazy_pattern(
    rf"(?<!\w){_WHICH}{_FOR_WHAT}{_NOUN}\b(?!-)"
    rf"(?:(?: is| named| called| of|,|:|=)?:? (?:{_QUOTED}|(?P<code>{_CODE})))?",
    re.IGNORECASE,
)
_USED = lazy_pattern(
    r"\b(?:use|enter|quote|mention|apply|type(?: in)?|redeem(?: with)?|say|cite|add|give|show|text|punch in|input) "
    rf"{_WHICH}(?:{_QUOTED}|(?P<code>{_CODE}))"
    rf"|(?<![A-Za-z0-9_-])(?P<bare>{_CODE}) (?:at (?:the )?(?:checkout|booking)|when (?:you|they) (?:book|check out"
    r"|order|call|pay))",
    re.IGNORECASE,
)
# What a code may be besides: a place's, a door's, what machines read; and letters that everybody writes in capitals.
_OTHER_CODE = lazy_pattern(r"\b(?:zip|area|postal|post|dress|bar|qr|gate|door|building|source|dial\w*|entry|color) $")
_NO_CODE = lazy_pattern(r"(?:\b(?:no|without|any)|n't need)(?: (?:a|any|need for a))? $")
_ACRONYMS = frozenset(("HVAC", "ASAP", "FAQ", "LED", "RSVP", "SMS", "PDF", "DIY", "USA", "NOT", "YES", "ALL", "YOU"))
_SPEAKS_OF_CODES = lazy_pattern(rf"\b{_NOUN}\b", re.IGNORECASE)
_WINDOW = 24


def settle_codes(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every code that is mentioned, with what it says: verified where the offer's own words have it."""
    for pattern in (_NAMED, _USED) if _A_NOUN.search(page) else (_USED,):
        for match in pattern.finditer(page):
            before = page[max(0, match.start() - _WINDOW) : match.start()].lower()
            code = next((said for said in match.groupdict().values() if said), None)
            if not _OTHER_CODE.search(before) and not _NO_CODE.search(before) and code not in _ACRONYMS:
                yield _settled(Claim("code", *match.span()), code, sheet)


def _settled(claim: Claim, code: str | None, sheet: Sheet) -> Settled:
    """Verified where the conditions speak of a code, and write this one as the draft does."""
    conditions = fold(sheet.conditions or "").text
    as_written = code is None or re.search(rf"(?<!\w){re.escape(code)}(?!\w)", conditions)
    if as_written and _SPEAKS_OF_CODES.search(conditions):
        return Settled(claim, "equals", source="/offer/conditions")
    return Settled(claim, "unsupported")
