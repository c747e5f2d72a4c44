"""What a draft says of its reader: how satisfied they are is known, most else only they know."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Claim, Settled
from outreach.claims.folding import fold, in_small_letters
from outreach.claims.sheet import Sheet
from outreach.claims.terms import standing

_SATISFACTION = "satisfaction_average"
# On the scale of 1 to 5.
_PLEASED, _DISPLEASED = 4.0, 3.0
_HOW = (
    r"(?:(?:so|very|really|truly|quite|always|clearly|absolutely|all|both|also|still|especially|completely|already)"
    r" ){0,2}"
)
_JOY = lazy_pattern(
    rf"\byou(?:'ve| have|'re| are| were| was)? {_HOW}(?:loved?|enjoy(?:ed)?|liked?|adored?|happy|pleased"
    r"|thrilled|delighted|satisfied|impressed|glad)(?: with| about| by)?\b"
    r"|\byour (?:satisfaction|kind words|praise|lovely (?:words|comment)|five-star (?:review|rating))\b"
)
_WISHED = lazy_pattern(
    r"\b(?:hope|hoping|wish|if|whether|would|will|ll|when|may|might|think|sure|how|way|as|what|should|could) $"
)
_GRIEF = lazy_pattern(
    rf"\byou(?:'ve| have|'re| are| were| was)? {_HOW}(?:unhappy|disappointed|dissatisfied|displeased|upset"
    r"|angry|annoyed|frustrated|complain(?:ed)?"
    r"|(?:had|have) (?:a )?(?:trouble|problems?|complaints?|issues?|concerns?)|hated?|disliked?)\b"
    r"|\byour (?:complaints?|disappointment|frustration|bad experience)\b"
)
_ACT = lazy_pattern(
    r"\b(?:as |since |because |when |and |that |what )?you(?:'ve| have|'d| had)? (?:already |recently |once "
    r"|kindly |also )?(?:agreed|ordered|signed up|signed|owe|owed|promised|requested|subscribed|committed"
    r"|purchased|cancell?ed|referred|recommended|paid(?! (?:it|us|me|attention)\b)|won(?!')|earned|qualified"
    r"|been selected|been chosen|inherited|upgraded|renewed)\b"
    r"|\byou(?:'ve| have|'re| are)? (?:been )?(?:pre-)?(?:selected|chosen|approved|a winner|entitled|a (?:vip"
    r"|gold|premium|platinum)(?: \w+)?)\b"
    r"|\byour (?:birthday|anniversary|divorce|wedding|pregnancy|illness|diagnosis|surgery|income|debts?"
    r"|overdue \w+|unpaid \w+|account balance|invoice)\b"
)
_SAID = lazy_pattern(
    r"\byou(?:'ve| have|'d| had)? (?:once |recently |also |kindly |even )?(?:told|said|mentioned|wrote|written"
    r"|asked|rated|gave us|given us|reported|noted|pointed out|let us know)\b"
)
# What somebody saw at the reader's place, whoever knows the place can tell.
_SEEN = lazy_pattern(
    rf"(?:\b(?:we|i|our (?:crews?|team)|the (?:crew|team)|they)|(?<={MASK}))(?:'ve| have| also| just| recently){{0,2}}"
    r" (?P<seen>noticed|spotted|observed|discovered|(?:found|saw) (?:that|some|a|an|signs|your))\b"
)
_QUOTED = lazy_pattern(r"(?<!\w)[\"'](?=\w)([^\"\n]{2,200}?)(?<=[\w.,!?])[\"'](?!\w)")
_WORD = lazy_pattern(r"[^\W_]+")
_SENTENCE_END = lazy_pattern(r"[.!?;]")
_LONGEST_SAID = 300
_NOT_YET = lazy_pattern(r"\b(?:like|if|when|once|who|whether|should|before|until|friends?|anyone|someone) $")


def settle_reader(page: str, sheet: Sheet) -> Iterator[Settled]:
    """How pleased a reader was, by their ratings; what they did, by nothing; what they said, for a person to read."""
    average = sheet.feature(_SATISFACTION)
    for match in _JOY.finditer(page):
        wished = _WISHED.search(page[max(0, match.start() - 10) : match.start()])
        yield _by_ratings(match, None if wished else average, of_joy=True)
    for match in _GRIEF.finditer(page):
        yield _by_ratings(match, average, of_joy=False)
    for match in _ACT.finditer(page):
        if not _NOT_YET.search(page[max(0, match.start() - 10) : match.start()]) and not match[0].startswith("when"):
            yield Settled(Claim("reader", *match.span()), "unsupported")
    for match in _SAID.finditer(page):
        if not _NOT_YET.search(page[max(0, match.start() - 10) : match.start()]):
            yield _told(match, sheet.comment or "")
    for match in _SEEN.finditer(page):
        yield Settled(Claim("reader", *match.span("seen")), "not_checked")


def _told(match: re.Match[str], comment: str) -> Settled:
    """What the reader is said to have told: so where their comment has the quotation, or else every word of it."""
    claim = Claim("reader", *match.span())
    said = match.string[match.end() : match.end() + _LONGEST_SAID].partition("\n")[0]
    quoted = [_plain(each) for each in _QUOTED.findall(said)]
    if quoted and all(f" {each} " in f" {_plain(comment)} " for each in quoted if each):
        return Settled(claim, "equals", source="/comment", comparison="derived: the comment has the words quoted")
    if not quoted and standing(_SENTENCE_END.split(said)[0].replace(MASK, " "), comment) == "so":
        how = "derived: every word of it stands in one sentence of the comment"
        return Settled(claim, "equals", source="/comment", comparison=how)
    return Settled(claim, "not_checked")


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(in_small_letters(fold(text).text)))


def _by_ratings(match: re.Match[str], average: float | None, *, of_joy: bool) -> Settled:
    claim, source = Claim("reader", *match.span()), f"/features/values/{_SATISFACTION}"
    if average is None:
        # Nobody is hurt by a kindness; a grievance that nobody uttered is an invention.
        return Settled(claim, "opinion" if of_joy else "unsupported")
    if (average >= _PLEASED) if of_joy else (average < _DISPLEASED):
        bound = f">= {_PLEASED}" if of_joy else f"< {_DISPLEASED}"
        return Settled(claim, "equals", source=source, comparison=f"derived: {_SATISFACTION} {bound} of 5")
    if (average < _DISPLEASED) if of_joy else (average >= _PLEASED):
        return Settled(claim, "contradicted", source=source)
    return Settled(claim, "opinion" if of_joy else "unsupported")
