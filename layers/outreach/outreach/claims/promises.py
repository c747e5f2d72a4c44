"""Guarantees, gifts and undertakings: a draft may make only those that the offer's conditions make."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Claim, Settled
from outreach.claims.sheet import Sheet
from outreach.claims.terms import against_conditions
from outreach.claims.vocabulary import words

_REST = rf"[^.!?;,:\n{MASK}]{{0,40}}"
_BENEFIT = (
    r"(?:discounts?|credits?|bonus(?:es)?|rewards?|gifts?|savings?|visits?|services?|cleans?|cleanings?|mows?|mowings?"
    r"|months?|weeks?|treatments?|upgrades?|add-?ons?|trials?|quotes?|estimates?|consultations?|inspections?|checks?"
    r"|installations?|repairs?|deliver(?:y|ies)|aerations?|removals?|samples?|vouchers?|seasons?|rooms?|windows?)"
)
# "I promise I won't take it personally" binds nobody.
_NO_OFFENCE = (
    r"(?!,? (?:that )?(?:i|we|it)(?:'ll| will| won't| will not) (?:not )?(?:take it personally"
    r"|be (?:offended|brief|quick|short|hurt)|mind|bite|pester|nag|hold it against|ask again"
    r"|keep (?:it|this|you) (?:short|brief|long))|,? (?:not )?to (?:be brief|bother|bore|pester|stop (?:here|now)"
    r"|keep (?:it|this) (?:short|brief))|,? shorter)"
)
_PROMISE = lazy_pattern(
    rf"\bguarante\w{{1,6}}\b|\bwarrant(?:y|ies|ed)\b|\b(?:we|i)(?: do| can)? (?:promise|pledge|swear|vow)\b"
    rf"{_NO_OFFENCE}|\bour (?:promise|pledge)\b|\bmoney[- ]back\b|\brefund\w{{0,6}}\b|\brisk[- ]free\b"
    r"|\b(?:no|zero|without(?: any)?) risks?\b|\bfully (?:insured|covered)\b"
    r"|\b(?:for free|free of charge|(?:completely|absolutely|totally|entirely|always|100%|is|are|it's|comes?"
    rf"|be) free\b(?! to| of| and| now| when| on))|\bfree (?:\w{{1,14}} ){{0,2}}{_BENEFIT}\b"
    rf"|\b{_BENEFIT} free\b|\bget \w{{1,12}} (?:\w{{1,12}} )?free\b"
    r"|\b(?:risk|weed|chemical|interest|pest|dust|streak|germ|allergen|toxin|moss|bug|insect)[- ]free\b"
    r"|\bcomplimentary\b|\bon the house\b|\b(?:at|for) (?:no|zero) (?:extra |additional |further )?(?:cost|charge)\b"
    r"|\bwithout (?:extra |additional )?(?:charge|cost)\b|\bour treat\b|\bfree of (?:cost|any)\b"
    r"|\b(?:it's|is|are|be) on us\b|\bcash ?back\b|\bgift cards?\b|\bvouchers?\b|\bsweepstakes?\b"
    r"|\braffle\b|\blottery\b|\bprize\b|\bwin (?:a|an|up to|one)\b"
    rf"|\b(?:extra|additional|special|exclusive|second|third|bonus|another|surprise) (?:\w{{1,12}} )?(?:discounts?"
    r"|credits?|bonus|rewards?|gifts?|savings?|rebates?)\b"
    r"|\b(?:double|triple|twice) (?:the|your|their) (?:discounts?|credits?|bonus|rewards?|gifts?|savings?|money"
    r"|amount)\b"
    r"|\b(?:buy|book|get) (?:one|two|three),? (?:and )?get (?:one|another|a second|the (?:second|next|third))\b"
    r"|\bbogo\b|\btwo for (?:the price of )?one\b"
    r"|\b(?:same|next)[- ]day (?:service|visit|response|answer|appointment)s?\b"
    rf"|\bwithin (?:the|an?|one|two|three|four|five|a few|\d{{1,3}}) ?\w{{0,12}} ?(?:hours?|days?|minutes?"
    rf"|weeks?)\b|\bprice[- ](?:match|lock|freeze|guarantee)\w{{0,3}}\b"
    r"|\block(?:ed)? in (?:your|this|the) (?:price|rate)\b|\bprices? (?:will )?(?:never|won't)\b"
    r"|\bfor (?:life|ever|good)\b|\bforever\b(?! grateful)|\blifetime\b|\bno matter what\b"
    r"|\bwithout fail\b|\bonce and for all\b|\bpermanently\b|\bevery single time\b"
    r"|\b(?:pet|child|kid|eco|bee|environment(?:ally)?)[- ](?:safe|friendly)\b"
    r"|\bsafe for (?:pets|children|kids|dogs|cats|bees)\b|\bnon[- ]toxic\b|\borganic\b"
    r"|\b(?:a )?(?:quarter|third|fifth) off\b|\bspotless\b|\bperfect results?\b"
    r"|\bwe (?:fix|cover|replace|redo|refund) (?:it|them|everything|any)\b"
    r"|\bsatisfaction (?:is )?(?:assured|certain|ensured)\b"
    r"|\byou (?:can't|cannot|won't) (?:lose|go wrong|be disappointed)\b|\bor your money\b"
)
_WE = (
    r"(?:we|i|our (?:\w{1,10} )?(?:crews?|team|people|experts|technicians)|the (?:crew|team)"
    r"|(?:somebody|someone) from us)"
)
_SHALL = r"(?:'ll| will| shall| are going to|'re going to| am going to|'m going to)"
_MANNER = (
    r"(?:(?:also|only|just|even|gladly|happily|personally|then|certainly|definitely|of course|surely|still|both|each"
    r"|all|soon) ){0,3}"
)
# Who tries to do it has as good as promised it.
_TRYING = (
    r"(?:do (?:our|my) (?:very )?(?:best|utmost)|try(?: hard| our best| my best)?|aim|work hard|make sure|make a point"
    r"|go out of our way|be (?:happy|glad|pleased|delighted|able))"
)
_UNDERTAKEN = lazy_pattern(
    rf"\b{_WE}{_SHALL} {_MANNER}(?:{_TRYING} to )?(?P<often>(?:always|never) )?(?P<verb>[a-z]{{2,14}})\b"
    rf"(?P<rest>{_REST})"
)
_OFTEN = lazy_pattern(
    rf"\b{_WE}(?P<so_far> have|'ve)?(?:'re| are| do)? (?P<often>always|never) (?P<verb>[a-z]{{2,14}})\b"
    r"|(?<![a-z] )(?:\bthat) (?:always|never)\b|\b(?:it|this|everything|prices?|results?|(?:price|quality|service"
    r"|result)(?: will)?) (?:always|never)\b(?! hurts?)"
    r"|\b(?:always|never) (?:on time|late|free|available|satisfied|fails?|failed|miss(?:es|ed)?|disappoints?"
    r"|disappointed)\b"
)
_GIVEN = lazy_pattern(
    rf"\b(?:you|your (?:friend|neighbou?r)s?){_SHALL} {_MANNER}(?:get|receive|earn|win|be given"
    rf"|be paid)\b(?P<what>[^.!?;\n]{{0,60}})"
)
_AND_GIVES = lazy_pattern(r"[^.!?\n]{0,60}?\b(?:and|or|then) (?P<verb>[a-z]{2,14})\b")
_IS_A_BENEFIT = lazy_pattern(rf"\b(?:{_BENEFIT}|free|off|refund|money|cash|paid)\b")
# What is undertaken with these costs nothing and can't be broken; what others undertake, a person has to read.
_HARMLESS = words(
    """
    answer appreciate ask be call care cheer consider contact continue do enjoy explain feel find follow get greet
    handle hear help hold hope keep know let like look love make meet miss plan read remember remind reply say see
    share show smile stay suggest take talk tell thank think treat try understand value wait walk want welcome wish
    work write start begin admit confess mention spare skip note arrange introduce gladly happily listen respond set
    assist guide choose confirm mind celebrate
    """
)
# What somebody who always does it hasn't promised.
_WELCOMING = _HARMLESS - words("answer reply do get keep contact work respond handle follow") | words(
    "happy glad grateful here wanted"
)
_GIVING = words(
    """
    add apply arrive beat bring clean come complete cover credit cut deduct deliver discount donate double drop extend
    finish fix give include install lower match mow offer pay plant provide reduce redo refund repair replace return
    reward save send throw triple upgrade waive arrive guarantee ensure protect prevent eliminate remove never always
    """
)
_KEPT_OR_BROKEN = lazy_pattern(
    r"(?:be (?:there|on time|back|done|finished|with you (?:on|at|in|within))"
    r"|make (?:it|things|that) (?:right|good|up)|get (?:it|the job|everything|you|your)\b"
    r"|do (?:it|your \w+) (?:again|for)|take (?:\w+ )?off|see to it"
    r"|keep (?:it|your \w+) (?:\w+ )?(?:green|clean|weed|perfect))"
)
_NOTHING_LASTS = lazy_pattern(r"(?:n't|\bnot|\bnothing|\bnobody|\bno \w{1,12})\b[^.!?;:,\n]{0,30}$")
# "We're friendly, I promise."
_SWORN = lazy_pattern(r"(?:we|i) promise")
_OF_A_MOOD = lazy_pattern(r"(?:^|[.!?\n] ?)(?:we|i)(?:'re|'m| are| am) \w{3,14}, $")
_WINDOW = 40
# What the offer's own amount follows on: whose it is and what for is read beside it.
_PAYING = words("add apply credit give pay put send thank deduct take")
_THE_AMOUNT = lazy_pattern(
    r"(?: (?:you|them|both|both of you|your (?:friend|neighbou?r)|your account|to|with|the|a|an|credit|discount"
    r"|of)){0,4} $"
)
_DOING_THE_WORK = words("clean do treat seed mow look take care give")
_FOR_THE_PRICE = lazy_pattern(r" (?:it|them|this|that|all of it|your \w{2,14}|the \w{2,14})(?: \w{2,14})? for $")
_A_CHAT = lazy_pattern(r"have (?:a|another) (?:chat|word|look|think|talk)\b")


def settle_promises(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every guarantee, gift and undertaking, held against the offer's conditions."""
    for match in _PROMISE.finditer(page):
        if match[0] == "forever" and _NOTHING_LASTS.search(page[max(0, match.start() - _WINDOW) : match.start()]):
            continue
        if _SWORN.fullmatch(match[0]) and _OF_A_MOOD.search(page[max(0, match.start() - _WINDOW) : match.start()]):
            continue
        yield against_conditions(Claim("promise", *match.span()), match[0], sheet)
    for match in _UNDERTAKEN.finditer(page):
        yield _undertaken(match, sheet)
    for match in _OFTEN.finditer(page):
        verb = match["verb"] or ""
        if match["so_far"] and match["often"] == "never" and "offer.service" in sheet.by_slot:
            # "We've never done your carpets" is why they are offered.
            yield Settled(Claim("opinion", *match.span()), "opinion")
            continue
        if match["often"] == "always" and verb in _WELCOMING:
            yield Settled(Claim("opinion", *match.span()), "opinion")
        else:
            yield against_conditions(Claim("promise", *match.span()), match[0], sheet)
    for match in _GIVEN.finditer(page):
        if MASK not in match["what"] and _IS_A_BENEFIT.search(match["what"]):
            yield against_conditions(Claim("promise", *match.span()), match[0], sheet)


def _undertaken(match: re.Match[str], sheet: Sheet) -> Settled:
    verb, said = match["verb"], match[0].rstrip()
    span = match.start(), match.start() + len(said)
    further = _AND_GIVES.match(match.string, match.start("rest"))
    if further and further["verb"] in _GIVING and verb not in _GIVING:
        return Settled(Claim("promise", *span), "unsupported")
    if not match["often"] and _is_the_offer(match, sheet):
        return Settled(Claim("promise", *span), "opinion")
    if verb in _GIVING or match["often"] or _KEPT_OR_BROKEN.match(said, match.start("verb") - match.start()):
        return against_conditions(Claim("promise", *span), said, sheet)
    if verb in _HARMLESS or _A_CHAT.match(said, match.start("verb") - match.start()):
        return Settled(Claim("opinion", *span), "opinion")
    return Settled(Claim("promise", *span), "not_checked")


def _is_the_offer(match: re.Match[str], sheet: Sheet) -> bool:
    """Whether what is undertaken is the offer itself: "we'll credit you {{offer.amount}}"."""
    if not match.string.startswith(MASK, match.end()):
        return False
    if "offer.friend_amount" in sheet.by_slot:
        return match["verb"] in _PAYING and _THE_AMOUNT.fullmatch(match["rest"]) is not None
    return match["verb"] in _DOING_THE_WORK and _FOR_THE_PRICE.fullmatch(match["rest"]) is not None
