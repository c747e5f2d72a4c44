"""Telling what people decided: on the bus, where senders listen, to the rollout, and in the metrics."""

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
    """Publish `message.stored` with the status that the message has now, and tell the rollout what was decided.

    What was approved and can't be sent any more says nothing of its writer. Told again it changes nothing there.
    """
    told = {"tenant": message["tenant"], "workflow": WORKFLOW, "message_id": message["messageId"]}
    bus.publish("message.stored", {**told, "status": message["status"]})
    if message["status"] == "skipped":
        tell_rollout(
            message["agents"]["writer"], message["tenant"], message["customer"], {"Skipped": 1.0},
            outcomes=outcomes, matured_at=now,
        )  # fmt: skip
        return
    # A rerun may have superseded it since; what was decided is decided.
    record_review(message, approved=_approved(message), outcomes=outcomes, now=now)


def count(message: Mapping[str, Any]) -> None:
    """Count in the metrics what was decided; for its caller to do once."""
    measure_upheld(message)
    if message["status"] != "skipped":
        measure_review(message, approved=_approved(message))


def _approved(message: Mapping[str, Any]) -> bool:
    return bool(message["review"]["decision"]["verdict"] != "reject")
