"""What of a draft is about nobody: its sentences without those that say anything of the customer it was written to.

Facts are slots, which stay. A sentence goes whole if it has a figure, an amount, an address or a name, a claim that
isn't a slot, or a word that the customer wrote or that describes them; the house's own words, and those that every text
has, say nothing of anybody.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agent_platform.guardrails.redaction import redact

from outreach.brands import Brand
from outreach.claims import trace
from outreach.claims.vocabulary import words
from outreach.contracts import Fact, FeatureValue, Prepared, Request
from outreach.facts import names_in

LEFT_OUT = "(…)"
_SLOT = re.compile(r"\{\{[a-z_.]+\}\}")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_EXACT = re.compile(r"[@%#\[\]{}<>|]|\b(?:https?|www)\b")
# Currency signs, and digits of any script, also those that stand for a number in one sign.
_FIGURES = frozenset(["Sc", "Nd", "Nl", "No"])
_WORD = re.compile(r"[^\W\d_]{3,}")
_A_CREW = re.compile(r"\b(?:team|crew)\b", re.IGNORECASE)
# As much of a word as its other forms share.
_STEM = 5
_EVERYBODY_S = words("""
    about after again all also and any are back been before but can come could did does done each ever every for from
    get give glad good had has have having hear help her here hers him his how into its just keep kind know last let
    like look looking lot made make many may might more most much need never new next not nothing now off once one only
    open or other our ours out over own per please quite rather really right said same say see she should since some
    something soon still such sure take tell than thank thanks that the their them then there these they thing things
    think this those through time too two under until upon use used very want was way welcome well were what when
    where whether which while who whose why will with without work would year years yes yet you your yours
    als auch auf aus bei bin bis das dass dem den der des die dir doch ein eine einem einen einer eines für gern haben
    hat ich ihm ihn ihnen ihr ihre ihrem ihren ihrer immer ist kann können mehr mein mit nach nicht noch nur oder schon
    sehr sein sich sie sind über und uns unser unsere unserem unseren vom von vor war waren was weil wenn wie wir wird
    al algo con como cuando del desde donde ella ellos era ese esta este está están hay las los más muy nos nosotros
    nuestra nuestro para pero por porque que qué ser sin sobre son sus también tiene todo una uno usted ustedes
    aux avec avez avons car ces cette chez comme dans des elle est été être fait ils jamais leur leurs les lui mais mes
    même moi mon nos notre nous par pas plus pour quand que qui sans ses son sont sur tous tout très une vos votre vous
""")  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """Who a draft was written to: their names, the words that only they would make one write, and their facts."""

    names: Sequence[str]
    stems: frozenset[str]
    facts: Sequence[Fact]
    locale: str


def subject_of(
    request: Request, prepared: Prepared, features: dict[str, FeatureValue], comment: str | None, *, brand: Brand
) -> Subject:
    """The customer of a run, as far as their draft might speak of them."""
    identity = prepared["identity"]
    crews = [line["crew"] for line in prepared["history"] if line["crew"]]
    called = [*names_in(identity), *(str(fact["value"]) for fact in identity["facts"]), *crews]
    # Parts of a name count as the name, and these are parts of many a crew's.
    names = [_A_CREW.sub(" ", name) for name in called]
    told = [comment, prepared["comment"], *(line["comment"] for line in prepared["history"])]
    described = [feature["value"] for name, feature in features.items() if name.startswith("property_")]
    reached = [identity["email"], identity["customer_id"], *(identity["address"] or {}).values()]
    ours = _stems([brand.voice.tone, *brand.voice.examples, *brand.services, *(offer.name for offer in brand.offers)])
    return Subject(
        names=names,
        stems=(_stems([told, described]) - ours | _stems([names, reached, prepared["property"]]))
        - _stems(_EVERYBODY_S),
        facts=[*request["facts"], *identity["facts"]],
        locale=request["locale"],
    )


def about_nobody(text: str, subject: Subject) -> str:
    """The text without the sentences that say anything of its subject; where one was, a sign for that."""
    lines = [_clean_line(line, subject) for line in text.splitlines()]
    return "\n".join(lines)


def says_something(text: str) -> bool:
    """Whether enough is left to learn from: a dozen words of prose beside slots and what was left out."""
    return len(_WORD.findall(_SLOT.sub(" ", text))) >= 12


def _clean_line(line: str, subject: Subject) -> str:
    kept: list[str] = []
    for sentence in _SENTENCE.split(line.strip()):
        if _is_about_nobody(sentence, subject):
            kept.append(sentence)
        elif kept[-1:] != [LEFT_OUT]:
            kept.append(LEFT_OUT)
    return " ".join(kept)


def _is_about_nobody(sentence: str, subject: Subject) -> bool:
    prose = unicodedata.normalize("NFKC", _SLOT.sub(" ", sentence))
    if _EXACT.search(prose) or any(unicodedata.category(each) in _FIGURES for each in prose):
        return False
    if redact(prose, names=subject.names) != prose or not subject.stems.isdisjoint(_stems(prose)):
        return False
    return _has_slots_only(sentence, subject)


def _has_slots_only(sentence: str, subject: Subject) -> bool:
    """Whether tracing finds no claim but slots, such as a number that is written as a word."""
    traced = trace({"subject": "", "body": sentence, "call_to_action": ""}, facts=subject.facts, locale=subject.locale)
    claims = [each for each in traced.findings if each["where"] == "body" and each["kind"] != "structure"]
    return traced.body == sentence and all(each["result"] == "slot" for each in claims)


def _stems(value: Any) -> frozenset[str]:
    """The beginnings of all words of three letters or more in texts, however they are nested."""
    if isinstance(value, str):
        folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", value).casefold())
        plain = "".join(mark for mark in folded if not unicodedata.combining(mark))
        return frozenset(word[:_STEM] for word in _WORD.findall(plain))
    inside: Iterable[Any] = value.values() if isinstance(value, dict) else value if _holds(value) else ()
    return frozenset().union(*map(_stems, inside))


def _holds(value: Any) -> bool:
    return isinstance(value, (list, tuple, set, frozenset))
