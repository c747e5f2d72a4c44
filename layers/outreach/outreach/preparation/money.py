"""Prices in the many ways in which CRMs write them, to whole minor units of an ISO 4217 currency."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from agent_platform.patterns import lazy_pattern

from outreach.contracts import Money
from outreach.preparation.conventions import Conventions
from outreach.preparation.parts import Part

# A million dollars: no service at a home costs more.
MOST_MINOR_UNITS = 100_000_000

_EXPONENTS = (
    dict.fromkeys(re.findall(r"\w+", "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"), 0)
    | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
    | dict.fromkeys(
        re.findall(
            r"\w+",
            "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
            "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
            "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP "
            "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD "
            "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS "
            "VES WST XCD YER ZAR ZMW ZWG",
        ),
        2,
    )
)
_SIGNS = {
    "€": "EUR", "£": "GBP", "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD",
    "MX$": "MXN", "R$": "BRL", "₹": "INR", "₩": "KRW", "₪": "ILS", "₱": "PHP", "ZŁ": "PLN", "KČ": "CZK", "FR": "CHF",
}  # fmt: skip
# One sign, many currencies: the customer's country says which, and without a country the first is meant.
_SHARED_SIGNS = {
    "$": ("USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD", "ARS", "CLP", "COP"),
    "¥": ("JPY", "CNY"),
}
_AMOUNT = lazy_pattern(r"(?P<before>[^0-9]*)(?P<number>[0-9](?:[0-9.,'’ ]*[0-9])?)(?P<after>[^0-9]*)")


def read_price(part: Part, conventions: Conventions) -> Money | None:
    """The price in minor units; None, and a note, if it isn't certain what was paid."""
    given = part.given("price")
    if given is None:
        return None
    written = _AMOUNT.fullmatch(" ".join(given.split())) if isinstance(given, str) else None
    marks = f"{written['before']} {written['after']}".strip() if written else ""
    kind = "text" if isinstance(given, str) else "number"
    currency = _currency(part, marks, conventions)
    amount = _amount(given, written, conventions, exponent=_EXPONENTS[currency]) if currency else None
    minor = amount.scaleb(_EXPONENTS[currency]) if currency and amount is not None else None
    if currency is None or minor is None or not 0 <= minor <= MOST_MINOR_UNITS:
        part.note("price", "no amount, or an ambiguous, negative or absurd one, or in no known currency", kind)
        return None
    if kind == "text":
        part.note("price", "amount written as text", "text", "minor units")
    elif minor != minor.to_integral_value():
        part.note("price", "amount finer than its currency", "number", "minor units")
    return {"minor": int(minor.quantize(Decimal(1), ROUND_HALF_UP)), "currency": currency}


def _currency(part: Part, marks: str, conventions: Conventions) -> str | None:
    """What the currency's own field says, else the sign or code beside the amount, else the customer's country."""
    stated = part.text("currency")
    for written in (stated, marks):
        if written:
            code = _by_code_or_sign(written, conventions)
            if code and code != stated:
                part.note("currency", "currency by its sign or in another spelling", "text", "ISO 4217 code")
            return code
    if conventions.currency:
        part.note("currency", "missing currency", "nothing", "the currency of the customer's country")
    return conventions.currency


def _by_code_or_sign(written: str, conventions: Conventions) -> str | None:
    mark = re.sub(r"[\s.]", "", written).upper()
    if mark in _SHARED_SIGNS:
        candidates = _SHARED_SIGNS[mark]
        return conventions.currency if conventions.currency in candidates else candidates[0]
    code = _SIGNS.get(mark, mark)
    return code if code in _EXPONENTS else None


def _amount(given: Any, written: re.Match[str] | None, conventions: Conventions, *, exponent: int) -> Decimal | None:
    if not isinstance(given, str):
        return Decimal(repr(given))
    if written is None or not all(
        mark == "" or _by_code_or_sign(mark, conventions)
        for mark in (written["before"].strip(), written["after"].strip())
    ):
        # A minus, a bracket, or words such as "from": nothing that was paid.
        return None
    return plain_number(written["number"], decimal_comma=conventions.decimal_comma, exponent=exponent)


def plain_number(text: str, *, decimal_comma: bool, exponent: int) -> Decimal | None:
    """A number written with separators; None if they can't be made sense of, or in two ways."""
    separators = re.findall(r"[^0-9]", text)
    kinds = list(dict.fromkeys(separators))
    whole, fraction = text, ""
    if len(kinds) == 2 and kinds[1] in ".," and separators.count(kinds[1]) == 1:
        whole, _, fraction = text.partition(kinds[1])
    elif len(separators) == 1 and kinds[0] in ".,":
        before, _, after = text.partition(kinds[0])
        is_decimal_mark = kinds[0] == ("," if decimal_comma else ".")
        if len(after) != 3 or before == "0" or (is_decimal_mark and exponent == 3):
            whole, fraction = before, after
        elif is_decimal_mark:
            return None
    elif len(kinds) > 1:
        return None
    if not re.fullmatch(r"[0-9]+|[0-9]{1,3}(?:([.,'’ ])[0-9]{3})(?:\1[0-9]{3})*", whole):
        return None
    return Decimal(re.sub(r"[^0-9]", "", whole) + "." + (fraction or "0"))
