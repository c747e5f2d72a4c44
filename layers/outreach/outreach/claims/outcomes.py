"""What a service is said to bring about, measured: by how much, for how long, worth what; no fact measures it."""

from agent_platform.patterns import lazy_pattern

from outreach.claims.numerals import NUMBER_WORDS
from outreach.claims.sorts import Sort
from outreach.claims.vocabulary import words

_SOME = rf"(?:{NUMBER_WORDS}|a few|several|many|countless|endless|dozens of|up to \w{{1,8}}|\d{{1,3}})"
_MORE = r"(?:rais|increas|boost|improv|lift|rais|enhanc|doubl|tripl|reduc|cut|lower|halv|slash|shrink|add)"
_TIMES = r"(?:twice|thrice|half|double|(?:two|three|four|five|ten|several|many|\d{1,2}) times)"
_FRACTION = (
    r"(?:half|an? (?:third|quarter|fifth|tenth|half|factor|full|whole|mile|inch|foot)|(?:one|two|three) (?:thirds?"
    r"|quarters?|fifths?|inch(?:es)?)|up to|almost|nearly|over|more than|as much as)"
)
_OUTCOME = lazy_pattern(
    r"\b(?:sav(?:e|es|ed|ing)|spar(?:e|es)|wins?|gains?|frees?|gives?|buys?)(?: up)?(?: (?:you|your family|us|them"
    r"|everyone))?"
    r"(?: back)? (?:(?:up to|about|around|over|almost|nearly|at least|more than) )?(?:hours|days|weeks|an hour"
    r"|a fortune|a bundle"
    rf"|thousands|hundreds|a lot of (?:money|water|energy)|{_SOME} (?:\w{{1,10}} )?(?:hours?|days|weeks|minutes"
    r"|dollars|pounds)"
    r"|half (?:the|your|an?) (?:\w{1,12} )?(?:work|time|day|cost|price|bill|money|water|hour)|(?:money|time|water"
    r"|energy) (?:every|each|per|on your|in the long))\b"
    rf"|\b{_MORE}\w{{0,4}} (?:to |up )?(?:(?:the|your|its|their|any) )?(?:\w{{1,12}} ){{0,2}}?(?:values?|worth"
    r"|yields?|lifespan"
    r"|(?:water|energy|heating|electric|power|gas|utility)(?: \w{1,12})? (?:bills?|costs?|use|usage|consumption)"
    r"|curb appeal|resale|property (?:value|price)|market value|allerg\w{1,4}|asthma|immun\w{1,4}|asking price)\b"
    r"|\b(?:grow|last|improve|increase|reduce|raise|boost|cut|lower|rise|drop|fall|shrink|spread|thicken|speed"
    r"|decrease|climb)"
    rf"(?:s|ed|ing)?(?: (?:up|back|down))?(?: \w{{1,12}}){{0,4}}? by {_FRACTION}\b"
    r"|\b(?:grow|last|dry|work|heal|spread|stay|keep|hold|thicken"
    rf"|recover)s?(?: \w{{1,12}}){{0,3}}? (?:{_TIMES} (?:as|the|longer"
    r"|faster|thicker|more)|(?:years|months|weeks|much|far|way) (?:longer|faster|thicker))\b"
    r"|\b(?:lasts?|keeps?|holds?|lasting)(?: \w{1,12}){0,2}? (?:for )?(?:(?:many |several |\w{3,8} )?(?:years|months"
    r"|decades"
    r"|seasons)|all (?:season|winter|summer|year|spring)|a lifetime|through the (?:whole )?(?:winter|season|summer)"
    r"|well into|until (?:spring|summer|next))\b"
    r"|\b(?:cuts?|slashe?s?|splits?) (?:your|the|its|their) (?:\w{1,12} ){1,2}in half\b|\badds? (?:thousands"
    r"|hundreds)\b|\b(?:needs?|uses?|takes?|costs?) (?:only |just |about )?(?:half|a third|a fraction|a quarter"
    r"|less than half) (?:of )?(?:the|as)\b"
    rf"|\b{_TIMES} (?:as|the) (?:\w{{1,12}} )?(?:long|thick|green|clean|fast|healthy|strong|bright|fresh|much|many"
    r"|value|life|growth)\b"
    r"|\b(?:kills?|removes?|eliminates?|destroys?|repels?) (?:\w{1,12} ){0,3}?(?:germs|bacteria|virus(?:es)?"
    r"|allergens?|mites|odou?rs|stains|pests|weeds)\b"
    r"|\b(?:in|after|within) (?:just|only|as little as|less than|under) (?:an? |the first )?(?:\w{1,10} )?(?:days?"
    r"|weeks?|hours?|visits?|treatments?)\b"
    r"|\b(?:no|without|never|fewer|less|zero) (?:\w{1,10} )?(?:allergies|asthma|disease|illness(?:es)?|back pain"
    r"|germs|bacteria)\b"
    r"|\b(?:pays? (?:for itself|itself back|you back|off (?:in|within|after))|worth (?:double|twice|three times"
    r"|(?:far |much )?more than (?:you|it|its|the price|what)))\b"
)

OUTCOMES = (
    Sort(
        "comparative",
        _OUTCOME,
        words(
            """
            aller appea as asthm bacte bill bills buy buys by consu cost costs destr disea doubl elimi faste fract
            free frees gain gains germs give gives half hold holds hundr illne immun just keep keeps kill kills last
            lasti lasts less lifes longe only pain pay pays price quart remov repel resal save saved saves savin
            spare thick third thous thric times twice under usage use value win wins worth yield
            """
        ),
    ),
)
