"""Past cases from messages that went well: made, withheld until they could be about many, published, taken back.

Hourly it looks at what is published as well, each case once a day: it goes with its retention, or with its customers.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from agent_platform import telemetry
from agent_platform.deliveries import work_through
from agent_platform.ingest.events import event_records
from agent_platform.recordings import recordings
from outreach.brand_files import brand_at
from outreach.casebook.circulation import Circulation
from outreach.casebook.files import case_files
from outreach.casebook.publishing import Publisher
from outreach.casebook.store import casebook
from outreach.outcomes.attaching import message_outcomes

# Ends before the function's own timeout; what is left is due in the next hour.
_AT_MOST = timedelta(seconds=20)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any] | None:
    """Take in the news of each message of the queue, of which only those that failed go back; or sweep by the clock."""
    if "Records" in event:
        return work_through(event, _consider, failed="no case considered")
    now = datetime.now(UTC)
    circulation = Circulation(casebook(), case_files())
    swept = circulation.sweep(now=now, may_go_on=lambda: datetime.now(UTC) < now + _AT_MOST)
    telemetry.log().info("swept", extra={"answers": dict(swept.answers)})
    return None


def _consider(detail: Mapping[str, Any]) -> None:
    publisher = Publisher(message_outcomes(), recordings(), event_records(), brand_at, casebook(), case_files())
    publisher.consider(detail["tenant"], detail["message_id"], now=datetime.now(UTC))
