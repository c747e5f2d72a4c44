"""How the company ranks itself: praise is an opinion, a ranking needs a source that isn't there."""

from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.sheet import Sheet

_MEASURED = lazy_pattern(
    r"\b(?:cheap|low|fast|quick|big|large|high|strong|safe|few|small|great|green|clean|long)(?:er|r|est"
    r"|st) (?:\w{1,14} ){0,2}(?:than (?!ever|you (?:think|may|might)|i(?:'ve| have| am| can)|half an? |\d|they (?:do"
    r"|are|were)|it (?:is|was|did)|before|usual)"
    r"|(?:prices?|rates?|costs?) (?:in|anywhere|around|on|of))|\bcheapest\b|\blowest\b"
    r"|\b(?<!means )(?<!mean )(?<!worth )(?:less|more) (?:expensive|affordable|costly|reliable|effective|efficient"
    r"|than (?:any|our|other|the|half (?!an)))(?: than)?\b"
    r"|\b(?<!means )(?<!mean )(?<!worth )(?:better|more) than (?:any|our competit\w+|other compan\w+|all"
    r"|the (?:competition|others|rest))\b"
    r"|\b(?:award|prize)[- ]winning\b|\bcertified\b|\blicen[sc]ed\b|\bbonded\b|\baccredited\b|\binsured\b"
    r"|\b(?:top|highest|best)[- ]rated\b|\bnumber one\b|\bno\.? one\b(?= in| for)|\bvoted\b"
    r"|\b(?:most|many|all|every one) of (?:your|the) (?:street|neighbou?rs|neighbou?rhood)\b"
    r"|\b(?:market|industry)[- ]lead(?:er|ing)\b|\bthe only (?:company|service|team|crew|one)\b"
    r"|\bunbeat(?:able|en)\b|\bno(?:body| one|ne) (?:else )?(?:beats?|does it|comes close)\b"
    r"|\b(?:twice|three times|ten times|half) (?:as|the (?:price|cost))\b|\b(?:rival|competitor)s?\b"
    r"|\b(?:thousands|hundreds|millions|dozens) of\b"
)
_PRAISE = lazy_pattern(
    r"\b(?:the|our|your) (?:very )?(?:best|finest|nicest|loveliest|greatest|easiest|smartest|happiest|prettiest"
    r"|friendliest|greenest)\b(?: (?:in town|around|there is|possible|of all))?|\bbetter than ever\b"
    r"|\bsecond to none\b|\bworld[- ]class\b|\bleading\b|\bmost (?:trusted|loved|beautiful|popular)\b"
)


def settle_comparatives(page: str, _sheet: Sheet) -> Iterator[Settled]:
    """Rankings that could be measured, unsupported; and praise, an opinion."""
    for match in _MEASURED.finditer(page):
        yield Settled(Claim("comparative", *match.span()), "unsupported")
    for match in _PRAISE.finditer(page):
        yield Settled(Claim("comparative", *match.span()), "opinion")
