"""Services as a customer had them and as a catalogue names them: which are past, and which two are the same."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from agent_platform.guardrails.instructions import instruction_in
from agent_platform.guardrails.redaction import redact
from agent_platform.moments import iso

from outreach.prepared import PastService

LONGEST_SERVICE_NAME = 60


def past_services[L: PastService](history: Sequence[L], *, as_of: datetime) -> list[L]:
    """The services up to a moment, oldest first, those without a date before all others; a booking isn't history."""
    now = iso(as_of)
    return in_order([line for line in history if line["date"] is None or line["date"] <= now])


def in_order[L: PastService](services: Iterable[L]) -> list[L]:
    """Oldest first, those without a date before all others."""
    return sorted(services, key=lambda line: (line["date"] or "", line["id"]))


# Every read of features compares the catalogue's names, which are few, with the customer's.
@lru_cache(maxsize=1024)
def service_key(name: str) -> str:
    """A service's name as it is compared: without regard to case and spaces."""
    return " ".join(name.casefold().split())


def service_name(written: str | None, *, catalogue: Sequence[str], names: Iterable[str]) -> str | None:
    """A service in the catalogue's spelling, or as the CRM has it if that is short, about nobody and to no machine.

    It travels in the document, which holds no person's data, and the CRM's field takes any text.
    """
    for service in catalogue:
        if written and service_key(service) == service_key(written):
            return service
    if not written or len(written) > LONGEST_SERVICE_NAME:
        return None
    return written if redact(written, names=names) == written and not instruction_in(written) else None
