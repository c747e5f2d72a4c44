"""What is said to happen without anybody's doing: discounts that apply themselves, plans that renew."""

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK
from outreach.claims.sorts import WE, Sort
from outreach.claims.vocabulary import words

_AGREED = (
    r"(?:it|this|that|plans?|offers?|contracts?|memberships?|subscriptions?|discounts?|credits?|prices?|deals?"
    r"|agreements?"
    rf"|bookings?|rates?|schedules?|rewards?|bonus|services?|renewals?|referrals?|(?<={MASK}))"
)
_DONE = (
    r"(?:renew|enroll?|extend|appl[yi]|book|schedul|add|deduct|charg|bill|credit|sign|continu|send|enter|receiv|get|pay"
    r"|cancel|upgrad|activat|start|includ|discount|switch|subscri|regist|count|kick|come|show)"
)
_BY_ITSELF = (
    r"(?:by itself|by themselves|on (?:its|their) own\b|by default|automatically|without (?:a (?:call|word|click|form"
    r"|request)"
    r"|notice|asking|further|any (?:action|paperwork|effort|form|call)|you(?:r)? (?:having|doing|lifting|asking|calling"
    r"|doing)))"
)
_AUTOMATIC = lazy_pattern(
    rf"\b{_AGREED} (?:is|are|will be|happens?|becomes?)(?: \w{{1,12}})? automatic(?:ally)?\b"
    rf"|\b{_DONE}\w{{0,6}}(?: (?:you|it|them|up|in|for|your \w{{1,12}}|the \w{{1,12}}|to your \w{{1,12}}"
    rf"|{MASK}{{1,40}})){{0,3}} {_BY_ITSELF}\b|\bautomatic(?:ally)? {_DONE}\w{{0,6}}\b"
    r"|\bauto-?(?:renew|pay|enroll?|book|appl|bill)\w{0,6}\b"
    r"|\b(?:it|plan|contract|membership|subscription|service|offer|agreement|deal|price)(?: \w{1,10}){0,2}? renews\b"
    rf"|\b{WE}(?:'ll| will|'ve| have| can| just)?(?: also| simply| automatically| already| gladly)? (?:(?:enroll?"
    r"|subscribe|register|upgrade|switch|extend|renew)(?:ed|led|d)? (?:you|your)|(?:sign|signed|opt|opted|enter"
    r"|entered) you (?:up|in|for|into))\b"
    r"|\byour (?:plan|contract|subscription|membership|agreement|account|service|schedule"
    r"|booking)(?: \w{1,10})? (?:is|will"
    r" be|gets?|was|has been)(?: \w{1,10})? (?:extended|renewed|upgraded|continued|activated|cancell?ed|changed"
    r"|prolonged|switched|suspended|closed)\b"
    r"|\byour (?:plan|contract|subscription|membership|agreement|schedule|booking) (?:rolls over|renews|continues"
    r"|repeats|carries on|restarts)\b"
    r"|\b(?:opt|opted|opting)[- ](?:in|out)\b|\bno (?:action|paperwork|sign-?up|registration) (?:is )?(?:needed"
    r"|required|necessary)\b"
    r"|\bcancel(?:s|led|ling)? (?:any ?time|at any time|whenever|it any|online|by phone|free|for free)\b"
)

AUTOMATISMS = (
    Sort(
        "condition",
        _AUTOMATIC,
        words(
            """
            accou agree auto autoa autob autoe autom autop autor booki cance carri conti contr defau enrol enter
            exten itsel membe neces neede opt opted optin own plan regis renew repea requi resta rolls sched servi
            sign signe subsc switc thems upgra witho
            """
        ),
    ),
)
