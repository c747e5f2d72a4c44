"""What a writer and a judge have before them: their own run's material, or a past run's as it was recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from agent_platform.ingest.events import EventRecords
from agent_platform.recordings import Recording, Recordings
from agent_platform.references import EventReference

from outreach.contracts import (
    Drafted,
    Fact,
    Features,
    Passages,
    Prepared,
    ReplayAgents,
    Replayed,
    Request,
    Retrieved,
    Verdict,
)
from outreach.facts import IDENTITY_SLOTS

# Private characters, as many as a first name usually has: they count towards a length, and no draft can quote them.
_UNKNOWN = "\ue000" * 7


@dataclass(frozen=True)
class Material:
    """The request with its facts, the features, the passages, what stays with the event, and who works on it;
    after a rejection with its verdict.
    """

    request: Request
    features: Features
    passages: Passages
    prepared: Prepared
    agents: ReplayAgents
    verdict: Verdict | None = None


def material_of(
    state: Retrieved | Drafted | Replayed,
    *,
    records: Callable[[], EventRecords],
    recordings: Callable[[], Recordings],
    now: datetime,
) -> Material:
    """The material of the run that the document is of, or of the recorded run that an evaluation names in it."""
    if "recording" in state:
        past = cast("Replayed", state)
        return replayed(recordings().read(past["tenant"], past["recording"], now=now), past["agents"])
    run = cast("Retrieved", state)
    prepared: Prepared = records().prepared(EventReference.of(run), now=now)
    agents = cast("ReplayAgents", run["request"]["agents"])
    return Material(run["request"], run["features"], run["passages"], prepared, agents, run.get("verdict"))


def replayed(recording: Recording, agents: ReplayAgents) -> Material:
    """A past run's material; nobody's identity is in it, so identity slots are known without their values."""
    material = recording.material
    request: Request = material["request"]
    identity: list[Fact] = [
        {"slot": slot, "kind": IDENTITY_SLOTS[slot], "value": _UNKNOWN} for slot in request["identity_slots"]
    ]
    prepared: Prepared = {
        "event_time": recording.recorded_at,
        "identity": {
            "facts": identity,
            "customer_id": request["customer"],
            "email": None,
            "full_name": None,
            "phone": None,
            "address": None,
        },
        "history": [],
        "property": {},
        "comment": material["comment"],
    }
    return Material(request, material["features"], material["passages"], prepared, agents)
