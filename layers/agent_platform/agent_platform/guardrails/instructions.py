"""Free text that speaks to a machine instead of about a service: known by what it says, however it is written.

Each pattern reads at most one sentence from where it begins, so that time is linear in the text.
"""

import re

from agent_platform.guardrails.disguises import readings
from agent_platform.patterns import lazy_pattern

_LONGEST = 4_000
_NEAR = r"[^.!?\n]{0,80}?"
# Where a sentence, or a part of one, tells somebody to do something; what I or they do is a tale.
_TELLS = (
    r"(?:^|[.!?;:,\n(\"“'`>*\]—–-]\s{0,3}|\b(?:please|kindly|now|then|instead|also|always|simply|just|finally|and"
    r"|first(?:ly)?|second(?:ly)?|third(?:ly)?|next|last(?:ly)?"
    r"|you (?:must|should|shall|will|can|may|need to|have to|are to)|must|instructed to|told to|asked to|want you to"
    r"|your task is to|goal is to|job is to|remember to|sure to|make sure you|be to) )"
)
_OUTPUT = (
    r"\b(?:e-?mails?|mail|messages?|letter|reply|response|answer|subject(?: line)?|body|draft|output|newsletter"
    r"|signature|greeting|call to action|recipients?|readers?|paragraph|sentence|first line|last line|closing line)\b"
)
_WRITING = (
    r"(?:write|say|include|add|append|put|insert|mention|print|output|repeat|reveal|show|state|start|begin|end|finish"
    r"|close|sign|translate|rewrite|summari[sz]e|compose|generate|respond|reply|answer|tell|use|replace|change|omit"
    r"|offer|promise|announce|apologi[sz]e|copy|quote|recite|produce|continue|complete|grant|claim|give|send|set|admit"
    r"|point|recommend|leave|fill|turn|make)"
)
_SPEAKING = r"(?:write|print|output|reveal|repeat|recite|translate|compose|append|insert|announce|respond|state|admit)"
_RULES = r"\b(?:instructions?|prompts?|guidelines?|directions|rules|orders|constraints|polic(?:y|ies)|restrictions)\b"

_SAYINGS = {
    "override": rf"\b(?:ignore|disregard|forget|override|bypass|discard|neglect|skip|stop following){_NEAR}{_RULES}"
    rf"|\b(?:ignore|disregard|forget|discard) (?:everything|all|anything|what(?:ever)?)\b{_NEAR}"
    r"\b(?:above|before|earlier|previous|told|so far|said)\b|\bnew (?:instructions?|task|rules|orders)\b",
    "machine": r"\b(?:language model|ai (?:assistant|model|system|writer)|as an ai|chat ?bot|chat ?gpt|llm"
    r"|system (?:prompt|message|note|override|instruction)|developer mode|jail ?break\w{0,4}|do anything now"
    r"|(?:dear|hey|hello|attention|note to(?: the)?) (?:assistant|ai|model|writer|judge|bot)"
    r"|you are (?:now (?:an?|in|the|my|free|called|dan)\b|no longer"
    r"|going to (?:act|be|play)|an? (?:assistant|ai|bot|model|character)|dan\b|in )"
    r"|act as (?!if\b|though\b)|pretend (?:to be|you|that)|role-?play|behave as"
    r"|imagine (?:that )?(?:you|a writer|a character)"
    r"|from now on,? (?:you|every|all)|let'?s play|in (?:this|the) (?:story|game|scene|play)|hypothetical(?:ly)?"
    r"|(?:your|the) (?:creator|developer|operator|administrator)s?\b)",
    "role": r"(?:^|[.!?\n]\s{0,3}|[<\[#*|(])(?:system|assistant|user|human|developer|admin|instructions?)"
    r"(?: (?:prompt|message|note))?\s?[:>\])|]|<\||\[/?inst\]|###|</?(?:data|system|prompt|instructions?)\b"
    r"|\b(?:begin|end|start) (?:of )?(?:the )?(?:data|instructions|prompt|input|comment|user input)\b",
    "output": rf"{_TELLS}{_WRITING}\b(?! (?:me|us|him|her|them)\b){_NEAR}{_OUTPUT}",
    "speech": rf"{_TELLS}{_SPEAKING}\b|{_TELLS}(?:say|tell)\b{_NEAR}(?:that\b|:|[\"“‘«])"
    rf"|{_TELLS}(?:include|add|mention|put|use|give|sign|start|begin|end)\b{_NEAR}"
    r"(?:[\"“«]|\bthe (?:words?|link|phrase|line|text|code)\b|\bexactly\b|\bverbatim\b)",
    "offer": rf"{_TELLS}(?:offer|promise|grant|give|announce|guarantee)\b{_NEAR}"
    r"(?:%|\bpercent\b|\bfree\b|\bdiscount\b|\brefund\b|\bvoucher\b|\bcoupon\b|\bguarantee\b|\bwarranty\b)",
    "judge": rf"\b(?:score|rate|grade|rank|mark|give|assign|award){_NEAR}\b(?:criteri(?:a|on)|rubric|draft|scores?)\b"
    r"|\bapprove (?:this|it|the (?:draft|e-?mail|message))\b|\b(?:note to|dear) (?:the )?judge\b",
    "question": rf"\b(?:what|which|repeat|reveal|show|list|print|spell){_NEAR}"
    r"(?:\binstructions\b|\bprompt\b|\bwords above\b|\btext above\b|\beverything above\b|\bwere you told\b)",
    "example": r"\b(?:q|input|question|comment)\s?:[^\n]{0,200}?\b(?:a|output|answer|e-?mail)\s?:",
    "cipher": r"\b(?:decode|base ?64|rot-?13|caesar|cipher|unscramble|decrypt|concatenate|eval|exec)\b"
    r"|\bread (?:it |this )?backwards\b|\b\w{1,12} ?= ?[\"'“]|\bjoin (?:the|these|a|both|all)\b",
    "spelled out": r"(?:(?<!\w)\w[ .\-_]{1,2}){8}",
    "suffix": r"(?:[\]\[{}()<>|\\*=#~^]{2}.{0,40}?){3}",
    "another language": rf"\b(?:ignorier|vergiss|missacht|ignore[zr]|oublie|ignora|olvida|omit[ea]|dimentica|esqueça"
    rf"|negeer|vergeet)\w{{0,4}}{_NEAR}\b(?:anweisung|regeln|vorgaben|instruc|consigne|règles|reglas|indicacion"
    r"|istruzion|regole|regras|instructies|regels)"
    r"|(?:^|[.!?;:,\n]\s{0,3}|\b(?:bitte|por favor|und|et|y) )(?:schreibe?|füge|sage?|biete|versprich|écri(?:s|vez)"
    r"|ajoute[zr]?|dites|inclu(?:s|ez)|mentionne[zr]?|escrib[ae]n?|incluy[ae]n?|agreg[au]e?n?|añad[ae]n?|menciona"
    r"|promet[ae]|scriv[ia]|aggiungi|escrev[ae]|inclua|schrijf|voeg)\b",
}  # fmt: skip
_PATTERNS = {category: lazy_pattern(saying, re.IGNORECASE) for category, saying in _SAYINGS.items()}


def instruction_in(text: str) -> str | None:
    """Which kind of instruction to a machine a text holds, read plainly and in every usual disguise; None: none.

    What is longer than any contract lets a free field be is no longer read: it is `overlong`.
    """
    if len(text) > _LONGEST:
        return "overlong"
    for reading in readings(text):
        for category, pattern in _PATTERNS.items():
            if pattern.search(reading):
                return category
    return None
