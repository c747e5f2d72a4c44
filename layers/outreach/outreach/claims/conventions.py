"""How a locale writes numbers and dates."""

from dataclasses import dataclass
from functools import lru_cache

from outreach.claims.folding import fold

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
_WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
}
_POINT_IS_DECIMAL = frozenset(("en", "zh", "ja", "ko", "th", "he", "hi"))
_POINT_IS_DECIMAL_IN = frozenset(("MX", "CH", "LI", "PR", "DO", "GT", "HN", "NI", "PA", "SV"))
_SPACE_GROUPS = frozenset(("fr", "pl", "cs", "sk", "sv", "nb", "nn", "no", "fi", "ru", "uk", "hu", "bg"))
_MONTH_FIRST = frozenset(("US", "PH", "CA"))


@dataclass(frozen=True, slots=True)
class Convention:
    """What a locale's separators, order and words of dates mean; all words are folded and lower case."""

    language: str
    decimal: str
    space_groups: bool
    month_first: bool
    months: dict[str, int]
    weekdays: dict[str, int]


@lru_cache(maxsize=64)
def convention(locale: str) -> Convention:
    """The convention of a BCP 47 locale; English words of dates are read in all of them."""
    language, _, rest = locale.replace("_", "-").partition("-")
    language, region = language.lower(), rest.rpartition("-")[2].upper()
    point = language in _POINT_IS_DECIMAL or region in _POINT_IS_DECIMAL_IN
    return Convention(
        language=language,
        decimal="." if point else ",",
        space_groups=language in _SPACE_GROUPS,
        month_first=language == "en" and region in _MONTH_FIRST | {""},
        months=_abbreviated(_MONTHS["en"]) | _abbreviated(_MONTHS.get(language, "")),
        weekdays=_abbreviated(_WEEKDAYS["en"]) | _abbreviated(_WEEKDAYS.get(language, "")),
    )


def _abbreviated(names: str) -> dict[str, int]:
    folded = fold(names).text.lower().split()
    words = {name: number for number, name in enumerate(folded)}
    for length in (3, 4):
        prefixes = [name[:length] for name in folded]
        words |= {prefix: number for number, prefix in enumerate(prefixes) if prefixes.count(prefix) == 1}
    return words
