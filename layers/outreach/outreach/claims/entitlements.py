"""Who may have an offer: the conditions say it, or nobody."""

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK
from outreach.claims.sorts import Sort
from outreach.claims.vocabulary import words

_OLD_AND_NEW = (
    r"(?:former|past|previous|lapsed|new|brand-new|returning|long-?time|long-?standing|loyal|existing|current"
    r"|first-time|repeat)"
)
_GROUPS = (
    r"(?:renters|tenants|landlords|businesses|offices|companies|shops|students|seniors|pensioners|veterans|teachers"
    r"|nurses"
    r"|employees|staff|relatives|family members|non-?customers|commercial (?:properties|customers|clients)|schools"
    r"|churches|clubs|apartments|flats)"
)
_ARE_MEANT = (
    r"(?:also |too |even |already )?(?:may|can|could|qualif(?:y|ies)|are (?:also |too )?(?:eligible|welcome|included"
    r"|excluded"
    rf"|entitled)|count|(?:get|receive|save|pay|enjoy)(?! {MASK})|cannot|can't|are not|aren't)"
)
_MAY_HAVE = lazy_pattern(
    r"\b(?:open|available|extended|valid|applies|apply|offered|limited|restricted|reserved|meant)(?: also| only| even"
    r"| just)?"
    rf" (?:to|for) (?:(?:all|also|both|any|our|your|other|{_OLD_AND_NEW}) ){{0,2}}(?:{_GROUPS}|everyone|everybody"
    r"|anyone|anybody|customers|clients|homeowners|households|members|residents|subscribers|people)\b"
    rf"|\b{_OLD_AND_NEW} (?:customers?|clients?|members?|homeowners?|subscribers?|residents?) {_ARE_MEANT}\b"
    rf"|\b{_GROUPS} {_ARE_MEANT}\b"
    r"|\beven (?:people|those|friends|neighbou?rs|someone|somebody|customers|anyone) (?:who|that|without|outside|with"
    r"|from)\b"
    r"|\beven if (?:they|he|she|nobody|no one|your (?:friend|neighbou?r)s?|the (?:friend|neighbou?r)) (?:never|don't"
    r"|doesn't|do not|does not|books?|decides?)\b"
    r"|\b(?:anyone|anybody|everyone|everybody|whoever)(?: \w{1,12}){0,4}? (?:qualifies|is eligible|is entitled"
    r"|may (?:join|have|use|take)|can (?:join|have it|use it|get it|take part|claim))\b"
    r"|\b(?:no matter|regardless of) (?:who|where|whether|how|when|what) (?:they|you|he|she|it"
    r"|your)?\b(?=[^.!?;\n]{0,40}\b(?:book|books|live|lives|qualif\w+|get|gets|valid|applies)\b)"
    r"|\b(?:(?:don't|do not|doesn't|does not) (?:need|have) to|needn't|no need to) be (?:an? )?(?:existing )?"
    r"(?:customer|client|member|homeowner)s?\b|\b(?:age|income|residency|membership) (?:limit|requirement)s?\b"
)

ENTITLEMENTS = (
    Sort(
        "condition",
        _MAY_HAVE,
        words(
            """
            anybo anyon apart appli apply avail busin churc clien clubs comme compa custo emplo even every exten
            famil flats homeo landl limit matte meant membe non noncu nurse offer offic open pensi regar relat rente
            requi reser resid restr schoo senio shops staff stude subsc teach tenan valid veter whoev
            """
        ),
    ),
)
