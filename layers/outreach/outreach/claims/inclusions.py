"""What a price includes, and what else an offer goes with: only the offer's conditions know."""

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK
from outreach.claims.sorts import Sort
from outreach.claims.vocabulary import words

_OFFER = r"(?:prices?|costs?|fees?|offer|package|bundle|deal|visit|service|plan|treatment|clean|mow|rate|total|amount)"
_THING = (
    r"(?:tips?|tax(?:es)?|vat|materials?|labou?r|travel|parts|supplies|equipment|clean-?up|disposal|insurance|damages?"
    r"|fees?|expenses|seeds?|fertili[sz]er|products?|tools|delivery|parking|setup|haul-?away|mulch|water)"
)
# "Already includes the {{offer.percent}}" is read by its slot, and what comes with a smile costs nothing.
_SLOT_OR_SMILE = (
    rf"(?! (?:the |a |an |your |both |our |all )?(?:{MASK}|(?:credit|discount|saving|reduction)s?(?: of)? {MASK}"
    rf"|genuine thanks|no pressure|smile|smiles|saving|thank|thanks|wave|love|job|territory"
    r"|season|practice|time|age|experience|change|hope|warm|heartfelt|gratitude|pride))"
)
_INCLUDED = lazy_pattern(
    rf"\b(?:{_OFFER}|it|this|that|which|we)(?: (?:also|already|even|always|now|of course|all|both)){{0,2}}"
    rf" (?:includes?|contains?|comes? (?:complete |bundled )?with){_SLOT_OR_SMILE}\b"
    rf"|\b(?<={MASK} )(?:(?:also|already|even|always|now) ){{0,2}}(?:includes?|contains?|covers?|comes? with)"
    rf"{_SLOT_OR_SMILE}\b|\b{_OFFER}(?: (?:also|already|even|always)){{0,2}} covers?{_SLOT_OR_SMILE}\b"
    r"|\b(?<!what )(?<!that )(?<!ever )(?<!which )(?<!off )(?<!discount )(?<!saving )(?<!reduction )(?:is|are|comes?"
    r"|gets?|will be)(?: (?:all|both|already|also|even|always"
    r"|fully)){0,2} (?:included(?! in (?:this|our|the) (?:e-?mail|letter|note|message))|thrown in|(?:part of|in)"
    r" the (?:price|offer|package|bundle|deal|rate))\b"
    rf"|\b(?<!what ){_THING}(?:,? (?:is|are|will be|comes?)(?: (?:all|both|already|also|even|always|fully)){{0,2}}"
    r" (?:covered|extra|provided|paid(?: for)?|taken care of|ours|included|with (?:it|every|each|all|any|your))"
    r"|,? included\b)"
    rf"|\b(?<!that )(?<!which )comes? (?:along |free |included )?with (?:it|the {_OFFER})\b"
    r"|\b(?:including|inclusive of|plus|with|excluding|before|without)(?: all| any)? (?:tax(?:es)?|vat|tips?|materials"
    r"|labou?r|travel|fees|parts|clean-?up|expenses)\b|\btax(?:es)?[- ](?:free|deductible|included|exempt)\b"
    r"|\b(?:we|crews?|team) (?:bring|supply|provide|include)s? (?:all|everything|the|our own|every|your)"
    rf"(?: \w{{1,12}}){{0,2}}? {_THING}\b"
    r"|\ball[- ]inclusive\b|\b(?:without|no) (?:any )?(?:extras|add-ons|tip|tipping|gratuity)\b"
)
_OTHER_OFFERS = (
    r"(?:(?:any|all|every|each|your|our|the|another|other|existing|current|further|more|these|both) ){0,3}(?:offers?"
    r"|discounts?|credits?|deals?|promotions?|coupons?|vouchers?|rewards?|savings|plans?|codes?)"
)
_COMBINED = lazy_pattern(
    r"\b(?:combin\w{1,4}|stack\w{0,4}|uses?|used|applied|applies|works?|valid|goes|go|counts?|comes?|adds?|added|is"
    r"|pairs?|pile[ds]?)(?: it| this| them| that| both)? (?:up )?(?:together with|along with|alongside|on top of"
    r"|in addition to"
    rf"|with) {_OTHER_OFFERS}\b|\b(?:combin\w{{1,4}}|stack(?:s|ed|ing)?) (?:the |these |both |your |our |all |several "
    rf"|multiple )?{_OTHER_OFFERS}\b"
    r"|\b(?:offers?|credits?|discounts?|rewards?|they|it)(?: (?:can|will|may|do|does|all|also|even|cannot|can't|don't"
    r"|doesn't)){0,2} (?:stacks?|adds? up|accumulates?|piles? up|combines?|rolls? over|carr(?:y|ies) over|multipl(?:y"
    r"|ies))\b"
    r"|\b(?:on top of|in addition to|along with|together with|even with) (?:any|all|every|each|your|another|other|our)"
    r" (?:other |existing |current |usual )?(?:offers?|discounts?|credits?|deals?|promotions?|coupons?)\b"
    r"|\bboth (?:offers|discounts|deals|promotions|coupons)\b(?= (?:at once|together|at the same time|count|apply|can))"
    r"|\b(?:stackable|combinable|cumulative)\b"
)

INCLUSIONS = (
    Sort(
        "condition",
        _INCLUDED,
        words(
            """
            bring bundl clean come comes conta cover damag deal deliv dispo equip expen extra fee fees ferti gratu
            haul haula in inclu insur labor labou mater mulch offer ons packa parki parts price produ provi rate
            seed seeds setup suppl tax taxes tip tippi tips tools trave vat water
            """
        ),
    ),
    Sort(
        "condition",
        _COMBINED,
        words(
            """
            accum code codes combi coupo credi cumul deal deals disco multi offer over plan plans promo rewar savin
            stack up vouch
            """
        ),
    ),
)
