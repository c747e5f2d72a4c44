"""Who is said to do the work: a crew's name is the only fact of it."""

from agent_platform.patterns import lazy_pattern

from outreach.claims.sorts import Sort
from outreach.claims.vocabulary import words

_TRADE = (
    r"(?:gardeners?|cleaners?|technicians?|inspectors?|arborists?|horticulturists?|agronomists?|landscapers?|engineers?"
    r"|botanists?|foreman|foremen|surveyors?|plumbers?|electricians?|roofers?|mechanics?|craftsm[ae]n|craftspeople"
    r"|groundskeepers?)"
)
_RANKED = (
    r"(?:master|senior|head|chief|lead|certified|licensed|qualified|in-house|resident|accredited|experienced|veteran"
    r"|award-winning|specially trained|fully trained|highly trained|specialized|specialised)"
)
_ANYBODY = (
    r"(?:people|crews?|teams?|staff|experts?|specialists?|members?|managers?|advis[eo]rs?|consultants?|hands|employees)"
)
_DO = (
    r"(?:'ll|'d| will| would| does| do| comes?| looks? (?:at|over|after)| works?| handles?| inspects?| checks?"
    r"| visits?| takes? (?:on"
    r"|over|care)| leads?| oversees?| supervises?| is (?:assigned|coming|back|yours|on)| are (?:assigned|coming|back"
    r"|on)| returns?| shows? up| arrives?| touch(?:es)?| gets?| plans?| do(?:es)? it)"
)
_WORKER = lazy_pattern(
    rf"\b(?:our|an?|the|your|one of our|by|only|senior) (?:\w{{1,12}} )?{_RANKED} {_TRADE}\b"
    r"|\b(?:our|an?|your|one of our) (?:own )?(?:inspectors?|arborists?|horticulturists?|agronomists?|engineers?"
    r"|botanists?|surveyors?|soil scientists?|turf scientists?)\b"
    rf"|\b(?:our|a|the|your|one of our|by|only)(?: \w{{1,12}})? {_RANKED} {_ANYBODY}{_DO}\b"
    rf"|\bonly (?:our|the|a|your|one)(?: \w{{1,12}}){{0,2}} (?:{_ANYBODY}|{_TRADE}){_DO}\b"
    r"|\b(?:your|the|exactly the|always the) (?:usual|same|very same|regular|familiar|dedicated|own|assigned|personal)"
    rf" (?:{_ANYBODY}|{_TRADE}|person|faces?|helpers?|folks)(?:{_DO}| every (?:time|visit|week)| each (?:time|visit"
    r"|week)| (?:for|on) (?:it|this|that|every|each|all))\b"
    r"|\b(?:will|'ll|does|comes?|visits?|inspects?|checks?|oversees?|handles?|supervises?|mows?|cleans?)\b"
    r"[^.!?;,\n]{0,30}\b(?:himself|herself|myself|ourselves|in person)\b"
    r"|\bpersonally (?:inspect|visit|check|oversee|handle|come|supervise|look at|look over|mow|clean|do"
    r"|sign off)\w{0,3}\b|\b(?:sub-?contract\w{0,4}|outsourc\w{1,4}|temporary workers)"
    r"|\b(?:a|your) (?:dedicated|personal|own|named) (?:account |customer |care |service |lawn |home )?(?:managers?"
    r"|contact|advis[eo]r|coordinator|concierge|specialist|assistant)\b"
)

WORKERS = (
    Sort(
        "promise",
        _WORKER,
        words(
            """
            accre agron arbor assig botan certi chief contr dedic engin exper famil head herse himse horti house
            inspe lead licen maste mysel named only ourse outso own perso quali regul resid same scien senio speci
            subco surve tempo train usual veter winni
            """
        ),
    ),
)
