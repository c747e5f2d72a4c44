"""Who may have the offer and on what terms: a draft may say it only as the brand does."""

from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Claim, Settled
from outreach.claims.numerals import NUMBER_WORDS
from outreach.claims.sheet import Sheet
from outreach.claims.terms import against_conditions

_REST = rf"[^.!?;,:\n{MASK}]{{0,60}}"
_CONDITION = lazy_pattern(
    r"\b(?:no|without|zero|free of) (?:any |further |other |added |hidden |extra |long-term "
    r"|minimum )?(?:purchase|obligation|commitment|contract|strings|fees?|charges?|costs?|minimum|spend|deposit"
    r"|membership|sign-?up|subscription|credit card|card|limits?(?! to (?:how much we|our|what we))|restrictions?"
    r"|conditions?|exclusions?|expiry"
    r"|expiration)\b(?: (?:is |are )?(?:needed|required|necessary|attached|apply|applies|whatsoever|at all))?"
    rf"|\b(?<!know us )(?:only|just|exclusively) (?:for|available|valid|open|if you are|applies|apply){_REST}"
    r"|\b(?:new|existing|first-time|returning|loyal) (?:customers?|clients?|homeowners?) only\b"
    rf"|\b(?:as long as|so long as|provided(?: that)?(?! it's what)|on (?:the )?condition|subject to"
    rf"|in case you (?:aren't|are not|don't|cancel|move|refer|book|order|sign)|unless(?! you(?:'d| would)? (?:like"
    rf"|want|prefer|rather)"
    rf"| i\b|'| it\b)){_REST}"
    r"|\b(?:valid|good|redeemable|eligible|available|applies|apply) (?:only|for|with|to(?! you\b| book\b)|on|in"
    rf"|towards?|if)\b{_REST}"
    rf"|\b(?:you |they |who )?(?:qualif(?:y|ies)|(?:is|are) eligible|(?:is|are) entitled)\b{_REST}"
    r"|\b(?:one|limit(?:ed to)?|at most|a maximum of|up to) (?:one |two |three )?(?:per|for each"
    rf"|for every)\b{_REST}"
    rf"|\bone \w{{1,12}} (?:per|for each) (?:household|home|customer|family|address|person|friend)\b"
    rf"|\b(?:minimum (?:order|spend|purchase|booking))\b{_REST}"
    rf"|\b(?:when|if) you (?:spend|prepay|pay|sign|commit|buy|purchase|order)\b{_REST}"
    r"|\b(?:can(?:'t|not|not be| be| not be)?|may(?: not)?) (?:be )?(?:combined?|stacked?|redeemed|exchanged"
    rf"|used with)\b{_REST}"
    r"|\b(?:after|before|once|upon|until|prior to|ahead of|in advance of|following|without waiting for) (?:the|your"
    rf"|their|his|her|a)(?: {{0,1}}(?:friend"
    r"|neighbou?r)(?:'s)?)? (?:first|second|third|next|completed|paid)\b"
    rf"(?! (?:frost|snow|leaf|leaves|rain|light|cut|of|time|day|week|half|cup)){_REST}"
    r"|\b(?:terms|conditions|restrictions|exclusions) (?:and conditions )?apply\b"
    r"|\b(?:as (?:often|many(?: \w{1,12})?) as you (?:like|want|wish|can|please)|no (?:cap|ceiling|maximum|upper limit)"
    r"|without (?:a |any )?(?:cap|limit)|unlimited|any number of \w{1,12})\b"
    rf"|\b(?:up to|a maximum of|at most|no more than) {NUMBER_WORDS} (?:friends?|neighbou?rs?|people|referrals?|times"
    rf"|households?|rooms?|floors?|windows?|acres?|storeys|stories|lawns?)\b|\bthe more (?:friends|neighbou?rs"
    rf"|people|you)\b[^.!?\n{MASK}]{{0,40}}\bthe more\b{_REST}"
    r"|\bfor (?:lawns|houses|homes|gardens|rooms|yards|properties|households|families) (?:up to|of up to|under"
    rf"|over)\b{_REST}"
)
# "Good for your lawn" praises, and a service that is good with pets is no term of an offer.
_PRAISE = lazy_pattern(r"good (?:for|with|in|to|on)\b")
# "As long as you book by {{offer.valid_until}}" says when, and is read by its slot.
_BY = lazy_pattern(r"long as you \w{2,12}(?: \w{2,12})? (?:by|before) $")
# What is denied before a term is the term's: "no credits are applied after …".
_DENIED = lazy_pattern(r"\b(?:no|not|never|neither|none|nothing|nobody|cannot|no longer|hardly)\b|n't\b")
_CLAUSE_ENDS = lazy_pattern(r"[.!?;,:\n]| (?:but|and|so) ")
_WINDOW = 80


def settle_conditions(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every term of the offer that a draft names, held against the offer's conditions."""
    for match in _CONDITION.finditer(page):
        if not _PRAISE.match(match[0]) and not (_BY.search(match[0]) and page.startswith(MASK, match.end())):
            said = match[0].rstrip()
            claim = Claim("condition", match.start(), match.start() + len(said))
            clause = _CLAUSE_ENDS.split(page[max(0, match.start() - _WINDOW) : match.start()])[-1]
            yield against_conditions(claim, f"not {said}" if _DENIED.search(clause) else said, sheet)
