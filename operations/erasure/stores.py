"""The stores that hold something of a person, in the order in which they forget it.

First nobody writes to them any more. What leads to other data goes after it: messages and the notes of them lead to
recordings, evaluations and outcomes, so what breaks off is found and finished by running it again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from agent_platform.errors import EventUnavailable
from agent_platform.moments import epoch, iso
from outreach.casebook.forgetting import Forgetting

from operations.erasure.estate import Estate

# How many of what, by its noun in the singular.
type Counts = Mapping[str, int]


@dataclass(frozen=True)
class Store:
    """One store: where it is, what it holds of the person as JSON, and what forgets that and says how many of what."""

    name: str
    where: str
    holds: Callable[[], Iterator[Any]]
    forgets: Callable[[], Counts]


def stores_of(estate: Estate) -> list[Store]:
    """Every store, the first to forget first."""
    outputs = estate.stack.outputs
    index = outputs["ProfilesIndexArn"].rpartition("/")[2]
    return [
        Store("contact", outputs["OutreachContacts"], lambda: _contact(estate), lambda: _suppress(estate)),
        Store("uploads", outputs["Inbox"], lambda: _uploads(estate), lambda: _forget_uploads(estate)),
        Store("rollouts", outputs["Experiments"], lambda: _rollouts(estate), lambda: _leave_rollouts(estate)),
        Store("evaluations", outputs["Evaluations"], lambda: _evaluations(estate), lambda: _forget_pairs(estate)),
        Store("reviews", outputs["Reviews"], lambda: _reviews(estate), lambda: _forget_reviews(estate)),
        Store("recordings", outputs["Recordings"], lambda: _recordings(estate), lambda: _forget_recordings(estate)),
        Store("events", outputs["EventRecords"], lambda: _events(estate), lambda: _forget_events(estate)),
        Store("cases", outputs["Cases"], lambda: _cases(estate), lambda: _forget_cases(estate)),
        Store("vectors", index, lambda: _vectors(estate), lambda: _forget_vector(estate)),
        Store("features", outputs["CustomerFeatures"], lambda: _features(estate), lambda: _forget_features(estate)),
        Store("messages", outputs["OutreachMessages"], lambda: iter(estate.messages), lambda: _forget_messages(estate)),
        Store("addressees", outputs["OutreachContacts"], lambda: _addressees(estate), lambda: _forget_notes(estate)),
    ]


def _contact(estate: Estate) -> Iterator[Any]:
    if known := estate.contacts.known_of(estate.person.tenant, estate.person.reference):
        yield known
    if lifted := estate.lifting.of(estate.person.tenant, estate.person.reference):
        yield asdict(lifted)


def _suppress(estate: Estate) -> Counts:
    known = estate.contacts.known_of(estate.person.tenant, estate.person.reference)
    estate.contacts.forget(
        estate.person.tenant, estate.person.reference, at=iso(estate.now), awaits=estate.open_records
    )
    lifted = estate.lifting.forget(estate.person.tenant, estate.person.reference)
    return {"note of the last message": int("lastWrittenAt" in known), "note of who let them back": int(lifted)}


def _uploads(estate: Estate) -> Iterator[Any]:
    yield from ({"key": file.key, "events": file.events} for file in estate.uploads.naming(estate.person.tenant))


def _forget_uploads(estate: Estate) -> Counts:
    files = [estate.uploads.forget(file) for file in estate.uploads.naming(estate.person.tenant)]
    return {"file": sum(files), "file in use": len(files) - sum(files)}


def _rollouts(estate: Estate) -> Iterator[Any]:
    yield from (each.row for each in estate.participations.of(estate.person.tenant, estate.person.reference))


def _leave_rollouts(estate: Estate) -> Counts:
    found = list(estate.participations.of(estate.person.tenant, estate.person.reference))
    for each in found:
        estate.participations.leave(each)
    return {"exposure": len(found)}


def _evaluations(estate: Estate) -> Iterator[Any]:
    written = estate.evaluations.written_to(estate.person.tenant, estate.message_ids)
    yield from ({"key": key, "content": content} for key, content in written)


def _forget_pairs(estate: Estate) -> Counts:
    return {"file": estate.evaluations.forget(estate.person.tenant, estate.message_ids)}


def _reviews(estate: Estate) -> Iterator[Any]:
    for message_id in sorted(estate.message_ids):
        yield from estate.reviews.of(estate.person.tenant, message_id)


def _forget_reviews(estate: Estate) -> Counts:
    return {"row": sum(estate.reviews.forget(estate.person.tenant, each) for each in estate.message_ids)}


def _recordings(estate: Estate) -> Iterator[Any]:
    for message_id in sorted(estate.message_ids):
        try:
            recording = estate.recordings.read(estate.person.tenant, message_id, now=estate.now)
        except EventUnavailable:
            continue
        yield vars(recording)


def _forget_recordings(estate: Estate) -> Counts:
    return {"recording": sum(estate.recordings.forget(estate.person.tenant, each) for each in estate.message_ids)}


def _events(estate: Estate) -> Iterator[Any]:
    yield from (vars(content) for content in estate.told if content.expires_at > estate.now.timestamp())


def _forget_events(estate: Estate) -> Counts:
    parts = sum(estate.contents.forget(record) for record in estate.records)
    return {"event": len(estate.records), "part": parts}


def _cases(estate: Estate) -> Iterator[Any]:
    yield from (estate.casebook.row(place) for place, _ in estate.casebook.of(*_customer(estate)))


def _forget_cases(estate: Estate) -> Counts:
    expires_at = epoch(estate.now, days=int(estate.stack.parameters["RetentionDays"]))
    forgetting = Forgetting(estate.casebook, estate.case_files)
    done = forgetting.forget(*_customer(estate), now=estate.now, expires_at=expires_at)
    return {"case": done.cases, "membership": done.memberships}


def _vectors(estate: Estate) -> Iterator[Any]:
    if held := estate.profiles.export(*_customer(estate)):
        yield held


def _forget_vector(estate: Estate) -> Counts:
    held = estate.profiles.export(*_customer(estate)) is not None
    estate.profiles.forget(*_customer(estate))
    return {"vector": int(held)}


def _features(estate: Estate) -> Iterator[Any]:
    held = estate.features.export(*_customer(estate))
    if any(held.values()):
        yield held


def _forget_features(estate: Estate) -> Counts:
    return {"item": estate.features.forget(*_customer(estate))}


def _forget_messages(estate: Estate) -> Counts:
    for message in estate.messages:
        estate.correspondence.forget(estate.person.tenant, message["messageId"])
    return {"message": len(estate.messages)}


def _addressees(estate: Estate) -> Iterator[Any]:
    yield from estate.addressed.values()


def _forget_notes(estate: Estate) -> Counts:
    for message_id in estate.addressed:
        estate.contacts.forget_addressee(estate.person.tenant, message_id)
    return {"note": len(estate.addressed)}


def _customer(estate: Estate) -> tuple[str, str]:
    return estate.person.tenant, estate.person.reference
