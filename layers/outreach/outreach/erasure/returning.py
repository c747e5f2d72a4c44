"""What is sent of a customer who was forgotten: it is taken in as any event is, and no word of it is kept."""

from datetime import datetime, timedelta

from agent_platform.ingest.contents import Contents
from agent_platform.references import EventReference

from outreach.contracts import Request
from outreach.prepared import Prepared, of_nobody

# The time for all who read an event's body, and for an event that has to be run again.
KEPT_FOR = timedelta(days=1)


def as_forgotten(request: Request, prepared: Prepared) -> tuple[Request, Prepared]:
    """A skip's request and what goes with it, without anything of whom the event is about but the reference."""
    request |= {"facts": [], "identity_slots": [], "has_comment": False, "history_length": 0, "repairs": []}
    nobody = of_nobody(request["customer"], event_time=prepared["event_time"])
    return request, {**nobody, "forgotten": True}


def let_go(reference: EventReference, *, contents: Contents, now: datetime) -> None:
    """Let what the event said be gone in a day; whoever asks for it first says when that is."""
    contents.let_go(reference.record, by=now + KEPT_FOR)
