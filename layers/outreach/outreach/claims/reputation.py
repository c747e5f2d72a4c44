"""Who approves of the company, who trusts it, how old and how large it is: no fact says it."""

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK
from outreach.claims.numerals import NUMBER_WORDS
from outreach.claims.sorts import PEOPLE, WE, Sort
from outreach.claims.vocabulary import words

_EXPERTS = (
    r"(?:experts?|doctors?|scientists?|agronomists?|dermatologists?|veterinarians?|vets|specialists|professionals"
    r"|universit(?:y|ies)|professors?|researchers?|realtors?|estate agents?|\w{2,12}ologists?|horticulturists?"
    r"|pediatricians?|magazines?|newspapers?|studies|research|tests|surveys|statistics)"
)
_NEAR_ONES = r"(?:an?|your|their|our|some|someone|somebody|friends?|neighbou?rs?|word|people|customers|those|one)\b"
_APPROVED = lazy_pattern(
    r"\b(?:is|are|was|were|been|being|fully|officially|independently|products?|methods?|team|crew"
    r"|company)(?: \w{1,12}){0,2}?"
    r" (?:approved|registered|recogni[sz]ed|endorsed|recommended|accredited|inspected|audited|tested|verified|vetted"
    r"|licensed"
    r"|authori[sz]ed|backed|certified|rated|graded|reviewed|praised|honou?red|awarded|monitored|regulated) (?:by"
    r"|with|at|in)"
    rf"(?! {_NEAR_ONES}|{MASK}| {MASK}| the (?:link|way|moment))\b"
    r"|\b(?:county|city|state|council|government|agency|town|ministry|board|association|inspectors?|authorit(?:y|ies)"
    r"|bureau|epa"
    r"|fda|usda|hoa|health department)(?: \w{1,10})? (?:approve|endorse|recommend|recogni[sz]e|certifie|certif[yi]"
    r"|inspect|licen[sc]e|register|accredit|award|rate|trust)(?:s|d|ed)?\b"
    r"|\b(?:epa|fda|usda|iso|osha|bbb|hoa|county|city|state|federal\w{0,2}|government|council|industry|trade|vet"
    r"|doctor|expert)[- ]"
    r"(?:registered|approved|certified|licensed|compliant|accredited|recogni[sz]ed|backed|tested|recommended)\b"
    rf"|\b{_EXPERTS} (?:\w{{1,10}} )?(?:recommend|agree|say|advise|suggest|endorse|swear|approve|confirm|prove|show"
    r"|found|trust|praise|prefer)s?\b"
    r"|\b(?<!your )(?!a (?:five[- ]star|5-star) review\b)(?:an? |the |our |highest |best |top )"
    r"(?:a\+|a-plus|aaa|a plus|five[- ]star|5-star|perfect|excellent|top|gold|platinum|highest|google|yelp"
    r"|trustpilot|average|bbb|safety|customer|energy)(?: \w{1,12})? (?:ratings?|scores?|seal|rank(?:ing)?|grade"
    r"|reviews?|marks?|certificate|badge|award)\b"
    r"|\b(?:members?|partners?|part) of the (?:\w{1,14} ){0,4}?(?:association|chamber|federation|guild|board|bureau"
    r"|council|society"
    r"|institute|alliance)\b|\bbetter business bureau\b|\bchamber of commerce\b|\btrade (?:association|body|guild)\b"
    r"|\b(?:follow|meet|meets|exceed|exceeds|comply with|complies with|satisf(?:y|ies)|according to) (?:all|every"
    r"|the strict\w{0,3}"
    r"|strict|federal|state|local|industry|national|safety|legal|iso|health|environmental|european)(?: \w{1,14}){0,2}?"
    r" (?:regulations?|standards?|codes?|laws?|requirements?|guidelines|rules)\b"
    r"|\b(?:clinically|scientifically|lab(?:oratory)?|independently|field|dermatologically)[- ](?:proven|tested|shown"
    r"|verified)\b"
    r"|\bproven (?:to|results?|track|method|formula|by)\b|\bpatent(?:ed|-pending| pending)?\b|\btrademarked\b"
    r"|\bbackground[- ]check\w{0,3}\b|\b(?:vetted|police[- ]checked|drug[- ]tested)\b"
    r"|\b(?:featured|seen|mentioned|reviewed|praised) (?:in|on|by) (?:the |your )?(?:local |national |daily )?(?:news"
    r"|press|papers?|tv|television|magazines?|radio|newspapers?|media)\b"
)
_A_PART = (
    r"(?:half|most|all|much|nearly all|almost all|a third|a quarter|the whole|the rest|everyone|everybody|plenty"
    r"|the majority"
    rf"|more and more|a lot|lots|many|several|{NUMBER_WORDS}|\d[\d,.]{{0,8}})"
)
_TRUST = (
    r"(?:trust|use|uses|chose|choose|chooses|have chosen|has chosen|switched|signed up|joined|have joined|booked"
    r"|rely on|count on|work with|recommend|depend on|call us|swear by|hire|hired|picked|prefer|rate|love us)"
)
_TRUSTED = lazy_pattern(
    rf"\b(?:{NUMBER_WORDS}|\d{{1,3}})(?: in| out of| of)(?: every)? (?:{NUMBER_WORDS}|\d{{1,4}})(?: of)?(?: (?:our|all"
    r"|the|your))?"
    rf" (?:{PEOPLE}|come|stay|say|would|rebook|return|agree)\b"
    rf"|\b{_A_PART}(?: of| on| in)?(?: (?:your|the|this|our))?(?: \w{{1,12}})? (?:street|block|town|neighbou?rhood|city"
    r"|village|county|road|building|cul-de-sac)(?: (?:is|are|has|have))?(?: (?:already|now|all|also))?"
    r" (?:with us|ours|our|on board|using|booked|signed|switched|joined|a customer|customers|in on|chosen|trusting"
    r"|uses?|trusts?|calls? us|books?|chooses?)\b"
    rf"|\b(?:your|the|other|some of|{_A_PART})(?: (?:of|your|our|the|other|happy|local|nearby|loyal)){{0,3}} {PEOPLE}"
    r"(?: (?:already|also|all|now|have|has|around|near|here|you|in the area|on your street|in your street"
    rf"|next door)){{0,3}} {_TRUST}\b"
    r"|\bjoin (?:the|our|over|more than|many|hundreds|thousands"
    rf"|{NUMBER_WORDS})?(?: ?[\d,.{MASK}]{{1,9}})?(?: \w{{1,12}}){{0,3}}? {PEOPLE}\b"
    rf"|\b(?:trusted|loved|used|chosen|recommended|relied on|preferred|hired) by (?:\w{{1,12}} ){{0,4}}?(?:{PEOPLE}"
    r"|thousands|hundreds|everyone|many|professionals|experts)\b"
    rf"|\b{_A_PART} (?:of )?(?:our |the )?(?:\w{{1,10}} )?(?:customers?|clients?|homeowners|households"
    rf"|families)(?: \w{{1,10}})?"
    r" (?:come back|stay|return|book again|rebook|recommend|renew|rate|choose|keep|say|notice|save|order|book|add"
    r"|pick|report|prefer|are (?:happy|satisfied|pleased|with us))s?\b"
)
_LONG = r"(?:decades?|centur(?:y|ies)|generations?)"
_COMPANY = lazy_pattern(
    rf"\b(?:{WE}|business|firm|(?<={MASK}))(?: (?:was|were|has been|is|have been|first|originally"
    rf"|proudly)){{0,3}} (?:founded"
    r"|established|started|opened|formed|launched|incorporated|set up|began)(?: (?:out|up|small|life|work|business"
    r"|the company"
    rf"|our doors|this business|as a \w{{1,12}}))? (?:in|by|over|almost|more than|nearly|back|with just|from a|{MASK})"
    r"|\bmy (?:grand)?(?:father|mother|parents|family|dad|wife|husband|uncle) (?:founded|started|built|opened|began"
    r"|ran)\b|\b(?:founded|established) (?:in|by|over|almost|more than|nearly|back|on)\b"
    r"|\b(?:family|father[- ]and[- ]sons?|mother[- ]and[- ]daughter|husband[- ]and[- ]wife|brothers?)[- ](?:business"
    r"|company|firm|owned|run|operated|led)\b|\b(?:locally|independently|veteran|wom[ae]n|minority|employee|community"
    r"|proudly)[- ](?:owned|run|operated|led)\b"
    r"|\b(?:first|second|third|fourth|fifth|sixth|two|three|four|five|several|many|\d(?:st|nd|rd|th))[- ]generations?\b"
    r"|\b(?:for|across|over) generations\b|\bfrom (?:father|mother|parents?) to\b"
    rf"|\b(?:years|{_LONG})(?: worth)? of (?:combined |shared |local |hands-on |professional |proven "
    r"|collective )?(?:experience|expertise|know-how|tradition|history|being in business|craft)\b"
    rf"|\b(?:years|{_LONG}) in (?:business|the (?:business|trade|industry|area|region|field)|operation|town)\b"
    rf"|\b(?:for|over|more than|nearly|almost|after) (?:\w{{1,10}} ){{0,3}}?{_LONG}\b(?! (?:with us|together|with you"
    r"|of trust))"
    rf"|\b(?:our|the company's|the firm's) (?:company's )?(?:\w{{2,12}} )?(?:anniversary|birthday"
    r"|jubilee)\b(?! (?:with you|together))"
    r"|\b(?:we|our company) (?:now |currently |already )?(?:employ|run|operate|number|serve|look after|maintain"
    r"|clean|mow|care for|have)"
    rf" (?:(?:over|more than|about|nearly|almost|some) )?(?:{NUMBER_WORDS}|dozens of|hundreds of|several|many"
    rf"|{MASK}{{1,12}}|\d[\d,.]{{0,8}})"
    r" (?:\w{1,12} )?(?:employees|offices|branches|locations|crews|vans|trucks|staff|professionals|gardeners|cleaners"
    r"|customers|homes|lawns|households|families|counties|states|cities|towns)\b"
    r"|\b(?:headquartered|based in|offices in|branches in)\b"
)

REPUTATION = (
    Sort(
        "comparative",
        _APPROVED,
        words(
            """
            accre advis agenc agree allia appro assoc audit autho award backe backg badge bbb bette board burea
            certi chamb city code codes confi counc count depar docto drug endor epa exper fda featu feder found
            gover grade guide guild healt hoa honor honou indus inspe insti iso law laws licen mark marks menti
            minis monit osha paten polic prais prefe prove rank ranki rated ratin recog recom regis regul requi
            revie rules say says score seal seen show shown shows socie stand state sugge swear teste town trade
            trust usda verif vet vette
            """
        ),
    ),
    Sort(
        "comparative",
        _TRUSTED,
        words(
            """
            agree block build by city clien come count cul custo famil folks homeo homes house join membe neigh
            peopl reboo resid retur road sac say stay stree town villa would
            """
        ),
    ),
    Sort(
        "comparative",
        _COMPANY,
        words(
            """
            anniv area based began birth branc broth busin centu citie clean count craft crews custo decad emplo
            estab exper famil fathe field forme found garde gener headq histo homes house how husba incor indus
            jubil launc lawns led locat mothe my offic opene opera owned paren profe regio run set staff start state
            town towns trade tradi truck vans
            """
        ),
    ),
)
