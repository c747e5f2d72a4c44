"""When the company is open and who answers: no fact says it."""

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK
from outreach.claims.numerals import NUMBER_WORDS
from outreach.claims.sorts import A_DAY, WE, Sort
from outreach.claims.vocabulary import words

_DAYS = rf"(?:{A_DAY}|weekends?|weekdays|workdays|(?:bank |public )?holidays|christmas|thanksgiving|easter)"
_HOUR = rf"(?:{NUMBER_WORDS}|\d{{1,2}}|noon|midnight|midday|dawn|morning)"
_ALL_HOURS = (
    r"(?:around the clock|round the clock|day (?:and|or) night|night (?:and|or) day|seven days a week|(?:at )?(?:any"
    r"|all) hours?|every hour|after hours|on call)"
)
_OPEN = lazy_pattern(
    r"\b(?:open|available|reachable|staffed|closed|answering|answered|manned)(?: for you| to you| by phone| for calls"
    r"| again)?"
    rf" (?:(?:until|till|from|between|through)(?: (?:early|late|about))? (?!{MASK})(?:{_HOUR}|{_DAYS}|late|night"
    r"|evening)"
    rf"|daily|every (?:day|week|weekday|weekend|night|evening|morning|{A_DAY})|all (?:day|night|week|weekend)"
    rf"|on {_DAYS}|late"
    rf"|late at night|nights|evenings|early|at (?:night|weekends|noon|{_HOUR})|in the evenings?|{_ALL_HOURS}"
    r"|\w{2,8} days a week|weekends|weekdays|sundays?|saturdays?)\b"
    r"|\b(?:we|us|our|somebody|someone|office|phones?|lines?|call|reach|support|team|crew|hotline"
    rf"|person)\b[^.!?;\n]{{0,40}}\b{_ALL_HOURS}\b"
    rf"|\b(?:{WE}|a (?:real |live )?(?:person|human)|our (?:phones?|lines?|doors?|hotline|desk))(?:'ll| will| always"
    r"| can| is| are|'re)? (?:answers?|picks? up|at work|working|reply|replies|respond|responds|on the phone|open"
    r"|closed)\b"
    rf"[^.!?;\n{MASK}]{{0,20}}? (?:{_ALL_HOURS}|every (?:day|weekday|weekend|{A_DAY})|(?:even )?on {_DAYS}|(?:until"
    r"|till|from)"
    rf" {_HOUR}|all (?:day|night|weekend)|(?:even )?at (?:night|midnight|weekends)|(?:over|during) {_DAYS}"
    r"|the same (?:day|hour))\b"
    r"|\b(?:call|ring|phone|reach|text|write to|get hold of) (?:us|me|a (?:real |live )?(?:person|human)|our office"
    r"|the office"
    rf"|somebody)(?: \w{{1,10}}){{0,2}}?"
    rf" (?:between {_HOUR} and|from {_HOUR} (?:to|till|until)|(?:until|till) {_HOUR}|(?:even )?on {_DAYS}|weekdays"
    r"|weekends"
    rf"|at (?:night|midnight|weekends)|every (?:day|weekday|weekend)|{_ALL_HOURS})\b"
    r"|\b(?:office|opening|business|working|phone|service) hours (?:are|run|go|begin|start|end|from|have|will|:)"
    rf"|\bhours(?: are)?:? (?:from )?{_HOUR} (?:to|till|until|-) {_HOUR}\b"
    r"|\bwe(?:'re| are)? (?:also |even )?(?:work|working|operate|take calls)(?: even)?(?: on| over"
    rf"| through)? {_DAYS}\b|\b(?:closed|off|away) (?:on|over|for|during) (?:the )?{_DAYS}\b"
)

REACHABILITY = (
    Sort(
        "promise",
        _OPEN,
        words(
            """
            also answe avail away call calls clock close day even hold hour hours manne night off open opera phone
            reach repli reply respo ring staff text up week work worki write
            """
        ),
    ),
)
