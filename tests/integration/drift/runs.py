"""Runs as outreach records them, of a tenant's choice of versions; a test says what is otherwise."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched
from random import Random
from typing import Any

from agent_platform.moments import iso
from agent_platform.recordings import SKIPPED, Recording, put_recording

WRITER, JUDGE = "platform#outreach-writer", "platform#outreach-judge"
VERSIONS = {"writer": {"agent_id": WRITER, "version": 1}, "judge": {"agent_id": JUDGE, "version": 1}}


def runs(
    number: int,
    *,
    begin: datetime,
    tenant: str = "greenedge",
    agents: dict[str, dict[str, Any]] = VERSIONS,
    score: float = 4.2,
    locale: str | None = None,
    skipped: float = 0.1,
    seed: str | None = None,
) -> Iterator[Recording]:
    """So many runs, one a minute from a moment on: the same ones whenever that is, since some drift by chance."""
    random = Random(seed or f"{number} {tenant} {locale} {skipped} {score}")
    for place in range(number):
        at = begin + timedelta(minutes=place)
        purpose, message_id = random.choice(["referral", "upsell"]), f"{at.timestamp():.0f}"
        if random.random() < skipped:
            reason = {"measured": {"reason": "no_consent"}}
            yield Recording(tenant, "outreach", SKIPPED, iso(at), message_id, reason)
            continue
        measured = {
            "agents": agents,
            "inputs": {
                "purpose": purpose,
                "locale": locale or random.choice(["en-US", "en-US", "es-US"]),
                "lifetime_value": {"USD": random.lognormvariate(9, 1)},
                "comment_length": None if random.random() < 0.3 else random.randrange(5, 400),
            },
            "retrieval": {"similarity": random.uniform(0.1, 0.5)},
            "outputs": {"score": random.gauss(score, 0.4), "approved": random.random() < 0.9},
        }
        yield Recording(tenant, "outreach", purpose, iso(at), message_id, {"request": {}, "measured": measured})


def keep(recordings: Iterator[Recording], *, dynamodb: Any, table: str, expires_at: int) -> None:
    """Put recordings, many at once: one by one would take an emulator long."""
    puts = (put_recording(each, table=table, expires_at=expires_at) for each in recordings)
    for batch in batched(puts, 25, strict=False):
        dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": put["Put"]["Item"]}} for put in batch]})
