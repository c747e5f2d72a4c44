"""What one part of a draft claims: every reader in its order, each over what the readers before it left."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from outreach.claims.claim import Claim, Settled, masked, without_overlaps
from outreach.claims.comparing import settle
from outreach.claims.dates import read_dates
from outreach.claims.greetings import read_greeting, read_misaddressed, read_subject_address
from outreach.claims.links import read_emails, read_links
from outreach.claims.names import read_compounds, read_known_names
from outreach.claims.phones import read_phones
from outreach.claims.placeholders import read_placeholders, read_slots
from outreach.claims.quantities import read_marks_alone, read_quantities
from outreach.claims.sheet import Sheet
from outreach.claims.signatures import read_introduction, read_last_line, read_missigned, read_signature
from outreach.claims.surroundings import beside_slots

Reader = Callable[[str, Sheet], Iterator[Claim]]

_MISPLACED: tuple[Reader, ...] = (read_misaddressed, read_missigned)
_BEFORE_NAMES: tuple[Reader, ...] = (
    read_compounds,
    read_placeholders,
    read_links,
    read_emails,
    read_greeting,
    read_signature,
)
_NAMES_BY_PART: dict[str, tuple[Reader, ...]] = {
    "subject": (read_subject_address,),
    "body": (read_last_line,),
    "call_to_action": (),
}
_AFTER_NAMES: tuple[Reader, ...] = (read_introduction, read_known_names, read_dates, read_phones, read_quantities)

PARTS = tuple(_NAMES_BY_PART)
# Bounds the work on a hostile text; a mail has some twenty.
MOST_CLAIMS = 500


def settled_claims(where: str, page: str, sheet: Sheet) -> tuple[list[Settled], str]:
    """What became of the claims of one page, in order; and the page with its slots blanked out."""
    settled: list[Settled] = []

    def settle_all(page: str, found: Iterable[Claim]) -> str:
        claims = without_overlaps(islice(found, MOST_CLAIMS + 1))
        settled.extend(settle(claim, sheet) for claim in claims)
        return masked(page, claims)

    for read in _MISPLACED:
        page = settle_all(page, read(page, sheet))
    slots = list(islice(read_slots(page, sheet), MOST_CLAIMS + 1))
    settled += slots
    page = prose = masked(page, [each.claim for each in slots])
    for read in (*_BEFORE_NAMES, *_NAMES_BY_PART[where], *_AFTER_NAMES):
        page = settle_all(page, read(page, sheet))
    settled[:] = beside_slots(page, settled, sheet)
    page = masked(page, [each.claim for each in settled])
    settle_all(page, read_marks_alone(page, sheet))
    return sorted(settled, key=lambda each: each.claim.start), prose
