"""A past case in words: the kind of customer, what was written, what came of it, and the metadata it is found by."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agent_platform.recordings import Recording

from outreach.brands import Brand
from outreach.casebook.bands import TENURES
from outreach.casebook.choosing import first_good
from outreach.casebook.cleaning import about_nobody, says_something, subject_of
from outreach.contracts import Request
from outreach.prepared import Prepared
from outreach.seasons import season_at
from outreach.services import service_key

# One passage: what is longer would be cut when it is retrieved.
LONGEST = 1_500
# Where the CRM has a service that the catalogue doesn't know, its name may be any text.
OTHER_SERVICE = "other service"
# A neighbor may be told of the house at any time; an offer has its season. Retrieve asks for both.
ANY_SEASON = "any"
_OUTCOMES = {"booked": ("bought", "Booked"), "referred": ("referred", "Referred somebody")}
_ASKED = {"upsell": ("offer.service", "service.last_type"), "referral": ("service.last_type",)}


@dataclass(frozen=True)
class Segment:
    """A kind of customer of one tenant: why they were written to, about which service, and since when they are one."""

    tenant: str
    purpose: str
    service: str
    tenure: str

    @property
    def key(self) -> str:
        """The partition of its members and cases."""
        return "#".join((self.tenant, self.purpose, self.service, self.tenure))


@dataclass(frozen=True)
class Case:
    """A case as its file will be: its id, its text, and what it is found by."""

    id: str
    text: str
    metadata: Mapping[str, str]


def segment_of(recording: Recording, brand: Brand) -> Segment:
    """The segment of a run's customer; the service is one of the brand's catalogue, or another."""
    request = recording.material["request"]
    facts = {fact["slot"]: str(fact["value"]) for fact in request["facts"]}
    asked = next((facts[slot] for slot in _ASKED[recording.purpose] if slot in facts), "")
    service = next((each for each in brand.services if service_key(each) == service_key(asked)), OTHER_SERVICE)
    tenure = recording.material.get("slices", {}).get("tenure", "unknown")
    return Segment(recording.tenant, recording.purpose, service, tenure)


def case_id(segment: Segment, message_id: str) -> str:
    """The same for a message whenever it is asked: its file's name, which says what it is about and nothing of whom."""
    about = re.sub(r"[^a-z0-9]+", "-", f"{segment.purpose} {segment.service}".casefold()).strip("-")
    return f"{about}-{hashlib.sha256(f'{segment.tenant}#{message_id}'.encode()).hexdigest()[:12]}"


def write_case(
    message: Mapping[str, Any], recording: Recording, prepared: Prepared, segment: Segment, *, brand: Brand
) -> Case | None:
    """The case that a message makes; None if too little is left once everything about its customer is taken out."""
    material = recording.material
    request: Request = material["request"]
    features = material["features"]["values"]
    subject = subject_of(request, prepared, features, material["comment"], brand=brand)
    title, body = (about_nobody(message["slots"][part], subject) for part in ("subject", "body"))
    if not says_something(body):
        return None
    outcome, words = _OUTCOMES[first_good(message)]
    text = _fitting(
        f"# {_title(segment)}\n\n## Situation\n\nA customer for {_since(segment)}.\n\n## What was written\n\n",
        f"**{title}**\n\n{body}",
        f"\n\n## What came of it\n\n{words}.\n",
    )
    day, writer = date.fromisoformat(message["asOf"][:10]), message["agents"]["writer"]
    metadata = {
        "tenant": segment.tenant,
        "purpose": segment.purpose,
        "segment": segment.tenure,
        "service": segment.service,
        "outcome": outcome,
        "date": f"{day:%Y-%m}",
        "season": ANY_SEASON if segment.purpose == "referral" else season_at(request),
        "agent_version": f"{writer['agent_id']}@{writer['version']}",
    }
    return Case(case_id(segment, message["messageId"]), text, metadata)


def _title(segment: Segment) -> str:
    what = f"Upsell of {segment.service}" if segment.purpose == "upsell" else f"Referral after {segment.service}"
    return f"{what}, from a customer for {_since(segment)}"


def _since(segment: Segment) -> str:
    """All that is said of the customer themselves: it is true of everybody whom the segment counts."""
    return TENURES.get(segment.tenure, TENURES["unknown"])


def _fitting(before: str, written: str, after: str) -> str:
    """The parts as one text, what was written as a quotation, without its end where it would be too long."""
    lines = [line for line in _quoted(written) if line]
    while lines and len(before) + len("\n".join(lines)) + len(after) > LONGEST:
        lines.pop()
    return before + "\n".join(lines) + after


def _quoted(written: str) -> list[str]:
    paragraphs = [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", written) if paragraph.strip()]
    return [line for paragraph in paragraphs for line in (f"> {paragraph}", ">")][:-1]
