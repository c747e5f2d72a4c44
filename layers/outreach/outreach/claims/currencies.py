"""The signs, codes and words that make a number an amount of money or a percentage."""

import re
from dataclasses import dataclass
from decimal import Decimal

from agent_platform.patterns import lazy_pattern

from outreach.claims.vocabulary import words

# By their codes (ISO 4217).
CURRENCIES = words(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
    """
)
# Written small only where no word is spelled like it: "25 all" is no sum in lek.
_SMALL_CODES = frozenset(("usd", "eur", "gbp", "cad", "aud", "chf", "nzd"))
_DOLLARS = words("USD CAD AUD NZD SGD HKD MXN TWD JMD BBD BSD BZD FJD TTD XCD")
_CROWNS = words("SEK NOK DKK ISK CZK")
_SIGNS = {
    "US$": frozenset(("USD",)),
    "CA$": frozenset(("CAD",)),
    "C$": frozenset(("CAD",)),
    "AU$": frozenset(("AUD",)),
    "A$": frozenset(("AUD",)),
    "NZ$": frozenset(("NZD",)),
    "R$": frozenset(("BRL",)),
    "$": _DOLLARS,
    "€": frozenset(("EUR",)),
    "£": frozenset(("GBP",)),
    "¥": frozenset(("JPY", "CNY")),
    "₹": frozenset(("INR",)),
    "₩": frozenset(("KRW",)),
    "₺": frozenset(("TRY",)),
    "₽": frozenset(("RUB",)),
    "₪": frozenset(("ILS",)),
    "₫": frozenset(("VND",)),
    "₴": frozenset(("UAH",)),
    "₱": frozenset(("PHP",)),
    "฿": frozenset(("THB",)),
    "zł": frozenset(("PLN",)),
    "kr": _CROWNS,
    "Fr.": frozenset(("CHF",)),
}
_WORDS = {
    r"(?:dollars?|bucks?|dolar(?:es)?|dollari?)": _DOLLARS,
    r"(?:euros?|eur)": frozenset(("EUR",)),
    r"(?:pounds?|quid)(?: sterling)?": frozenset(("GBP",)),
    r"(?:francs?|franken|franchi)": frozenset(("CHF",)),
    r"(?:kronor|kroner|kronur|crowns?)": _CROWNS,
    r"(?:rupees?)": frozenset(("INR",)),
    r"(?:yen)": frozenset(("JPY",)),
    r"(?:pesos?)": words("MXN ARS CLP COP DOP PHP UYU CUP"),
    r"(?:reais)": frozenset(("BRL",)),
    r"(?:zloty(?:ch|s)?)": frozenset(("PLN",)),
}
_HUNDREDTHS = r"(?:cents?|pence|pennies|penny|centimes?|centavos?|centimos?|rappen)"
_PERCENT = (
    r"(?:%|(?i:percent(?:age points?)?|per ?cent|pct|prozent|por ?ciento|por ?cento|pour ?cent|per ?cento|procent)\b)"
)

_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_CODE = "|".join(sorted(CURRENCIES | _SMALL_CODES))
_WORD = "|".join(_WORDS)
_AFTER = lazy_pattern(
    rf"(?:[,.]-)?[ -]?(?:(?P<sign>{_SIGN})(?!\w)|(?P<code>{_CODE})\b|(?P<word>(?i:{_WORD}))\b"
    rf"|(?P<hundredths>(?i:{_HUNDREDTHS}))\b|(?P<percent>{_PERCENT}))"
)
_BEFORE = lazy_pattern(rf"(?:(?<!\w)(?P<code>{_CODE})|(?P<sign>{_SIGN})|(?P<percent>%)) ?$")
_LONGEST_BEFORE = 8
_ALONE = lazy_pattern(r"[$€£¥₹₩₺₽₪₫₴₱฿%]+")
_ALONE_IN_WORDS = lazy_pattern(rf"{_ALONE.pattern}|\b(?i:{_WORD}|{_HUNDREDTHS}|{'|'.join(_SMALL_CODES)})\b|{_PERCENT}")

_NO_MINOR_UNIT = words("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF")
_THOUSANDTHS = words("BHD IQD JOD KWD LYD OMR TND")


@dataclass(frozen=True, slots=True)
class Unit:
    """What one mark makes of its number: money in one of some currencies, or (no currency) a percentage."""

    currencies: frozenset[str] | None
    factor: Decimal = Decimal(1)


def widened(page: str, start: int, end: int, floor: int) -> tuple[int, int, list[Unit]]:
    """The span with the marks that stand beside it, none from before `floor`, and what they mean."""
    units = []
    while match := _AFTER.match(page, end):
        units.append(_unit(match))
        end = match.end()
    while match := _BEFORE.search(page[max(floor, start - _LONGEST_BEFORE) : start]):
        units.append(_unit(match))
        start -= match.end() - match.start()
    return start, end, units


def marks_alone(page: str, *, in_words: bool) -> list[tuple[int, int]]:
    """Marks that no number stands beside: an amount that couldn't be read."""
    return [match.span() for match in (_ALONE_IN_WORDS if in_words else _ALONE).finditer(page)]


def minor_units(value: Decimal, currency: str) -> Decimal:
    """The amount in the currency's smallest unit (ISO 4217)."""
    if currency in _NO_MINOR_UNIT:
        return value
    return value * (1000 if currency in _THOUSANDTHS else 100)


def _unit(match: re.Match[str]) -> Unit:
    marks = match.groupdict()
    if marks["percent"]:
        return Unit(None)
    if marks["sign"]:
        return Unit(_SIGNS[marks["sign"]])
    if marks["code"]:
        return Unit(frozenset((marks["code"].upper(),)))
    if marks.get("hundredths"):
        return Unit(CURRENCIES, Decimal("0.01"))
    return Unit(next(meant for word, meant in _WORDS.items() if re.fullmatch(word, marks["word"], re.IGNORECASE)))
