"""Services by name: the last one, the offered one, those that a customer has had; of any other nothing is known."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import Claim, Settled
from outreach.claims.folding import fold
from outreach.claims.sheet import Sheet
from outreach.claims.vocabulary import words

_SLOTS = ("service.last_type", "offer.service", "offer.name")
_SHARES, _NEVER = "service_shares", "services_never_bought"
_THEIRS = lazy_pattern(r"\b(?:your|last|recent|latest|previous|the) (?:\w{1,12} )?$")
_WORK = (
    r"(?:cleaning|clean|aeration|removal|repairs?|installation|inspection|trimming|pruning|washing|plowing"
    r"|sealing|painting|fertili[sz]\w{1,6}|overseeding|mowing|mow|plumbing|landscaping|waxing|staining)"
)
_JOINING = r"(?:and|or|the|an?|is|are|was|were|for|to|in|on|at|with|after|before|needs?|gets?|looks?|so|that|when|from)"
_SOME_SERVICE = lazy_pattern(
    rf"\b(?:your|our|(?P<had>last|recent|latest|previous)) (?P<what>(?:(?!{_JOINING} )\w{{2,14}} ){{1,3}}{_WORK})\b"
)
_HAD = frozenset(("last", "recent", "latest", "previous"))
_STEM = 3
# Words that make no other service of one: "your weekly lawn mowing".
_ANY_KIND = words(
    """
    home house lawn yard garden weekly monthly regular usual next last first little whole big recent upcoming lovely
    great good own fresh thorough latest previous second new very professional expert friendly team's crew's
    """
)


def settle_services(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every service that a draft names, by the brand's catalogue and by what the customer has had."""
    bought, all_named = _bought(sheet), _names(sheet)
    for match in _mentions(page, all_named):
        yield _service(match, page, sheet, bought)
    if "service.last_type" in sheet.by_slot:
        had = _stems(bought | {_folded(sheet.by_slot["service.last_type"]["value"])})
        for match in _SOME_SERVICE.finditer(page):
            *kind, work = match["what"].split()
            stems = had if match["had"] or _HAD & {*kind} else _stems(all_named)
            if work[:_STEM] not in stems or not all(word in _ANY_KIND or word[:_STEM] in stems for word in kind):
                yield Settled(Claim("name", *match.span("what")), "contradicted", "service.last_type")


def _stems(names: Iterable[str]) -> set[str]:
    return {word[:_STEM] for name in names for word in name.split()}


def _service(match: re.Match[str], page: str, sheet: Sheet, bought: frozenset[str]) -> Settled:
    claim, name = Claim("name", *match.span()), _folded(match[0])
    slot = next(
        (slot for slot in _SLOTS if slot in sheet.by_slot and _folded(sheet.by_slot[slot]["value"]) == name), None
    )
    if slot:
        return Settled(claim, "equals", slot)
    if name in bought:
        return Settled(claim, "equals", source=f"/features/values/{_SHARES}")
    theirs = _THEIRS.search(page[max(0, match.start() - 24) : match.start()])
    if theirs and "service.last_type" in sheet.by_slot:
        return Settled(claim, "contradicted", "service.last_type")
    return Settled(claim, "unsupported")


def _mentions(page: str, names: frozenset[str]) -> Iterator[re.Match[str]]:
    pattern = _spelled(names)
    return pattern.finditer(page) if pattern else iter(())


@lru_cache(maxsize=64)
def _spelled(names: frozenset[str]) -> re.Pattern[str] | None:
    ordered = sorted(names, key=lambda name: (-len(name), name))
    spellings = ["[ -]".join(map(re.escape, name.split())) for name in ordered if name]
    return re.compile(rf"(?<!\w)(?:{'|'.join(spellings)})(?!\w)") if spellings else None


def _names(sheet: Sheet) -> frozenset[str]:
    known = [sheet.by_slot[slot]["value"] for slot in _SLOTS if slot in sheet.by_slot]
    never = sheet.feature(_NEVER) or []
    return frozenset(map(_folded, (*known, *sheet.services, *never))) | _bought(sheet)


def _bought(sheet: Sheet) -> frozenset[str]:
    shares = sheet.feature(_SHARES) or {}
    return frozenset(_folded(name) for name in shares if name != "others")


def _folded(name: object) -> str:
    return " ".join(fold(str(name)).text.casefold().replace("-", " ").split())
