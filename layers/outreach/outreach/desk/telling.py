"""Telling what people decided: on the bus, where senders listen, in the metrics, and to the rollout."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agent_platform.experiments.outcomes import Outcomes
from agent_platform.ingest.bus import Bus

from outreach.outcomes.measures import measure_review, measure_upheld
from outreach.outcomes.rollouts import tell_rollout
from outreach.outcomes.runs import record_review
from outreach.recorded import WORKFLOW


def tell(message: Mapping[str, Any], *, bus: Bus, outcomes: Outcomes, now: datetime) -> None:
    """Publish `message.stored` with the status that the message has now, and count what was decided.

    What was approved and can't be sent any more says nothing of its writer.
    """
    told = {"tenant": message["tenant"], "workflow": WORKFLOW, "message_id": message["messageId"]}
    bus.publish("message.stored", {**told, "status": message["status"]})
    measure_upheld(message)
    if message["status"] == "skipped":
        tell_rollout(
            message["agents"]["writer"], message["tenant"], message["customer"], {"Skipped": 1.0},
            outcomes=outcomes, matured_at=now,
        )  # fmt: skip
        return
    # A rerun may have superseded it since; what was decided is decided.
    approved = message["review"]["decision"]["verdict"] != "reject"
    record_review(message, approved=approved, outcomes=outcomes, now=now)
    measure_review(message, approved=approved)
