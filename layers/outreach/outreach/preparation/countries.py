"""What a country tells of its people's writing: the order of a date, the decimal mark, the currency."""

import re

# ISO 3166-1 alpha-2.
CODES = frozenset(
    re.findall(
        r"\w+",
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT "
        "BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH "
        "ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT "
        "HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
        "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI "
        "NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG "
        "SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG "
        "UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW",
    )
)
# As CRMs spell the countries this is used in; any other country is given by its code.
_SPELLINGS = {
    "USA": "US", "UNITED STATES": "US", "UNITED STATES OF AMERICA": "US", "ESTADOS UNIDOS": "US",
    "UK": "GB", "GBR": "GB", "UNITED KINGDOM": "GB", "GREAT BRITAIN": "GB", "ENGLAND": "GB", "SCOTLAND": "GB",
    "WALES": "GB", "CAN": "CA", "CANADA": "CA", "MEX": "MX", "MEXICO": "MX", "MÉXICO": "MX", "ESP": "ES",
    "SPAIN": "ES", "ESPAÑA": "ES", "DEU": "DE", "GERMANY": "DE", "DEUTSCHLAND": "DE", "FRA": "FR", "FRANCE": "FR",
    "IRL": "IE", "IRELAND": "IE", "AUS": "AU", "AUSTRALIA": "AU", "NZL": "NZ", "NEW ZEALAND": "NZ",
}  # fmt: skip

_MONTH_FIRST = frozenset(re.findall(r"\w+", "US AS GU MP PR UM VI FM MH PW"))
# Both orders are in everyday use there, so a country alone decides nothing.
_EITHER_ORDER = frozenset(["CA", "PH", "KE", "GH", "PA"])
# Regions in which a language that usually has the decimal comma is written with the point.
_POINT = frozenset(re.findall(r"\w+", "CH LI MX US PR DO GT HN NI PA PE SV CU GB IE AU NZ"))
_COMMA_LANGUAGES = frozenset(
    re.findall(r"\w+", "de es fr it pt nl da sv nb nn no fi pl cs sk hu ro bg hr sl sr el ru uk tr id ca")
)
_COMMA = frozenset(
    re.findall(r"\w+", "AT BE BR BG CO CL AR CZ DE DK EE ES FI FR GR HR HU IS IT LT LU LV NL NO PL PT RO SE SI SK")
)

_EURO = dict.fromkeys(re.findall(r"\w+", "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"), "EUR")
CURRENCIES = _EURO | {
    "US": "USD", "PR": "USD", "GU": "USD", "VI": "USD", "AS": "USD", "MP": "USD", "CA": "CAD", "MX": "MXN",
    "GB": "GBP", "AU": "AUD", "NZ": "NZD", "CH": "CHF", "JP": "JPY", "SE": "SEK", "NO": "NOK", "DK": "DKK",
    "IS": "ISK", "PL": "PLN", "CZ": "CZK", "HU": "HUF", "RO": "RON", "BR": "BRL", "IN": "INR", "KW": "KWD",
    "BH": "BHD", "AE": "AED", "SA": "SAR", "SG": "SGD", "HK": "HKD", "ZA": "ZAR", "KR": "KRW", "CN": "CNY",
    "IL": "ILS", "PH": "PHP", "CL": "CLP", "CO": "COP", "AR": "ARS",
}  # fmt: skip


def country_code(text: str) -> str | None:
    """The ISO 3166 code of a country given by its code or a usual name."""
    spelled = re.sub(r"\s+", " ", text.replace(".", "")).strip().upper()
    code = _SPELLINGS.get(spelled, spelled)
    return code if code in CODES else None


def month_comes_first(region: str | None) -> bool | None:
    """Whether 3/4 is the fourth of March there; None if that isn't known."""
    if region is None or region in _EITHER_ORDER:
        return None
    return region in _MONTH_FIRST


def has_decimal_comma(language: str | None, region: str | None) -> bool:
    """Whether one and a half is written 1,5."""
    if region in _COMMA:
        return True
    return language in _COMMA_LANGUAGES and region not in _POINT
