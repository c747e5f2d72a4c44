"""Personal data in the forms of tests/corpora/guards, with digits by a seed and check digits that are right."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

CORPORA = Path(__file__).parents[1] / "corpora" / "guards"
_MARKED = re.compile("«(.+)»")
_PREFIXES = {"visa": "4", "mastercard": "51", "amex": "37", "discover": "6011", "maestro": "6759"}
_GROUPS = {15: (4, 6, 5), 16: (4, 4, 4, 4)}
_BANK = {
    "DE": "#" * 18, "GB": "NWBK" + "#" * 14, "FR": "#" * 23, "ES": "#" * 20, "NL": "ABNA" + "#" * 10, "AT": "#" * 16,
    "CH": "#" * 17, "IT": "X" + "#" * 22, "BE": "#" * 12, "IE": "AIBK" + "#" * 14, "MT": "MALT" + "#" * 23,
}  # fmt: skip


class Written(NamedTuple):
    """A text that somebody wrote: the kind of data in it, the form it is in, and the data themselves."""

    kind: str
    form: str
    data: str
    text: str


def corpus(name: str) -> Any:
    """One of the fixed corpora."""
    return json.loads((CORPORA / f"{name}.json").read_text(encoding="utf-8"))


def written(seed: int) -> Iterator[Written]:
    """Each form of each kind once, within a customer's words."""
    draws, personal = random.Random(seed), corpus("personal_data")
    for kind, forms in personal["kinds"].items():
        for place, form in enumerate(forms):
            made = _made(kind, form, draws)
            marked = _MARKED.search(made)
            said = personal["carriers"][place % len(personal["carriers"])].format(made)
            yield Written(kind, form, marked[1] if marked else made, re.sub("[«»]", "", said))


def remains(each: Written, redacted: str) -> bool:
    """Whether a word of the data is still to be read: letters of three or more, or two digits."""
    told = set(re.findall(r"[^\W\d_]{3,}|\d{2,}", re.sub(r"\[[a-z]+(?: \d)?\]", " ", redacted).casefold()))
    carrier = set(re.findall(r"[^\W\d_]{3,}", each.text.replace(each.data, " ").casefold()))
    return bool(told & set(re.findall(r"[^\W\d_]{3,}|\d{2,}", each.data.casefold())) - carrier)


def _made(kind: str, form: str, draws: random.Random) -> str:
    if kind == "[card]":
        return _card(*form.split(), draws=draws)
    if kind == "[iban]":
        return _iban(*form.split(), draws=draws)
    return _filled(form, draws)


def _filled(form: str, draws: random.Random) -> str:
    return re.sub("#", lambda _: str(draws.randrange(1, 10)), form)


def _card(brand: str, length: str, style: str = "", *, draws: random.Random) -> str:
    digits = [int(digit) for digit in _PREFIXES[brand]]
    digits += [draws.randrange(10) for _ in range(int(length) - len(digits) - 1)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[::-1][::2]]
    number = "".join(map(str, digits)) + str(-(sum(doubled) + sum(digits[::-1][1::2])) % 10)
    between = {"spaced": " ", "hyphens": "-", "dots": ".", "double": "  "}.get(style)
    if between is None:
        return number
    ends = [sum(_GROUPS[len(number)][: place + 1]) for place in range(len(_GROUPS[len(number)]))]
    return between.join(number[start:end] for start, end in zip([0, *ends], ends, strict=False))


def _iban(country: str, style: str = "", *, draws: random.Random) -> str:
    account = _filled(_BANK[country], draws)
    number = "".join(str(int(character, 36)) for character in f"{account}{country}00")
    whole = f"{country}{98 - int(number) % 97:02}{account}"
    if style == "lower":
        return whole.lower()
    between = {"spaced": " ", "hyphens": "-"}.get(style, "")
    return between.join(whole[start : start + 4] for start in range(0, len(whole), 4))
