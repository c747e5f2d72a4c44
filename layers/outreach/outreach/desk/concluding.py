"""What is written with the last decision: the message's status and words, the event's outcome, and the contact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent_platform.ingest.conclusions import conclusion
from agent_platform.ingest.receipts import Outcome
from agent_platform.items import Item, to_item
from agent_platform.moments import iso
from agent_platform.reviews.items import ReviewItem
from agent_platform.reviews.rows import Given

from outreach.contacts import Contacts
from outreach.desk.drafts import Waiting, reference_to

PENDING = "pending_review"


@dataclass(frozen=True)
class Tables:
    """Where messages and events are kept."""

    messages: str
    events: str


def conclusion_of(
    waiting: Waiting,
    item: ReviewItem,
    said: Sequence[Given],
    *,
    tables: Tables,
    contacts: Contacts,
    now: datetime,
    skip: Mapping[str, str] | None = None,
) -> dict[str, Item]:
    """The transaction items that make a message what people decided; each fails if a rerun replaced it meanwhile.

    An approved one counts as a contact from now on, and fails under "contact" if nobody may write to the customer;
    with the reason of that, `skip`, it is written down as one that isn't sent.
    """
    approved = item.outcome == "approved"
    decisive = _decisive(said, approved=approved)
    decision = {"verdict": decisive.decision.verdict, "at": iso(now), "by": len(said)}
    decision |= {"reason": decisive.decision.reason, "words": decisive.decision.words}
    changes: dict[str, Any] = {"review": {**waiting.message["review"], "decision": decision}}
    if skip:
        return _written(waiting, changes | {"status": "skipped", "skip": skip}, tables)
    if not approved:
        return _written(waiting, changes | {"status": "declined"}, tables)
    writes = _written(waiting, changes | {"status": "approved"} | _words(waiting, decisive), tables)
    at = {**waiting.message, "asOf": iso(now)}
    return writes | {"contact": contacts.written(at, interval_days=waiting.brand.interval_days)}


def _decisive(said: Sequence[Given], *, approved: bool) -> Given:
    """The decision that stands: of those that carried, the last with other words, else the last."""
    carried = [given for given in said if (given.decision.verdict != "reject") == approved]
    return max(carried, key=lambda given: (given.decision.edit is not None, given.at))


def _words(waiting: Waiting, decisive: Given) -> dict[str, Any]:
    """The texts of an edit, with the draft's own slots beside them; nothing where the draft goes as it is."""
    if decisive.decision.edit is None:
        return {}
    parts, book = waiting.edited(decisive.decision.edit)
    mail = waiting.mail(parts)
    sent = {"subject": mail.subject, "text": mail.text, "html": mail.html, "headers": mail.headers}
    slots = {**parts, "body": f"{parts['body']}\n\n{parts['call_to_action']}"}
    return {**sent, "ledgerCut": 0, **book, "slots": slots, "drafted": waiting.message["slots"]}


def _written(waiting: Waiting, changes: Mapping[str, Any], tables: Tables) -> dict[str, Item]:
    message, reference = waiting.message, reference_to(waiting.message)
    outcome = Outcome("message", reference.run, changes["status"], message["messageId"])
    update = {
        "TableName": tables.messages,
        "Key": to_item({"message": message["message"]}),
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in changes),
        "ConditionExpression": "#status = :pending",
        "ExpressionAttributeNames": {f"#{name}": name for name in changes},
        "ExpressionAttributeValues": to_item({f":{name}": value for name, value in changes.items()})
        | to_item({":pending": PENDING}),
    }
    return {
        "message": {"Update": update},
        "outcome": conclusion(tables.events, reference, outcome, before=outcome, closes=False),
    }
