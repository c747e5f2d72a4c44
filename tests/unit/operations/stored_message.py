"""A message as Store keeps it, of a draft in which not everything is a fact."""

from typing import Any

HOSTILE = '<img src=x onerror="alert(1)"> [bold]&amp;'
BODY = (
    "Hi {{customer.first_name}},\n\nYou get {{offer.amount}}, or $999, and we always come in two weeks. The best team."
)
CALL = "Share your link: {{offer.link}}"
FOOTER = f"Both credits are applied after the visit. {HOSTILE}\n14 Clover Row"
SOURCES = {
    "/facts/customer.first_name": "Maria",
    "/facts/offer.amount": "$25",
    "/facts/offer.link": "https://greenedge.example/refer",
    "/facts/company.name": "GreenEdge <Lawn> Care",
    "/features/values/service_count": "4",
}


def entry(where: str, text: str, said: str, result: str, source: str | None = None, **more: Any) -> dict[str, Any]:
    """An entry of the ledger for these words of a part's text; for a part as a whole without words."""
    start = text.index(said) if said else 0
    slot = source.rpartition("/")[2] if source and source.startswith("/facts/") else None
    made = {"kind": "amount", "result": result, "where": where, "start": start, "end": start + len(said), "text": said,
            "slot": slot, "source": source, "comparison": "equal" if result == "slot" else None}  # fmt: skip
    return made | more


def ledger() -> list[dict[str, Any]]:
    """One entry of each result."""
    subject = "Four visits from {{company.name}}"
    return [
        entry("subject", subject, "Four", "verified", "/features/values/service_count", comparison="equal"),
        entry("subject", subject, "{{company.name}}", "slot", "/facts/company.name", kind="name"),
        entry("body", BODY, "{{customer.first_name}}", "slot", "/facts/customer.first_name", kind="name"),
        entry("body", BODY, "{{offer.amount}}", "slot", "/facts/offer.amount"),
        entry("body", BODY, "$999", "contradicted", "/facts/offer.amount"),
        entry("body", BODY, "always", "unsupported", kind="promise"),
        entry("body", BODY, "two weeks", "not_checked", kind="span"),
        entry("body", BODY, "The best team", "opinion", kind="comparative"),
        entry("call_to_action", CALL, "{{offer.link}}", "slot", "/facts/offer.link", kind="link"),
        entry("body", BODY, "", "unsupported", kind="brand") | {"text": HOSTILE},
    ]


def stored_message(**changes: Any) -> dict[str, Any]:
    """The message, with some of its attributes changed."""
    body = "Hi Maria,\n\nYou get $25, or $999, and we always come in two weeks. The best team."
    call = {"model": "m", "input_tokens": 900, "output_tokens": 200, "cost_micros": 130, "latency_ms": 700, "calls": 1}
    made = {
        "messageId": "5f0c2a7b" * 8, "tenant": "greenedge", "receipt": "greenedge.14a8e102",
        "asOf": "2026-11-20T09:00:00Z",
        "status": "pending_review", "review": {"reasons": ["findings"], "needed": 1, "lease_minutes": 15},
        "purpose": "referral", "customerId": "crm-77", "recipient": "maria@mail.example",
        "slots": {"subject": "Four visits from {{company.name}}", "body": f"{BODY}\n\n{CALL}", "call_to_action": CALL},
        "subject": "Four visits from GreenEdge <Lawn> Care",
        "text": f"{body}\n\nShare your link: https://greenedge.example/refer\n\n{FOOTER}",
        "law": {"rules": "us-can-spam", "version": "1", "country": "US", "basis": "express", "breaches": []},
        "ledger": ledger(), "sources": SOURCES, "findings": [], "passages": ["case-1"], "retrieval": "found",
        "agents": {"writer": {"agent_id": "platform#outreach-writer", "version": 3}},
        "score": 4.5, "scores": [{"criterion": "clarity", "score": 5, "reason": "clear"}],
        "attempts": [{"generate": call, "judge": call}], "inputTokens": 1800, "outputTokens": 400, "costMicros": 260,
    }  # fmt: skip
    return made | changes
