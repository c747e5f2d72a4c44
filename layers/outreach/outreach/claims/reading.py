"""What one part of a draft claims: every reader in its order, each over what the readers before it left."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from agent_platform.patterns import lazy_pattern

from outreach.claims.appointments import settle_appointments
from outreach.claims.automatisms import AUTOMATISMS
from outreach.claims.bought import settle_services
from outreach.claims.capitals import settle_capitals
from outreach.claims.causes import CAUSES
from outreach.claims.claim import Claim, Settled, masked, the_worst_first, without_overlaps
from outreach.claims.codes import settle_codes
from outreach.claims.colloquial import read_shares, read_slang
from outreach.claims.comparatives import settle_comparatives
from outreach.claims.comparing import settle
from outreach.claims.concessions import settle_concessions
from outreach.claims.conditions import settle_conditions
from outreach.claims.dates import read_dates
from outreach.claims.endings import settle_endings
from outreach.claims.entitlements import ENTITLEMENTS
from outreach.claims.folding import in_small_letters
from outreach.claims.frequencies import settle_frequencies
from outreach.claims.greetings import read_called, read_greeting, read_misaddressed, read_subject_address
from outreach.claims.households import settle_households
from outreach.claims.inclusions import INCLUSIONS
from outreach.claims.lapses import settle_lapses
from outreach.claims.links import read_emails, read_links
from outreach.claims.meanings import with_meanings
from outreach.claims.names import read_compounds, read_known_names
from outreach.claims.offer_names import settle_offer_names
from outreach.claims.ordinals import settle_ordinals
from outreach.claims.outcomes import OUTCOMES
from outreach.claims.payments import PAYMENTS
from outreach.claims.phones import read_phones
from outreach.claims.placeholders import read_placeholders, read_slots
from outreach.claims.promises import settle_promises
from outreach.claims.quantities import read_marks_alone, read_quantities
from outreach.claims.ranges import joined_ranges
from outreach.claims.ratings import settle_ratings
from outreach.claims.reachability import REACHABILITY
from outreach.claims.readers import settle_reader
from outreach.claims.reputation import REPUTATION
from outreach.claims.roundings import settle_rounded_counts, settle_totals
from outreach.claims.sheet import Sheet
from outreach.claims.signatures import read_introduction, read_last_line, read_missigned, read_signature
from outreach.claims.sorts import settling
from outreach.claims.spans import settle_spans
from outreach.claims.surroundings import beside_slots
from outreach.claims.topics import settle_topics
from outreach.claims.urgency import settle_urgency
from outreach.claims.workers import WORKERS

Reader = Callable[[str, Sheet], Iterator[Claim]]
Settler = Callable[[str, Sheet], Iterator[Settled]]

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
    "body": (read_called, read_last_line),
    "call_to_action": (),
}
_NAMES: tuple[Reader, ...] = (read_introduction, read_known_names)
# What may hold a figure that isn't a claim of its own: "three days left".
_WITH_NUMBERS: tuple[Settler, ...] = (
    settle_codes,
    settle_services,
    settle_ratings,
    settle_urgency,
    settle_endings,
    settle_appointments,
    settle_spans,
    settle_ordinals,
    settle_frequencies,
    settle_households,
    settle_rounded_counts,
    settle_totals,
)
_FIGURES: tuple[Reader, ...] = (read_dates, read_phones, read_slang, read_shares, read_quantities)
_settle_sorts = settling(
    *PAYMENTS,
    *INCLUSIONS,
    *ENTITLEMENTS,
    *AUTOMATISMS,
    *REACHABILITY,
    *CAUSES,
    *OUTCOMES,
    *REPUTATION,
    *WORKERS,
)
_IN_WORDS: tuple[Settler, ...] = (
    settle_concessions,
    _settle_sorts,
    settle_lapses,
    settle_promises,
    settle_conditions,
    settle_comparatives,
    settle_reader,
    settle_offer_names,
    settle_capitals,
    settle_topics,
)
_BY_CAPITALS = frozenset((settle_codes, settle_offer_names, settle_capitals))

PARTS = tuple(_NAMES_BY_PART)
_LETTER = lazy_pattern("[A-Za-z]")
# Bounds the work on a hostile text; a mail has some twenty.
MOST_CLAIMS = 500


def settled_claims(where: str, page: str, sheet: Sheet) -> tuple[list[Settled], str]:
    """What became of the claims of one page, in order; and the page with its slots blanked out."""
    reading = _Reading(page, sheet)
    reading.settle(_MISPLACED)
    reading.keep(list(islice(read_slots(reading.page, sheet), MOST_CLAIMS + 1)))
    prose = reading.page
    reading.settle((*_BEFORE_NAMES, *_NAMES_BY_PART[where], *_NAMES))
    reading.take(_WITH_NUMBERS)
    reading.settle(_FIGURES)
    settled = reading.settled
    settled[:] = beside_slots(reading.page, settled, sheet)
    reading.page = masked(reading.page, [each.claim for each in settled])
    reading.settle((read_marks_alone,))
    reading.take(_IN_WORDS)
    return with_meanings(page, joined_ranges(reading.page, settled), sheet), prose


class _Reading:
    """A page of which what was read is blanked out, so that no later reader finds it again."""

    def __init__(self, page: str, sheet: Sheet) -> None:
        self.page = page
        self.settled: list[Settled] = []
        self._sheet = sheet

    def keep(self, settled: list[Settled]) -> None:
        self.settled += settled
        self.page = masked(self.page, [each.claim for each in settled])

    def settle(self, readers: Iterable[Reader]) -> None:
        for read in readers:
            claims = without_overlaps(islice(read(self.page, self._sheet), MOST_CLAIMS + 1))
            self.keep([settle(claim, self._sheet) for claim in claims])

    def take(self, settlers: Iterable[Settler]) -> None:
        if len(self.settled) > MOST_CLAIMS or not _LETTER.search(self.page):
            return
        small = in_small_letters(self.page)
        for settle_in in settlers:
            page = self.page if settle_in in _BY_CAPITALS else small
            if found := the_worst_first(islice(settle_in(page, self._sheet), MOST_CLAIMS + 1)):
                self.keep(found)
                small = in_small_letters(self.page)
