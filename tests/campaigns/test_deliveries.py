"""A thousand events, sent one to five times by sixteen senders in any order: each comes to one outcome."""

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from operations import events
from tests.campaigns.senders import Senders, as_text
from tests.workflow.deployed import Deployed

type Sample = Callable[..., dict[str, Any]]

SENDERS = 16
REFUSED_SERVICE = "chimney sweeping"
# What a mixture is made of: mostly good events, and a few of everything that a door must tell apart.
KINDS = {"good": 80, "failing": 5, "off contract": 5, "forged": 5, "rival": 5}


@dataclass(frozen=True)
class Offer:
    """One event as it is to be sent, once; a rival is another body under the same id."""

    event_id: str
    kind: str
    body: str
    rival: str | None = None


def _offers(sample: Sample, rng: random.Random, count: int) -> list[Offer]:
    customers = [f"cust-{rng.getrandbits(48):012x}" for _ in range(count)]
    # Ids are seeded but never used before, so that a campaign can be repeated on one stack.
    run = uuid.uuid4().hex[:8]
    kinds = rng.choices(list(KINDS), weights=list(KINDS.values()), k=count)
    # Every kind at least once, however few trials there are.
    kinds[: len(KINDS)] = list(KINDS)
    return [_offer(sample, rng, f"msg_{run}_{number}", kind, customers) for number, kind in enumerate(kinds)]


def _offer(sample: Sample, rng: random.Random, event_id: str, kind: str, customers: list[str]) -> Offer:
    if kind == "failing":
        event = sample("good-referral", type=REFUSED_SERVICE)
    else:
        names = [name for name in events.sample_names() if name not in {"contract-violation", "outcome-booked"}]
        event = sample("contract-violation" if kind == "off contract" else rng.choice(names))
    if kind != "off contract":
        # One customer in ten is another event's as well: two runs may decide at once whether to write to him.
        known = customers[: max(len(customers) // 10, 1)]
        event["data"]["customer"]["id"] = rng.choice(known if rng.random() < 0.1 else customers)
    body = as_text(event)
    return Offer(event_id, kind, body, body + " " if kind == "rival" else None)


def _posts(offers: list[Offer], rng: random.Random) -> list[tuple[str, str, bool]]:
    posts = [(offer.event_id, offer.body, offer.kind == "forged") for offer in offers for _ in range(rng.randint(1, 5))]
    posts += [(offer.event_id, offer.rival, False) for offer in offers if offer.rival]
    rng.shuffle(posts)
    return posts


def test_every_accepted_event_has_one_outcome(
    deployed: Deployed,
    sample: Sample,
    trials: Callable[[int, int], int],
    seed: int,
    tell: Callable[[str], None],
) -> None:
    rng, senders, count = random.Random(seed), Senders(deployed), trials(60, 1000)
    deployed.fault({"kind": "access_denied", "contains": REFUSED_SERVICE, "role": "writer"})
    offers = _offers(sample, rng, count)
    posts, started = _posts(offers, rng), time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(lambda post: senders.deliver(post[0], post[1], forged=post[2]), posts))
    sent = time.monotonic() - started
    swept = senders.settle(60 + count / 2)

    kinds = {offer.event_id: offer.kind for offer in offers}
    answers = Counter((kinds[each.event_id], each.status or "no answer") for each in senders.sent)
    settled = time.monotonic() - started
    tell(f"deliveries: seed {seed}, {count} events in {len(posts)} deliveries by {SENDERS} senders, sent in"
         f" {sent:.0f} s, settled in {settled:.0f} s; outcomes {senders.outcomes()},"
         f" {swept} of them by reconcile")  # fmt: skip
    counted = (f"{kind} {status}: {times}" for (kind, status), times in sorted(answers.items(), key=str))
    tell(f"answers: {', '.join(counted)}")
    assert senders.violations() == []
    assert {kind for kind, status in answers if status == 202} == {"good", "failing", "rival"}
    assert answers["off contract", 422]
    assert answers["forged", 401]
    assert answers["rival", 409]
    assert set(senders.outcomes()) >= {"approved", "skipped", "failure"}
