"""What a customer paid."""

from collections import Counter
from collections.abc import Sequence

from outreach.contracts import FeatureValue
from outreach.features.known import known, missing
from outreach.prepared import PastService


def lifetime_value(past: Sequence[PastService]) -> FeatureValue:
    """What was paid so far: minor units by currency, for amounts of different currencies don't add."""
    paid: Counter[str] = Counter()
    for line in past:
        if line["price"]:
            paid[line["price"]["currency"]] += line["price"]["minor"]
    return known(dict(sorted(paid.items()))) if paid else missing(past, "no_priced_service")
