"""What came of a synthetic run: whether its message is as it must be, and how long it took until it was there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent_platform.errors import EventUnavailable
from agent_platform.items import from_item, to_item
from agent_platform.registry.manifests import Manifests
from agent_platform.synthetic.plans import plan_of
from agent_platform.synthetic.runs import SyntheticRun
from agent_platform.tenants import SYNTHETIC

_TEXTS = ("subject", "text")


@dataclass(frozen=True)
class Seen:
    """A synthetic run that was looked at: its receipt, the milliseconds it took, and everything that is wrong."""

    receipt: str
    milliseconds: int
    problems: list[str]


def look(detail: Mapping[str, Any], manifests: Manifests, *, dynamodb: Any, now: datetime) -> Seen | None:
    """Look at the message that a `synthetic.stored` is about; None if a person sent its event, or ran it again.

    EventUnavailable if there is no such message.
    """
    key = to_item({"message": f"{SYNTHETIC}#{detail['message_id']}"})
    table = plan_of(manifests, detail["workflow"])["messages"]
    item = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    if item is None:
        raise EventUnavailable("the message that was stored isn't there")
    message = from_item(item)
    run = SyntheticRun.of(message["eventId"])
    # What people do says nothing of the schedule: counted, it would hide one that sends no more.
    if run is None or run.by_hand or message["run"] > 1:
        return None
    return Seen(message["receipt"], run.took(now), list(problems_of(message, run)))


def problems_of(message: Mapping[str, Any], run: SyntheticRun) -> Iterator[str]:
    """Everything that is wrong with a synthetic run's message; approved or rejected is the judge's affair."""
    if message["status"] == "skipped":
        yield f"nothing was written: {message['skip']['reason']}"
        return
    for name in _TEXTS:
        text = str(message.get(name) or "")
        if not text.strip():
            yield f"the {name} is empty"
        if "{{" in text or "}}" in text:
            yield f"the {name} has a slot that nothing was put into"
        if run.token in text:
            yield f"the {name} repeats the canary"
