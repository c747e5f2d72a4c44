"""Storing what a run came to: the message as it would be sent, the material it was written from, and the news of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from agent_platform.errors import TransientError
from agent_platform.experiments.outcomes import Outcomes
from agent_platform.ingest.bus import Bus
from agent_platform.references import EventReference
from agent_platform.reviews.desk import ReviewDesk
from agent_platform.tenants import SYNTHETIC

from outreach.bookkeeping import ledger_of
from outreach.brands import Brand
from outreach.composing import body_of, compose
from outreach.contacts import Contacts
from outreach.contracts import Attempt, Judged, Skip, StoredMessage, Verdict
from outreach.desk.opening import laid
from outreach.eligibility import unwelcome
from outreach.evidence import evidence_for
from outreach.mail_law.mails import breaches
from outreach.mail_law.standing import law_in
from outreach.messages import ContactChanged, Messages, Stored
from outreach.outcomes.measures import measure
from outreach.outcomes.runs import record_outcomes
from outreach.over_budget import skip_of
from outreach.prepared import Prepared
from outreach.recorded import WORKFLOW, recording_of
from outreach.reviewing import counted, unless_seen_first
from outreach.segments import Segments


def store_message(
    state: Judged,
    prepared: Prepared,
    brand: Brand,
    *,
    messages: Messages,
    contacts: Contacts,
    segments: Segments,
    desk: ReviewDesk,
    bus: Bus,
    outcomes: Outcomes,
    now: datetime,
    expires_at: int,
) -> StoredMessage:
    """Store the run's outcome once, then publish `message.stored` (at least once) and the metrics (once).

    A customer who may not be written to any more, now that the message is there, is a skip. An open rollout is told
    after the transaction: a Store that is cut short between both is tried again and tells it then, the first values
    stay, and a run that never gets so far counts there as one without an outcome.

    A synthetic run leaves no recording, so that nothing is learned from it, and its news has a name of its own: who
    sends what was stored must never hear of it.
    """
    reference = EventReference.of(state)
    synthetic = reference.tenant == SYNTHETIC

    def stored_as(message: dict[str, Any]) -> Stored:
        recording = None if synthetic else recording_of(state, prepared, message)
        also = counted(message, state, segments) | laid(message, desk=desk, now=now)
        return messages.store(message, recording, reference, interval_days=brand.interval_days, also=also)

    message = unless_seen_first(message_of(state, prepared, brand, expires_at=expires_at), state, segments)
    try:
        stored = stored_as(message)
    except ContactChanged:
        skip = _too_late(state, reference, brand, contacts)
        message = message_of(state, prepared, brand, expires_at=expires_at, skip=skip)
        stored = stored_as(message)
    measure(state, message, stored, now=now)
    # A repeated Store finds what a later run may have superseded meanwhile.
    skipped = stored.status == "skipped" or "skip" in message
    record_outcomes(state, skipped=skipped, reviewed=stored.reviewed, outcomes=outcomes, now=now)
    answer: StoredMessage = {"message_id": reference.execution_name, "status": stored.status}
    news = "synthetic.stored" if synthetic else "message.stored"
    bus.publish(news, {"tenant": reference.tenant, "workflow": WORKFLOW, **answer})
    return answer


def _too_late(state: Judged, reference: EventReference, brand: Brand, contacts: Contacts) -> Skip:
    request = state["request"]
    contact = contacts.find(reference.tenant, request["customer"], receipt=reference.receipt)
    skip = unwelcome(contact, brand=brand, as_of=datetime.fromisoformat(request["as_of"]))
    if skip is None:
        raise TransientError("the contact changed back meanwhile")
    return skip


def message_of(
    state: Judged,
    prepared: Prepared,
    brand: Brand,
    *,
    expires_at: int,
    skip: Skip | None = None,
) -> dict[str, Any]:
    """The item that Store keeps for a run: an approved or rejected message with its claims and attempts, or a skip.

    `skip` is a reason that came up after Validate had decided to write.
    """
    reference, request = EventReference.of(state), state["request"]
    as_of = request["as_of"]
    message: dict[str, Any] = {
        "message": f"{reference.tenant}#{reference.execution_name}",
        "messageId": reference.execution_name,
        "tenant": reference.tenant,
        "storedAt": f"{as_of}#{reference.execution_name}",
        "receipt": reference.receipt,
        "source": reference.source,
        "eventId": reference.event_id,
        "run": reference.run,
        "asOf": as_of,
        "customer": request["customer"],
        "customerId": prepared["identity"]["customer_id"],
        "purpose": request["purpose"],
        "offerId": request["offer_id"],
        "locale": request["locale"],
        "repairs": request["repairs"],
        "law": law_in(request),
        "expiresAt": expires_at,
    }
    if skip := skip or skip_of(state):
        return message | {"status": "skipped", "skip": skip}
    verdict = cast("Verdict", state["verdict"])
    best = next(each for each in verdict["attempts"] if each["attempt"] == verdict["best"]["attempt"])
    facts = [*request["facts"], *prepared["identity"]["facts"]]
    mail = compose(verdict["best"], facts, request, brand, message_id=reference.execution_name)
    unlawful = breaches(mail, brand, law_in(request))
    evidence = evidence_for(request, state["features"], prepared=prepared, brand=brand)
    return message | {
        "status": "approved" if verdict["approved"] and not unlawful else "rejected",
        "law": {**law_in(request), "breaches": unlawful},
        "recipient": prepared["identity"]["email"],
        "sender": {"name": brand.sender.name, "email": brand.sender.email},
        "agents": request["agents"],
        "brand": request["brand"],
        "retrieval": state["passages"]["status"],
        "passages": [passage["source"] for passage in state["passages"]["items"]],
        "score": verdict["score"],
        "scores": best["scores"],
        "findings": best["findings"],
        "attempts": verdict["attempts"],
        **_totals(verdict["attempts"]),
        "slots": {
            "subject": verdict["best"]["subject"],
            "body": body_of(verdict["best"]),
            "call_to_action": verdict["best"]["call_to_action"],
        },
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "headers": mail.headers,
        **ledger_of(verdict["best"], evidence, findings=best["findings"], unread=_unread_in(best)),
    }


def _totals(attempts: Sequence[Attempt]) -> dict[str, Any]:
    calls = [attempt[role] for attempt in attempts for role in ("generate", "judge")]
    return {
        "inputTokens": sum(call["input_tokens"] for call in calls),
        "outputTokens": sum(call["output_tokens"] for call in calls),
        "costMicros": sum(call["cost_micros"] for call in calls),
        "latencyMs": sum(call["latency_ms"] for call in calls),
        "modelCalls": sum(call["calls"] for call in calls),
    }


def _unread_in(attempt: Attempt) -> Sequence[str]:
    """What the judge took for claims, if its version was asked for them, and no rule had read."""
    return attempt["claims"]["unread"] if "claims" in attempt else ()
