"""What is known about one customer of the demo's company, and how a test traces a text against it."""

from outreach.claims import Traced, trace
from outreach.contracts import Fact
from outreach.findings import Finding

VALUES = {
    "customer.first_name": ("name", "Dana"),
    "customer.city": ("name", "Plano"),
    "service.crew": ("name", "Luis"),
    "company.name": ("name", "GreenEdge Lawn Care"),
    "company.phone": ("phone", "+1 972 555 0134"),
    "company.website": ("link", "https://greenedge.example"),
    "sender.name": ("name", "Priya Shah"),
    "sender.title": ("text", "Customer Care"),
    "offer.name": ("text", "Neighbor Credit"),
    "offer.amount": ("money", {"minor": 2500, "currency": "USD"}),
    "offer.friend_amount": ("money", {"minor": 2500, "currency": "USD"}),
    "offer.percent": ("percent", 15),
    "offer.link": ("link", "https://greenedge.example/r/DANA25"),
    "offer.valid_until": ("date", "2026-12-31"),
    "service.last_type": ("text", "Weekly Mow & Edge"),
    "service.last_date": ("date", "2026-11-12"),
    "service.count": ("number", 14),
    "service.since": ("date", "2023-04-03"),
}


def facts(**changed: object) -> list[Fact]:
    """The facts, some with another value; `offer__amount=None` takes one away."""
    known = VALUES | {
        slot.replace("__", "."): (VALUES[slot.replace("__", ".")][0], new) for slot, new in changed.items()
    }
    return [Fact(slot=slot, kind=kind, value=value) for slot, (kind, value) in known.items()]


def traced_body(
    body: str, *, locale: str = "en-US", known: list[Fact] | None = None, links: tuple[str, ...] = ()
) -> Traced:
    """A draft with this body whose other parts are good."""
    draft = {"subject": "A thank-you for you", "body": body, "call_to_action": "Share it: {{offer.link}}"}
    return trace(draft, facts=facts() if known is None else known, links=links, locale=locale)


def in_body(traced: Traced) -> list[Finding]:
    """What was found in the body."""
    return [finding for finding in traced.findings if finding["where"] == "body"]


def only(findings: list[Finding]) -> Finding:
    """The one finding."""
    (finding,) = findings
    return finding
