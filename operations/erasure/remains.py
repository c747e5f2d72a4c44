"""What of a forgotten person remains, where, why, and until when: by law or by design, and never their name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_platform.ingest.events import RECEIPT_DAYS

from operations.erasure.estate import Estate

# DynamoDB's own, for tables that name no other; a test holds the template to it.
RECOVERY_DAYS = 35
# A day for who took a file by mistake, and one until S3 has looked.
OLD_VERSION_DAYS = 2
STREAM_DAYS = 7
UPLOAD_DAYS = 8
HISTORY_DAYS = 90
LEDGER_DAYS = 400
_WITHOUT_END = "for good"


@dataclass(frozen=True)
class Remainder:
    """One thing that stays, in words, and the last day of it."""

    what: str
    where: str
    why: str
    until: str


def remains_of(estate: Estate) -> list[Remainder]:
    """Everything that stays when each store has forgotten."""
    return list(_remains(estate))


def _remains(estate: Estate) -> Iterator[Remainder]:
    outputs, now = estate.stack.outputs, estate.now
    kept_days = int(estate.stack.parameters["RetentionDays"])
    reference = "the keyed reference, with when and why nobody writes to it"
    yield Remainder(reference, outputs["OutreachContacts"], "so that no later event is written for", _WITHOUT_END)
    again = "so that a repeated event is known as one, and nothing of before is made a case"
    yield Remainder("receipts: event ids, keyed hashes of the payloads", outputs["EventRecords"], again,
                    _day(now, RECEIPT_DAYS))  # fmt: skip
    yield Remainder("a hash of the reference", outputs["OutreachCases"], again, _day(now, kept_days))
    yield Remainder("outcomes under a drawn name, to the day", outputs["Experiments"],
                    "so that a rollout's figures stay what they were", _day(now, kept_days))  # fmt: skip
    yield Remainder("what their runs cost, by the run's id", outputs["CostLedger"], "the company's books",
                    _day(now, LEDGER_DAYS))  # fmt: skip
    yield Remainder("the reference and facts without names", "execution histories",
                    "Step Functions deletes no history earlier", _day(now, HISTORY_DAYS))  # fmt: skip
    yield Remainder("backups of the tables", "point-in-time recovery", "a restored table is forgotten again",
                    _day(now, RECOVERY_DAYS))  # fmt: skip
    yield Remainder("versions of deleted files", ", ".join(outputs[name] for name in ("Cases", "Evaluations", "Inbox")),
                    "kept for a day against mistakes", _day(now, OLD_VERSION_DAYS))  # fmt: skip
    yield Remainder("uploaded files that are in use, or can't be read", outputs["Inbox"],
                    "until each line is taken in: forget them again then", _day(now, UPLOAD_DAYS))  # fmt: skip
    if "EventStreamName" in outputs:
        yield Remainder("records as they were sent", outputs["EventStreamName"], "a stream deletes no single record",
                        _day(now, STREAM_DAYS))  # fmt: skip
    if estate.unreadable:
        yield Remainder(f"{len(estate.unreadable)} contents that keep no contract", outputs["EventRecords"],
                        "nobody can say whose they are", _day(now, kept_days))  # fmt: skip


def _day(now: datetime, days: int) -> str:
    return f"{now + timedelta(days=days):%Y-%m-%d}"
