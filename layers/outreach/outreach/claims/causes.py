"""What the company gives to others: charity, trees, the climate; no fact says it."""

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK
from outreach.claims.sorts import WE, Sort
from outreach.claims.vocabulary import words

_GIVE = (
    r"(?:feed|plant|donate|sponsor|support|fund|adopt|offset|raise|volunteer|build|rescue|shelter|educate|clothe"
    r"|pledge|fundraise)"
)
_FOR_EACH = (
    r"(?:for (?:each|every|any)|per|with (?:each|every|any)|whenever|every time|each time|when(?:ever)? (?:you|a|your))"
)
_NEEDY = (
    r"(?:shelters?|schools?|charit\w{1,5}|hospitals?|hospices?|food ?banks?|pantr(?:y|ies)|league|little league"
    r"|churches"
    r"|families in need|people in need|animals?|wildlife|bees|pollinators|planet|environment|youth|orphan\w{0,5}"
    r"|homeless"
    r"|foundation|red cross|fire ?fighters|veterans|scholarships?|rainforest|oceans?|community|communities|kids"
    r"|children)"
)
_CAUSE = lazy_pattern(
    r"\b(?:donat(?:e|es|ed|ing|ion|ions)|charit(?:y|ies|able)|fundrais\w{1,4}|philanthrop\w{1,5}|non-?profits?)\b"
    r"|\b(?:to|for|support|supports|supporting|towards?|benefits?|help|helps|helping|serves?|of) (?:a|the|your|many"
    r"|some|several|local|\w{3,8}) (?:good|local|worthy|great|noble|important|charitable) causes?\b|\b(?:to|for"
    r"|towards?) (?:good|local|worthy|great|noble) causes\b"
    r"|\b(?:part|parts|share|portion|percentage|slice|some|half|all|most|a cent|a penny|a dollar|a pound|proceeds"
    r"|profits?)"
    r"(?: (?:of|from) (?:the|our|every|each|all|what|your|this)(?: \w{1,12}){0,2}?)? ?(?:prices?|proceeds|profits?"
    r"|revenue"
    r"|bills?|bookings?|sales?|payments?|money|amount|income|you pay|we earn|takings)?(?: \w{1,12})? (?:goes|is given"
    r"|are given"
    r"|will go|benefits?|supports?|funds?|is passed|go) (?:straight |directly |back )?(?:to|toward|towards|for|a"
    r"|local|our|the)"
    rf"(?= (?:\w{{1,12}} ){{0,3}}?(?:{_NEEDY}|causes?|fund|cause|research|need)\b)"
    rf"|\b{_FOR_EACH} [^.!?;\n{MASK}]{{1,40}}? {WE}(?:'ll| will)? (?:also )?(?:{_GIVE}|give|send|help|buy|provide"
    r"|save|protect"
    rf"|clean)s?\b(?! (?:you|them|your|both|each of you|{MASK}))"
    rf"|\b{WE}(?:'ll| will)? (?:also |gladly )?{_GIVE}s? [^.!?;\n]{{1,40}}? {_FOR_EACH}\b"
    rf"|\b{WE}(?:'ll| will)? (?:also |gladly )?plants? (?:an?|one|two|\w{{3,7}}) (?:\w{{1,12}} )?(?:trees?|seedlings?"
    r"|saplings?)\b|\btrees? (?:is|are|gets?|will be) planted\b"
    rf"|\b(?:{WE}|which|it|that|bookings?|visits?|price|referral|offer)(?: (?:also|proudly|gladly|regularly"
    rf"|always)){{0,2}} (?:sponsors?"
    r"|supports?|funds?|gives? back|raises? money|partners? with|volunteers?|helps?|benefits?"
    rf"|feeds?)\b[^.!?;\n]{{0,30}}\b{_NEEDY}\b"
    r"|\b(?:carbon|climate)[- ](?:neutral|positive|negative|free)\b|\bnet[- ]zero\b|\b(?:zero|low)[- ]emissions?\b"
    r"|\boffset\w{0,4} (?:our|the|all|your|its|every)\b|\b(?:renewable|solar|green|wind) (?:energy|power|electricity)\b"
    r"|\b(?:fair[- ]trade|cruelty[- ]free|plastic[- ]free|vegan|biodegradable|compostable)\b"
)

CAUSES = (
    Sort(
        "promise",
        _CAUSE,
        words(
            """
            adopt anima bank banks bees benef biode build buy buys carbo cause chari child churc clean clima cloth
            commu compo cross cruel donat educa elect emiss energ envir fair feed feeds fight firef foodb found fund
            fundr funds give given gives go goes help helps homel hospi kids leagu need net nonpr ocean offse orpha
            pantr passe phila plane plant plast pledg polli power profi prote provi rainf raise rescu save saves
            schol schoo send sends shelt spons suppo vegan veter volun wildl youth
            """
        ),
    ),
)
