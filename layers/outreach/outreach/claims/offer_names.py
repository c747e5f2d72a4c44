"""Names of offers, plans and clubs: the offer has one name, and the draft's words in capitals are it or another's."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.comparing import folded_words
from outreach.claims.sheet import Sheet
from outreach.claims.vocabulary import words

_KIND = (
    r"(?:Bonus|Special|Specials|Club|Plan|Program|Programme|Offer|Deal|Discount|Rewards?|Promotion|Promo|Sale|Package"
    r"|Bundle|Pass"
    r"|Perks?|Membership|Scheme|Savings|Giveaway|Voucher|Challenge|Circle|Drive|Days?|Week|Event|Credits?|Treat|Saver"
    r"|Season|Festival|Friday|Bash|Card|Advantage|Guarantee|Subscription|Initiative|Campaign)"
)
_A_KIND = lazy_pattern(rf" {_KIND}(?![A-Za-z'-])")
_WORD = r"[A-Z][A-Za-z'&-]{0,18}"
_NAMED = lazy_pattern(rf"(?<![A-Za-z])(?:{_WORD} ){{1,4}}{_KIND}(?: {_KIND})?(?![A-Za-z'-])")
# What makes a name even of a line in which every word has a capital.
_TIER = (
    r"(?:Spring|Summer|Fall|Autumn|Winter|Holiday|Christmas|Easter|Halloween|Thanksgiving|Black|Cyber|Memorial|Labor"
    r"|Gold|Golden|Silver"
    r"|Platinum|Diamond|Bronze|Premium|Elite|Deluxe|VIP|Loyalty|Signature|Ultimate|Super|Mega|Neighbor|Neighbour"
    r"|Friends?|Family|Early|Care|Green|Evergreen|Preferred|Insider|Royal|Plus|Annual|Anniversary)"
)
_TIERED = lazy_pattern(rf"(?<![A-Za-z])(?:The )?{_TIER}(?: {_WORD}){{0,2}} {_KIND}(?![A-Za-z'-])")
_DETERMINERS = words("The A An Your Our My This That Their Its And For With In On To Of Or But If When As It Is")
# Days that everybody knows.
_NO_OFFERS = words("Day Days Week Friday Season Event Drive Card")
_HOLIDAYS = words(
    """
    Mother's Father's Valentine's Earth Arbor Memorial Labor Boxing Independence New Year's Thanksgiving Christmas
    Good Veterans
    """
)
_ENGLISH_ONLY = "en"
_LONGEST_LINE = 160
_PLAIN = lazy_pattern(r"[A-Za-z']{4,}")


def settle_offer_names(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every name of an offer, held against the offer's, the company's and the services' names."""
    if sheet.convention.language != _ENGLISH_ONLY:
        return
    matches = list(_NAMED.finditer(page)) if _A_KIND.search(page) else []
    values = [*(fact["value"] for fact in sheet.of_kind("name")), *sheet.services] if matches else []
    known = [folded_words(value) for value in values]
    for match in matches:
        start, said = _without_determiners(match)
        if len(said) > 1 and not _is_ordinary(page, match, said) and not any(_has(name, said) for name in known):
            slot = "offer.name" if "offer.name" in sheet.by_slot else None
            yield Settled(Claim("name", start, match.end()), "contradicted" if slot else "unsupported", slot)


def _without_determiners(match: re.Match[str]) -> tuple[int, list[str]]:
    said, start = match[0].split(" "), match.start()
    while said and said[0] in _DETERMINERS:
        start += len(said.pop(0)) + 1
    return start, said


def _is_ordinary(page: str, match: re.Match[str], said: list[str]) -> bool:
    """Whether it is a holiday, or nothing more than a title's capitals."""
    if said[-1] in _NO_OFFERS and ((len(said) == 2 and said[0] in _HOLIDAYS | {"Bank"}) or said[-2] in _HOLIDAYS):
        return True
    line_start = page.rfind("\n", 0, match.start()) + 1
    line = page[line_start : line_start + _LONGEST_LINE].split("\n", maxsplit=1)[0]
    others = _PLAIN.findall(line.replace(match[0], " ", 1))
    is_title = not line.rstrip().endswith(".") and not any(word[0].islower() for word in others)
    return is_title and not (_TIERED.match(page, match.start()) and not line.startswith(("Your ", "Our ", "A ", "An ")))


def _has(name: list[str], said: list[str]) -> bool:
    """Whether a known name says it, or begins or ends so."""
    folded = [word.casefold().strip("'&-") for word in said]
    return name == folded or name[: len(folded)] == folded or name[-len(folded) :] == folded
