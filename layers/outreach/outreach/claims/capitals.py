"""Names and places that are no fact: inside an English sentence a capital names somebody or something."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.sheet import Sheet
from outreach.claims.vocabulary import words

_NAME = r"[A-Z][A-Za-z]{1,24}(?:[-'][A-Za-z]{1,24}){0,3}(?![A-Za-z0-9])"
_CAPITAL = lazy_pattern(rf"(?:(?<=[a-z0-9;] )|(?<=[a-z0-9], )){_NAME}(?: {_NAME}){{0,3}}")
_AT_WORK = lazy_pattern(
    r"(?:^|(?<=[.!?\n] )|(?<=\n))(?P<who>[A-Z][a-z]{1,20})(?='s (?:crew|team)\b| and (?:the|his|her"
    r"|their) (?:crew|team)\b| (?:has |have )?(?:just )?"
    r"(?:finished|told|said|says|mowed|cleaned|cleared|serviced|treated|mentioned|came (?:by|over|to)|stopped by"
    r"|visited|thought|waved|sends)\b)",
    re.MULTILINE,
)
_OPENS = lazy_pattern(r"(?:^|(?<=[.!?] ))(?P<who>[A-Z][a-z]{2,20})(?=[ ',])", re.MULTILINE)
# At the beginning of a sentence every word has a capital: only names that are no words say who is meant.
_GIVEN_NAMES = words(
    """
    Aaron Adam Alan Albert Alex Alice Alicia Amanda Amy Andrea Andrew Angela Anna Anne Anthony Antonio Ashley Barbara
    Ben Benjamin Beth Betty Bob Brandon Brenda Brian Bruce Carl Carla Carlos Carol Caroline Catherine Charles Charlotte
    Chloe Chris Christina Christine Cindy Claire Colin Craig Cynthia Dan Daniel David Deborah Dennis Derek Diana Diego
    Donald Donna Dorothy Doug Dylan Ed Eddie Edward Elena Elizabeth Ella Emily Emma Eric Erin Ethan Eva Evan Felix
    Fiona Frances Fred Gabriel Gareth Gary George Gloria Greg Hannah Harry Harold Heather Helen Henry Howard Ian
    Isabella Jacob James Jamie Jane Janet Jason Javier Jeff Jennifer Jenny Jeremy Jerry Jessica Jim Joan Joe Joel John
    Jonathan Jorge Jose Joseph Josh Joshua Juan Judith Judy Julia Julie Justin Karen Kate Kathleen Katie Keith Kelly
    Ken Kenneth Kevin Kim Kyle Larry Laura Lauren Leo Liam Linda Lisa Logan Louis Lucas Lucy Luis Luke Marcus Margaret
    Maria Marie Marilyn Mario Martha Martin Mary Matt Matthew Megan Melissa Mia Michael Michelle Miguel Mike Monica
    Nancy Nathan Nicholas Nicole Nigel Noah Nora Oliver Olivia Oscar Owen Pamela Patricia Patrick Paul Pedro Peter
    Phil Philip Rachel Ralph Ramon Raymond Rebecca Richard Robert Roberto Roger Ron Ronald Roy Russell Ruth Ryan Sam
    Samantha Samuel Sandra Sara Sarah Scott Sean Sharon Shirley Simon Sofia Sophia Sophie Stephanie Stephen Steve
    Steven Stuart Susan Ted Teresa Terry Theresa Thomas Tim Timothy Tina Todd Tom Tony Trevor Tyler Vanessa Veronica
    Victor Victoria Vincent Virginia Walter Wayne Wendy William Zach Zoe
    """
)
_ENGLISH = lazy_pattern(r"\b(?:a|the|you|your|and|for|from|our|we|i|it|to|is|of|with|us|in|at|on)\b", re.IGNORECASE)
# Of English words at least one in six is one of these.
_SOME, _LONGEST_LOOK = 6, 4_000
_WORD = lazy_pattern(r"[^\W\d_]+")
_LONGEST_TITLE = 120
_IN = lazy_pattern(r"\b(?:in|near|around|across|throughout|outside|over in|all over|downtown) $")
_NO_NAMES = words(
    """
    I January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug
    Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thur Thurs Fri
    Sat Sun Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays Spring Summer Fall Autumn Winter Christmas
    Easter Thanksgiving Halloween Hanukkah Diwali Eid Ramadan Passover Labor Memorial Independence Mother Mother's
    Father Father's Valentine's Day New Year Year's Eve Boxing Bank Holiday Good Morning English British American
    Internet God Earth P.S PS Ps Hi Hello Hey Dear Thanks Thank Best Regards Warmly Sincerely Cheers Yours
    """
)
_NOBODY_AT_WORK = words(
    """
    We You They He She It Who Someone Somebody Everyone Everybody Nobody Anyone People Customers Neighbors Neighbours
    Friends Neighbor Neighbour Friend Crews Crew Team Others Another Both One All Many Most Some Each That This Which
    Then There What Your Our My The A An If When As Here So And But Or In On At For With To Happy Merry
    """
)


def settle_capitals(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Whoever and wherever a capital inside a sentence names, and who is at work at the beginning of one."""
    if sheet.convention.language != "en":
        return
    strangers = list(_strangers(page, sheet))
    if strangers and _is_english(page[:_LONGEST_LOOK]):
        yield from strangers


def _strangers(page: str, sheet: Sheet) -> Iterator[Settled]:
    known = _known_words(sheet)
    for match in _CAPITAL.finditer(page):
        if (
            set(re.split(r"[ -]", match[0])) & (_NO_NAMES | _NOBODY_AT_WORK | known)
            or _is_title(page, match)
            or match[0].isupper()
        ):
            continue
        is_place = _IN.search(page[max(0, match.start() - 14) : match.start()]) is not None
        yield _stranger("place" if is_place else "name", *match.span(), sheet)
    for match in _AT_WORK.finditer(page):
        if match["who"] not in _NOBODY_AT_WORK | _NO_NAMES | known:
            yield _stranger("name", *match.span("who"), sheet)
    for match in _OPENS.finditer(page):
        if match["who"] in _GIVEN_NAMES - known:
            yield _stranger("name", *match.span("who"), sheet)


def _is_english(page: str) -> bool:
    """Whether it reads like English, whatever the locale says: in other languages a capital may be any noun's."""
    return len(_ENGLISH.findall(page)) * _SOME >= len(_WORD.findall(page))


def _is_title(page: str, match: re.Match[str]) -> bool:
    """Whether the line has More Capitals Than Not, so that they say nothing."""
    line = page[page.rfind("\n", 0, match.start()) + 1 :][:_LONGEST_TITLE].split("\n", maxsplit=1)[0]
    spoken: list[str] = [word for word in _WORD.findall(line) if len(word) > 1]
    return sum(word[0].isupper() for word in spoken) > len(spoken) / 2


def _stranger(kind: str, start: int, end: int, sheet: Sheet) -> Settled:
    slot = "customer.city" if kind == "place" else "service.crew"
    if slot in sheet.by_slot:
        return Settled(Claim(kind, start, end), "contradicted", slot)
    return Settled(Claim(kind, start, end), "unsupported")


def _known_words(sheet: Sheet) -> frozenset[str]:
    """The words of all names that are known, as they may stand alone: "your GreenEdge team"."""
    named = [str(fact["value"]) for fact in sheet.of_kind("name")]
    spelled = [word for name in (*named, *sheet.services) for word in re.split(r"[^\w']+", name)]
    return frozenset((*spelled, *map(str.capitalize, spelled)))
