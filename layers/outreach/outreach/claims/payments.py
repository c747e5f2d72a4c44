"""How a price is paid, and what a credit can become: only the offer's conditions know."""

from agent_platform.patterns import lazy_pattern

from outreach.claims.sorts import WE, Sort
from outreach.claims.vocabulary import words

_CREDIT = r"(?:credits?|discounts?|rewards?|bonus(?:es)?|savings?|vouchers?|balance|gift)"
_BY_WHAT = (
    r"(?:instal?lments?|payments|parts|cash|cards?|checks?|cheques?|paypal|direct debit|bank transfer|invoice|stages"
    r"|months|monthly)"
)
_WHEN = (
    r"(?:later|afterwards?|nothing|upfront|up front|only (?:if|when|after|for|once)|(?:us )?(?:when|after|once"
    r"|if) (?:you"
    r"|the|it|we|everything)|as you go|what(?:ever)? you|monthly|weekly|at the end|on the day|in advance|less|extra"
    r"|half"
    r"|the rest|online|by (?:card|cash|check|cheque|invoice|phone|bank|direct|credit|debit)|in (?:cash|full|advance"
    r"|parts?))\b(?! attention| heed| mind)"
)
_PAID = lazy_pattern(
    rf"\bpay(?:ing|able|ment)?(?: it| this| that)?(?: off)? (?!(?:once|after) the (?:\W{{1,40}})?(?:discount|saving"
    rf"|reduction)){_WHEN}"
    rf"|\b(?:pay|paid|payable|paying|payment|spread|split|settle|settled|billed|charged)(?: \w{{1,12}}){{0,4}}?"
    rf" (?:in|over|across|by|with|via|into)(?: \w{{1,12}}){{0,2}}? {_BY_WHAT}\b"
    rf"|\b(?:in|by|with|of|monthly|weekly|equal|easy|\w{{2,8}}) (?:\w{{1,12}} )?instal?lments?\b"
    r"|\b(?:billed|charged|invoiced)(?: only| just)? (?:later|afterwards?|monthly|weekly|once|when|after|at the"
    r"|extra)\b"
    r"|\b(?:only|just) (?:pay|charged?|billed?|invoiced?)(?: you)? (?:if|when|once|after|for what|what|later|as)\b"
    r"|\b(?:nothing|no payment|no money|not a (?:cent|penny)|payments?|the (?:balance|rest|bill|amount|price|money)"
    r"|half|it|which) (?:is|are|will be|becomes?|falls|comes)(?:n't)?(?: only| not| never| first)? (?:due|owed|payable"
    r"|charged|billed|collected|invoiced|debited)\b"
    r"|\bmoney (?:changes hands|down|up front|upfront)\b|\b(?:accept|take|honou?r)s? (?:\w{1,10} ){0,3}?(?:cards?"
    r"|cash|checks"
    r"|cheques|paypal|coupons|vouchers)\b|\bpay(?:ing)? (?:with|by|via|through|using) (?:your|a|an|the|our) (?:phone"
    r"|app|card|bank|account|watch)\b"
    r"|\bby (?:credit |debit )?(?:card|check|cheque|bank transfer|paypal)\b|\bdirect debit\b|\bbank transfer\b"
    r"|\bin cash\b|\bcash (?:payments?|discount|only|price|on)\b"
    r"|\binterest[- ]free\b|\b(?:no|zero|without) (?:interest(?! in)|financing)\b|\bfinancing\b|\bdown[- ]payments?\b"
    r"|\b(?:a|no|small|any|refundable) deposit\b|\bprepa(?:y|id|yments?)\b|\bupfront (?:costs?|payments?|fees?)\b"
    r"|\blate fees?\b|\b(?:buy|book) now,? pay later\b|\bon (?:credit|account|invoice)\b"
)
_BECOMES = lazy_pattern(
    r"\b(?:paid|pay it|cash it|cashed|cash them|cash that) (?:out|in)\b"
    r"|\b(?:pass|hand|give|sign|transfer|assign|lend|sell|move|trade|swap|exchange|convert|turn|donate)(?:ing)?"
    rf" (?:your|the|this|that|any|unused) (?:\w{{1,12}} )?{_CREDIT}\b"
    rf"|\b(?:{_CREDIT}|it|they|this|that|offer|which) (?:can|may|could|is|are)(?: also| be| even| always| easily"
    r"| fully){0,3} (?:transferable|transferred|exchanged|exchangeable|swapped|traded|converted|convertible|turned into"
    r"|carried over|rolled over|cashed|paid out|given away|saved up|banked|inherited|used (?:for (?:any|another"
    r"|anything|whatever|all)|towards? (?:any|another|all)|by (?:anyone|somebody|someone)|at any|anywhere))\b"
    rf"|\b{_CREDIT} (?:turned|paid|converted|exchanged|swapped|transferred|moved|rolled) (?:into|out|to|for|over)\b"
    r"|\bif you (?:don't|do not|never|can't|cannot) (?:use|spend|claim|redeem|collect) (?:it|them|the \w{1,12}"
    r"|your \w{1,12})(?: \w{1,12}){0,3},? (?:we|it|you|they|your|the)\b"
    rf"|\b{WE}(?:'ll| will| can| could|'d| would| also)? (?:send|mail|write|cut|post|hand) (?:you |them )?(?:a|the"
    r"|your) (?:check|cheque|payment)\b|\b(?:in|as|for) (?:cash|store credit|a gift card|money) instead\b"
    rf"|\binstead of (?:the|a|your) {_CREDIT}\b"
)

PAYMENTS = (
    Sort(
        "condition",
        _PAID,
        words(
            """
            accou bank bille card cards cash charg check chequ colle coupo credi debit depos direc due finan insta
            inter invoi late later money owed paid pay payab payin payme paypa prepa settl split sprea trans upfro
            vouch
            """
        ),
    ),
    Sort(
        "condition",
        _BECOMES,
        words(
            """
            balan banke bonus carri cash cashe check chequ claim colle conve credi disco excha gift given inher
            inste moved paid pay payme redee rewar rolle saved savin spend swapp trade trans turne use used vouch
            """
        ),
    ),
)
