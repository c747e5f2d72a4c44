"""Which messages may become a past case."""

from collections.abc import Mapping
from typing import Any

from outreach.outcomes.kinds import GOOD, HARM, has_succeeded

# What is said of a case that is taken back, and of a message that never became one.
LEFT = "its customer complained or unsubscribed"


def may_become_case(message: Mapping[str, Any]) -> bool:
    """Whether a message was sent and something good came of it, and nothing bad."""
    return has_succeeded(message) and not harmed(message)


def harmed(message: Mapping[str, Any]) -> bool:
    """Whether its customer complained or unsubscribed, whatever else came of it."""
    return not HARM.isdisjoint(message.get("outcomes", {}))


def refusal(message: Mapping[str, Any]) -> str | None:
    """Why a message that went well is no example for others all the same; None if it is one.

    What a person approved against the findings was right for one customer, and is unproven for all others.
    """
    if message["status"] != "approved":
        return f"the message is {message['status']}, not approved"
    best = [attempt for attempt in message["attempts"] if attempt["approved"]]
    if message["findings"] or not best:
        return "the claims of the draft that was sent had findings"
    return None


def first_good(message: Mapping[str, Any]) -> str:
    """The first good outcome of a message that went well."""
    known = message["outcomes"]
    return min((kind for kind in GOOD if kind in known), key=lambda kind: (known[kind]["at"], kind))
