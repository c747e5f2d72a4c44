"""Who a draft speaks to."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Claim
from outreach.claims.comparing import folded_words
from outreach.claims.names import names_between, names_nobody, words_of
from outreach.claims.sheet import Sheet
from outreach.claims.signatures import SIGNERS
from outreach.claims.vocabulary import words

_READER = frozenset(("customer.first_name",))
_MAY_FOLLOW_A_GREETING = frozenset(("customer.first_name", "customer.city", "company.name"))
_GREETING = (
    r"(?:dear|hi|hiya|hello|hey|howdy|greetings|good (?:morning|afternoon|evening|day)|welcome back|thanks|thank you"
    r"|congratulations|congrats|hallo|liebe[rs]?|sehr geehrte[rs]?|guten (?:tag|morgen|abend)|hola|estimad[oa]s?"
    r"|querid[oa]s?|buen[oa]s (?:dias|tardes|noches)|bonjour|bonsoir|chere?|salut|ciao|gentile|buongiorno|prezad[oa]"
    r"|ola|beste|geachte)"
)
# At the start of a line or of a sentence.
_OPENS = r"(?:^[ \t>*\"']{0,4}|(?<=[.!?] ))"
_GREETED = lazy_pattern(
    rf"{_OPENS}{_GREETING}\b(?P<comma>,?)[ \t]{{1,3}}(?P<who>[^,.!?:;()\n]{{1,60}})",
    re.IGNORECASE | re.MULTILINE,
)
_GREETED_SLOT = lazy_pattern(
    rf"{_OPENS}{_GREETING}\b,?[ \t]{{1,3}}(?P<braces>\{{\{{ ?(?P<slot>[a-z_.]{{1,80}}) ?\}}\}})",
    re.IGNORECASE | re.MULTILINE,
)
# "Danke, {{customer.first_name}}" calls by name already, and "Mow, edge, relax" is a list.
_SUBJECT_OPENS = lazy_pattern(rf"\s{{0,4}}(?P<who>[^\W\d_][\w'-]{{1,30}}),(?! {MASK}| [\w-]{{1,30}}(?:,| and ))")
_SUBJECT_ENDS = lazy_pattern(r"^(?P<said>.{0,200}[\w!?]), (?P<who>[^\W\d_][\w'-]{1,30})\s?[.!?]?\s{0,4}$")
_CALLED = lazy_pattern(r"\s{0,4}(?P<who>[A-Z][\w'-]{1,20}(?: [A-Z][\w'-]{1,20}){0,2})[,!:][ \t]{0,4}(?=\n|$)")
_NO_NAME_TO_CALL = words(
    "morning afternoon evening day greetings hallo guten tag hola bonjour liebe lieber howdy salut ciao"
)
_NO_NAMES_IN_SUBJECTS = words(
    """
    danke gracias merci grazie obrigado obrigada finally now today tomorrow tonight yes no well so first ready psst oh
    wow great new news update reminder share welcome please just still also next soon guess remember hooray referral
    refer
    """
)


def read_misaddressed(page: str, sheet: Sheet) -> Iterator[Claim]:
    """A slot in the greeting that is another's name: a crew or a sender isn't who reads."""
    for match in _GREETED_SLOT.finditer(page):
        fact = sheet.by_slot.get(match["slot"])
        if fact and fact["kind"] in ("name", "text") and fact["slot"] not in _MAY_FOLLOW_A_GREETING:
            yield Claim("name", match.start("braces"), match.end("braces"), str(fact["value"]), _READER)


def read_greeting(page: str, sheet: Sheet) -> Iterator[Claim]:
    """Names after a greeting: the reader's, after "from" the sender's."""
    for match in _GREETED.finditer(page):
        who, start = match["who"].split(" -")[0], match.start("who")
        words = words_of(who)
        if match["comma"] and not (len(words) <= 2 and all(word[0][0].isupper() for word in words)):
            continue
        if len(words) == 1 and who.strip() == words[0][0] and not names_nobody(words[0][0]):
            yield Claim("name", start + words[0].start(), start + words[0].end(), words[0][0], _READER)
            continue
        spoken_to = _until_the_sentence(who)
        addressee, sign, _ = who[:spoken_to].partition("from ")
        yield from names_between(page, sheet, start, start + len(addressee), _READER)
        yield from names_between(page, sheet, start + len(addressee + sign), start + spoken_to, SIGNERS)


def read_called(page: str, sheet: Sheet) -> Iterator[Claim]:
    """A name alone on the first line: "Dana," calls whoever reads."""
    match = _CALLED.match(page)
    if match and not any(_NO_NAME_TO_CALL & {word[0].casefold()} for word in words_of(match["who"])):
        yield from names_between(page, sheet, match.start("who"), match.end("who"), _READER)


def read_subject_address(page: str, sheet: Sheet) -> Iterator[Claim]:
    """A name that a subject begins or ends with: "Dana, your lawn", "A thank-you, Dana"."""
    if opened := _SUBJECT_OPENS.match(page):
        word = opened["who"]
        if word[0].isupper() and not word.endswith("ly") and _may_be_a_name(word) and not _is_a_thing(word, sheet):
            yield from names_between(page, sheet, opened.start("who"), opened.end("who"), _READER)
    ended = _SUBJECT_ENDS.match(page)
    # In A Subject Like This a capital says nothing.
    if ended and all(word[0].islower() for word in words_of(ended["said"])[1:]) and _may_be_a_name(ended["who"]):
        yield from names_between(page, sheet, ended.start("who"), ended.end("who"), _READER)


def _until_the_sentence(who: str) -> int:
    """Where the addressee ends and the sentence begins: at the first small word that isn't part of an address."""
    return next(
        (word.start() for word in words_of(who) if word[0][0].islower() and not names_nobody(word[0])), len(who)
    )


def _may_be_a_name(word: str) -> bool:
    return not names_nobody(word) and word.casefold() not in _NO_NAMES_IN_SUBJECTS


def _is_a_thing(word: str, sheet: Sheet) -> bool:
    """Whether it is a day, or of what the company works on: "Carpets, considered"."""
    if word.casefold() in sheet.convention.weekdays:
        return True
    slots = ("offer.service", "offer.name", "service.last_type")
    known = [str(sheet.by_slot[slot]["value"]) for slot in slots if slot in sheet.by_slot]
    named = {each.removesuffix("s") for text in (*known, *sheet.services) for each in folded_words(text)}
    return word.casefold().removesuffix("s") in named
