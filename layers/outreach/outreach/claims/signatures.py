"""Who a draft comes from."""

import re
from collections.abc import Iterator

from agent_platform.patterns import lazy_pattern

from outreach.claims.claim import MASK, Claim
from outreach.claims.names import capitalised, names_between, names_nobody, words_of
from outreach.claims.sheet import Sheet
from outreach.claims.vocabulary import words

SIGNERS = frozenset(("sender.name", "sender.title", "company.name", "service.crew"))
_PLACES = frozenset(("company.name", "customer.city"))
_READERS_OWN = frozenset(("customer.first_name", "customer.city"))
_CLOSING = (
    r"(?:(?:with )?(?:(?:best|kind|warm|warmest|kindest|many)(?: regards| wishes| thanks)?|regards"
    r"|(?:thanks|thank you)(?: again| so much)?|warmly|sincerely|cheers|yours(?: truly| sincerely| faithfully)?"
    r"|respectfully|gratefully|cordially|take care|see you soon|talk soon|until next time|all the best|with gratitude"
    r"|(?:mit )?(?:freundliche|beste|herzliche|liebe|viele)n? gru(?:ss|.)en?"
    r"|atentamente|(?:un )?(?:cordial )?saludos?|cordialement|bien a vous|cordiali saluti|atenciosamente"
    r"|met vriendelijke groet))"
)
_CLOSING_LINE = rf"^[ \t]{{0,4}}{_CLOSING}[ \t]{{0,3}}(?:[,!.]|-{{1,2}}|$)"
_CLOSED = lazy_pattern(_CLOSING_LINE, re.IGNORECASE | re.MULTILINE)
_CLOSED_BY_SLOT = lazy_pattern(
    rf"{_CLOSING_LINE}\s{{0,6}}-{{0,2}} ?(?P<braces>\{{\{{ ?(?P<slot>[a-z_.]{{1,80}}) ?\}}\}})\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_POSTSCRIPT = lazy_pattern(r"\s*p\.? ?s\b", re.IGNORECASE)
_DASHED = lazy_pattern(r"\s{0,4}(?:-{1,3}|~)\s{0,3}(?=[^\W\d_])")
_NO_SIGNATURE = words(
    """
    ask apply book call claim click come enjoy follow forward get give grab here join just learn let more now order
    pass please reach read redeem refer reply save schedule see send share sign soon start take tap tell today try
    use visit want we
    """
)
_LINES_OF_A_SIGNATURE = 6
_LONGEST_LINE = 60
_INTRODUCED = lazy_pattern(
    r"\b(?i:my name is|i am|i'm) |\b(?i:this is|it's|it is) (?=(?:\w+ ){1,3}(?:from|with|at|here)\b)"
)
_AT = lazy_pattern(
    r"\b(?i:(?:all of us|everyone|everybody|here|team|crew|folks|friends|family) at|on behalf of) (?:the )?"
)


def read_missigned(page: str, sheet: Sheet) -> Iterator[Claim]:
    """A signature by the reader's own slot."""
    for match in _CLOSED_BY_SLOT.finditer(page):
        fact = sheet.by_slot.get(match["slot"])
        if fact and fact["slot"] in _READERS_OWN:
            yield Claim("name", match.start("braces"), match.end("braces"), str(fact["value"]), SIGNERS)


def read_signature(page: str, sheet: Sheet) -> Iterator[Claim]:
    """Names in the lines after a closing formula."""
    read_to = 0
    for match in _CLOSED.finditer(page):
        if match.start() < read_to:
            continue
        for start, end in _signed_lines(page, match.end()):
            yield from names_between(page, sheet, start, end, SIGNERS)
            read_to = end + 1


def read_last_line(page: str, sheet: Sheet) -> Iterator[Claim]:
    """Names in a last line that signs without a formula: "- Priya", "Priya Shah"."""
    text = page.rstrip()
    start = text.rfind("\n") + 1
    line = text[start:]
    dashed = _DASHED.match(line)
    before = text[:start].rstrip().rpartition("\n")[2]
    is_list = dashed is not None and _DASHED.match(before) is not None
    if start and len(line) <= _LONGEST_LINE and not is_list and (dashed or _is_name_alone(line)):
        yield from names_between(page, sheet, start, start + len(line), SIGNERS)


def read_introduction(page: str, sheet: Sheet) -> Iterator[Claim]:
    """The name after "I'm" or "My name is", and the company after "all of us at"."""
    for pattern, may_be in ((_INTRODUCED, SIGNERS), (_AT, _PLACES)):
        read_to = 0
        for match in pattern.finditer(page):
            if match.start() < read_to:
                continue
            region = page[match.end() : match.end() + _LONGEST_LINE].split("\n", maxsplit=1)[0]
            start, end = next(capitalised(region), (-1, -1))
            if start == 0:
                read_to = match.end() + end
                yield from names_between(page, sheet, match.end(), match.end() + end, may_be)


def _signed_lines(page: str, position: int) -> Iterator[tuple[int, int]]:
    for _ in range(2 * _LINES_OF_A_SIGNATURE):
        end = page.find("\n", position, position + 2 * _LONGEST_LINE)
        end = end if end >= 0 else min(len(page), position + 2 * _LONGEST_LINE)
        line = page[position:end].strip()
        if len(line) > _LONGEST_LINE or _POSTSCRIPT.match(line) or _is_sentence(line):
            return
        yield position, end
        position = end + 1


def _is_sentence(line: str) -> bool:
    return sum(word[0][0].islower() and not names_nobody(word[0]) for word in words_of(line)) > 1


def _is_name_alone(line: str) -> bool:
    words = [word[0] for word in words_of(line)]
    return (
        0 < len(words) <= 4
        and MASK not in line
        and line[-1] not in ".!?:"
        and all(word[0].isupper() for word in words)
        and not any(word.casefold() in _NO_SIGNATURE for word in words)
    )
