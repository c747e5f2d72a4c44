"""What follows from the news of a message: its customer is counted, and its case is made, or taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent_platform.errors import EventUnavailable
from agent_platform.ingest.events import EventRecords
from agent_platform.recordings import Recording, Recordings
from agent_platform.references import EventReference

from outreach.brands import Brand
from outreach.casebook.choosing import LEFT, harmed, may_become_case, refusal
from outreach.casebook.circulation import Circulation
from outreach.casebook.files import CaseFiles
from outreach.casebook.removing import Removal
from outreach.casebook.rows import place_of, refused, withheld
from outreach.casebook.store import Casebook
from outreach.casebook.writing import Segment, case_id, segment_of, write_case
from outreach.contracts import BrandReference
from outreach.outcomes.attaching import MessageOutcomes

_TOO_LITTLE = "too little is left of it once everything about its customer is taken out"
_GONE = "the event that it was written for is gone, and with it the names that must not be in it"


@dataclass(frozen=True)
class Publisher:
    """What cases are made from, and where they go."""

    messages: MessageOutcomes
    recordings: Recordings
    records: EventRecords
    brand_at: Callable[[BrandReference], Brand]
    casebook: Casebook
    files: CaseFiles

    def consider(self, tenant: str, message_id: str, *, now: datetime) -> None:
        """Do what follows from what is known of a message now, whichever news of it this is.

        Its customer joins the segment once it was sent; it becomes a case when it went well, and none any more when
        its customer left. Of who was forgotten since it was written nothing is made any more.
        """
        message = self.messages.find(tenant, message_id, now=now)
        if message is None or "sent" not in message.get("outcomes", {}):
            return
        try:
            recording = self.recordings.read(tenant, message_id, now=now)
        except EventUnavailable:
            return
        brand = self.brand_at(message["brand"])
        segment = segment_of(recording, brand)
        if not self.casebook.join(segment, message):
            return
        place = place_of(segment, case_id(segment, message_id))
        if harmed(message):
            Removal(self.casebook, self.files).remove(place, LEFT, now=now, expires_at=message["expiresAt"])
        elif may_become_case(message):
            self.casebook.add(place, message, self._case_of(message, recording, segment, brand, now))
        Circulation(self.casebook, self.files).update(segment.key, now=now)

    def _case_of(
        self, message: Mapping[str, Any], recording: Recording, segment: Segment, brand: Brand, now: datetime
    ) -> dict[str, Any]:
        if why := refusal(message):
            return refused(why, segment, message)
        try:
            # The event's type is part of no key.
            run = EventReference(message["tenant"], message["source"], message["eventId"], "", message["run"])
            prepared = self.records.prepared(run, now=now)
        except EventUnavailable:
            return refused(_GONE, segment, message)
        case = write_case(message, recording, prepared, segment, brand=brand)
        return withheld(case, segment, message) if case else refused(_TOO_LITTLE, segment, message)
