"""The lines of a range, each taken in as a webhook's event is: the same contract, record and bus."""

import json
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from agent_platform import correlation, telemetry
from agent_platform.errors import TransientError
from agent_platform.ingest.acceptance import Acceptance, Accepted, Refused, decided
from agent_platform.ingest.admission import Admission
from agent_platform.tenants import TenantContext
from agent_platform.uploads.contracts import Range, Upload
from agent_platform.uploads.inbox import Inbox
from agent_platform.uploads.lines import ID_TAKEN, ID_WANTED, Line, Numbers, line_of
from agent_platform.uploads.records import Record, records
from agent_platform.uploads.rows import ACCEPTED, DUPLICATE, REFUSED, Row, written


@dataclass(frozen=True)
class Intake:
    """What decides about lines: whether now, the one way in for events, and where reports on them are kept."""

    inbox: Inbox
    admission: Admission
    acceptance: Acceptance
    numbers: Numbers

    def take_in(self, upload: Upload, of: Range, *, now: datetime) -> int:
        """Take a range in and keep the report on it; how many lines it has.

        One that was taken in is left alone. After an error it is begun again: what was recorded then is a duplicate.
        TransientError while the tenant may not send so many lines: whoever tries again slows the whole file down.
        """
        if self.inbox.part(upload["folder"], of["offset"]) is None:
            if wait := self.admission.take(upload["tenant"], of["lines"], now=now, way="bulk"):
                raise TransientError(f"the tenant's limit leaves no room for {of['lines']} lines for {wait:.0f} s")
            found = records(
                self.inbox.part_of(upload, of),
                quoted=upload["columns"] is not None,
                number=of["first"],
                offset=of["offset"],
            )
            report = written(_row(record.number, self._taken_in(record, upload, now=now)) for record in found)
            self.inbox.keep_part(upload["folder"], of["offset"], report)
        return of["lines"]

    def _taken_in(self, record: Record, upload: Upload, *, now: datetime) -> Accepted | Refused:
        with correlation.one_document():
            made = decided(lambda: self._decide(record, upload, now=now))
            if isinstance(made, Refused):
                telemetry.log().info("refused", extra={"status": made.status, "line": record.number})
            else:
                telemetry.log().info("accepted", extra={"event_type": made.reference.event_type, "line": record.number})
            return made

    def _decide(self, record: Record, upload: Upload, *, now: datetime) -> Accepted | Refused:
        line = line_of(record, upload, numbers=self.numbers, key=self.acceptance.key())
        return line if isinstance(line, Refused) else self._accepted(line, upload, now=now)

    def _accepted(self, line: Line, upload: Upload, *, now: datetime) -> Accepted | Refused:
        if line.event_id is None:
            further = self.acceptance.validate(json.loads(line.text))
            errors = ({"pointer": each.pointer, "expected": each.expected} for each in further)
            return Refused(422, "The line's own id can't be one.", (ID_WANTED, *errors))
        # Whoever may write below a tenant's name in the inbox speaks for that tenant.
        context = TenantContext(upload["tenant"])
        return self.acceptance.accept(context, upload["source"], line.event_id, line.text, now=now)


def _row(number: int, made: Accepted | Refused) -> Row:
    if isinstance(made, Accepted):
        return str(number), DUPLICATE if made.duplicate else ACCEPTED, made.reference.receipt, ""
    problems = (f"{each['pointer'] or 'the line'}: {each['expected']}" for each in made.errors)
    return str(number), REFUSED, "", "; ".join(problems) or _detail(made)


def _detail(made: Refused) -> str:
    """What the webhook says of a request, in the words of a file."""
    return ID_TAKEN if made.status == HTTPStatus.CONFLICT else made.detail.replace("The body", "The line")
