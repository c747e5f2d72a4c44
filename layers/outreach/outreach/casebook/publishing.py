"""When a case may be read by others: its segment has enough customers; and when it is taken back.

Each step writes first and then reads its whole segment, so whoever writes last sees everything: of two that come at
once, one publishes what the other made possible. Doing any of it again changes nothing.
"""

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
from outreach.casebook.files import CaseFiles
from outreach.casebook.removing import Removal
from outreach.casebook.store import Casebook, Place, place_of, refused, withheld
from outreach.casebook.writing import Segment, case_id, segment_of, write_case
from outreach.contracts import BrandReference
from outreach.outcomes.attaching import MessageOutcomes

# A case is published only where it could be about any of so many customers of its tenant.
FEWEST_CUSTOMERS = 5

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
        its customer left.
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
        self.casebook.join(segment, message["customer"], expires_at=message["expiresAt"])
        place = place_of(segment, case_id(segment, message_id))
        if harmed(message):
            self._removal.remove(place, LEFT, expires_at=message["expiresAt"])
        elif may_become_case(message):
            self.casebook.add(place, self._case_of(message, recording, segment, brand, now))
        self.publish_due(segment.key, now=now)

    def publish_due(self, segment: str, *, now: datetime) -> None:
        """Publish every case of a segment that has enough customers, and finish removing what was to be removed."""
        enough = self.casebook.members(segment, at_most=FEWEST_CUSTOMERS, now=now) >= FEWEST_CUSTOMERS
        for place, row in self.casebook.cases(segment):
            if row["status"] == "removing":
                self._removal.finish(place)
            elif enough and row["status"] in {"withheld", "publishing"} and row["expiresAt"] > now.timestamp():
                self._publish(place, row)

    @property
    def _removal(self) -> Removal:
        return Removal(self.casebook, self.files)

    def _case_of(
        self, message: Mapping[str, Any], recording: Recording, segment: Segment, brand: Brand, now: datetime
    ) -> dict[str, Any]:
        if why := refusal(message):
            return refused(message, why)
        try:
            # The event's type is part of no key.
            run = EventReference(message["tenant"], message["source"], message["eventId"], "", message["run"])
            prepared = self.records.prepared(run, now=now)
        except EventUnavailable:
            return refused(message, _GONE)
        case = write_case(message, recording, prepared, segment, brand=brand)
        return withheld(case, message) if case else refused(message, _TOO_LITTLE)

    def _publish(self, place: Place, row: Mapping[str, Any]) -> None:
        if row["status"] == "withheld" and not self.casebook.move(place, "withheld", "publishing"):
            return
        self.files.put(place.tenant, place.case, row["text"], row["metadata"])
        if not self.casebook.move(place, "publishing", "published") and self.casebook.status(place) != "published":
            # It was taken back meanwhile, perhaps before there was a file to delete.
            self._removal.finish(place)
