"""What is wrong with a draft, in words for its writer: from the findings of code and the scores of the judge."""

from collections.abc import Iterable, Sequence

from outreach.contracts import Score
from outreach.findings import Finding, blocking

_BEST_SCORE = 5
_OF_THE_WHOLE = {
    "leak": "The e-mail tells what only you were told. Write it anew, from the facts alone",
    "guard": "A guard stopped the e-mail ({text}). Write it anew, without that",
}


def kept(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that are still of use once a draft was judged: what stops it, and that a guard failed."""
    return [
        *blocking(findings),
        *(each for each in findings if each["kind"] == "guard" and each["result"] == "not_checked"),
    ]


def feedback_on(scores: Sequence[Score], findings: Iterable[Finding]) -> list[str]:
    """One line for each blocking finding, then one for each criterion that could be better, the worst first."""
    improvable = sorted((score for score in scores if score["score"] < _BEST_SCORE), key=lambda score: score["score"])
    lines = [_finding_in_words(finding) for finding in blocking(findings)]
    return lines + [
        f"{score['criterion']} ({score['score']} of {_BEST_SCORE}): {score['reason']}" for score in improvable
    ]


def _finding_in_words(finding: Finding) -> str:
    where, text, slot = finding["where"].replace("_", " "), finding["text"], f"{{{{{finding['slot']}}}}}"
    if finding["kind"] == "brand":
        return f"The {where} breaks a rule of the brand: {text}"
    if finding["kind"] in _OF_THE_WHOLE:
        return _OF_THE_WHOLE[finding["kind"]].format(text=text)
    if finding["kind"] == "copied":
        return f"The {where} repeats a past case word for word: “{text}”. Say it in words of your own"
    if finding["kind"] == "structure":
        return _structure_in_words(where, text, slot if finding["slot"] else None)
    if finding["result"] == "contradicted" and finding["slot"]:
        return f"The {where} says “{text}”, but that isn't so: write {slot} instead"
    return f"The {where} says “{text}” ({finding['kind']}), which no fact supports: leave it out or write its slot"


def _structure_in_words(where: str, text: str, slot: str | None) -> str:
    if slot:
        return f"The body or the call to action must contain {slot}"
    if text:
        return f"The {where} has what no e-mail has (headers, code, or words that come again and again): “{text}”"
    return f"The {where} says nothing"
