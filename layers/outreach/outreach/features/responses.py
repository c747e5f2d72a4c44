"""What a customer did when they were written to."""

from collections import Counter
from collections.abc import Mapping

from outreach.contracts import FeatureValue
from outreach.features.known import known, unknown

KINDS = ("sent", "opened", "clicked", "booked", "referred", "unsubscribed", "complained")
# A click is an answer; an opened message may have been opened by a mail program alone.
ANSWERS = frozenset({"clicked", "booked", "referred"})

type Responses = Mapping[str, Mapping[str, str]]


def responses(messages: Responses) -> FeatureValue:
    """How many messages were sent, and how many of them were opened, clicked and so on; what never happened is absent.

    A message that was answered was sent, also if nobody said so.
    """
    if not messages:
        return unknown("never_written_to")
    times = Counter(kind for kinds in messages.values() for kind in {"sent", *kinds})
    return known({kind: times[kind] for kind in KINDS if times[kind]})


def response_rate(messages: Responses) -> FeatureValue:
    """The share of the messages that the customer clicked in, booked after, or referred somebody after."""
    if not messages:
        return unknown("never_written_to")
    answered = sum(not ANSWERS.isdisjoint(kinds) for kinds in messages.values())
    return known(round(answered / len(messages), 3))
