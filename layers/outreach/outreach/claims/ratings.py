"""How a reader is said to have rated: known from their comment, and of all their ratings together from the mean."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Claim, Settled
from outreach.claims.folding import fold, in_small_letters
from outreach.claims.numerals import NUMBER_WORDS
from outreach.claims.sheet import Sheet
from outreach.claims.terms import standing

_MEAN, _BEST, _GOOD = "satisfaction_average", 5.0, 4.0
_MARKS = r"(?:stars?|points|marks|ratings?|scores?|grades?|reviews?|thumbs[- ]up|out of \w{1,8})"
_US = rf"(?: (?:us|him|her|them|it|our \w{{1,14}}|the \w{{1,14}}|your \w{{1,14}}|{MASK}{{1,40}}))?"
_OFTEN = r"(?: (?:also|recently|just|kindly|always|once|even|already|again))?"
_RATED = lazy_pattern(
    rf"\byou(?:'ve| have|'d| had)?{_OFTEN} (?:gave|given|awarded|left|posted|sent|wrote){_US} (?:an? |the |your "
    r"|full |top |all )?"
    rf"(?:[a-z0-9+./-]{{1,14}} ){{0,3}}?{_MARKS}\b"
    rf"|\byou(?:'ve| have|'d| had)?{_OFTEN} (?:rated|scored|graded|ranked|reviewed|marked){_US}"
    r"(?: (?:an? |the |as |with |at )?(?:[a-z0-9+./-]{1,14} )?"
    rf"(?:{_MARKS}|top|highly|excellent\w{{0,2}}|perfect\w{{0,2}}|outstanding|five|ten|\d{{1,3}}|as \w{{2,12}}"
    rf"|(?:out )?of \w{{1,6}}))"
    rf"|\byour (?:\w{{1,12}} )?(?:ratings?|scores?|reviews?|marks?) (?:was|were|is|are) (?:an? )?(?:{NUMBER_WORDS}"
    rf"|\d[\d/.]{{0,4}}"
    r"|perfect|excellent|outstanding|high|top|glowing|full)\b"
    rf"|\byou(?:'ve| have|'d| had)?{_OFTEN} (?:called|named|described|voted|considered|praised|declared){_US} (?:the"
    r"|an?|as|your|simply|truly|very|absolutely|perfect|wonderful|great|excellent|outstanding|fantastic|amazing|best)\b"
    r"(?! (?:other|next|last|same|day|while|few|hour|week|minute|moment|month|year|couple|second|soon|well"
    r"|usual))(?: \w{1,14})?"
)
_THEIRS = lazy_pattern(
    r"\byour (?:(?P<best>perfect|full|flawless|top|best|highest|maximum|straight|five-star|ten)|(?P<good>kind|high"
    r"|lovely|great|good"
    r"|wonderful|generous|glowing|excellent|stellar|fine|warm|positive|raving|rave)) (?:\w{1,12} )?(?:scores?"
    r"|ratings?|marks?|grades?|reviews?|points)\b"
)
_WITHOUT_VERB = lazy_pattern(
    r"\b(?:gave|given|awarded|left|posted|sent|wrote|rated|scored|graded|ranked|reviewed|marked|called|named"
    r"|described|voted|considered|praised|declared|us)\b"
)
_NOT_YET = lazy_pattern(r"\b(?:like|if|when|once|who|whether|should|before|until|wish|hope|would) $")
_SENTENCE_END = lazy_pattern(r"[.!?;]")
_LONGEST_SAID = 120


def settle_ratings(page: str, sheet: Sheet) -> Iterator[Settled]:
    """Every rating that a reader is said to have given, in figures or in words."""
    if "you" not in page:
        return
    for match in _RATED.finditer(page):
        if not _NOT_YET.search(page[max(0, match.start() - 10) : match.start()]):
            yield _by_comment(match, sheet)
    for match in _THEIRS.finditer(page):
        yield _by_mean(match, sheet)


def _by_comment(match: re.Match[str], sheet: Sheet) -> Settled:
    claim = Claim("reader", *match.span())
    if sheet.comment is None:
        return Settled(claim, "not_checked")
    rest = match.string[match.end() : match.end() + _LONGEST_SAID]
    said = _SENTENCE_END.split(match[0].partition(" ")[2] + rest.partition("\n")[0])[0].replace(MASK, " ")
    if standing(_WITHOUT_VERB.sub("", said), in_small_letters(fold(sheet.comment).text)) == "so":
        how = "derived: every word of it stands in one sentence of the comment"
        return Settled(claim, "equals", source="/comment", comparison=how)
    return Settled(claim, "unsupported")


def _by_mean(match: re.Match[str], sheet: Sheet) -> Settled:
    """The best of ratings is so where all were, a good one where most were."""
    claim, source, mean = Claim("reader", *match.span()), f"/features/values/{_MEAN}", sheet.feature(_MEAN)
    least = _BEST if match["best"] else _GOOD
    if mean is None:
        return Settled(claim, "unsupported" if match["best"] else "opinion")
    if mean >= least:
        return Settled(claim, "equals", source=source, comparison=f"derived: {_MEAN} >= {least} of 5")
    return Settled(claim, "contradicted", source=source)
