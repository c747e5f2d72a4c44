"""What a writer and a judge have before them: their own run's material, or a past run's as it was recorded."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from agent_platform.ingest.events import EventRecords
from agent_platform.recordings import Recording, Recordings
from agent_platform.references import EventReference

from outreach.brands import Brand, parse_brand
from outreach.contracts import Draft, Drafted, Fact, Features, Passages, Request, Retrieved, Usage, Verdict
from outreach.prepared import Prepared, of_nobody
from outreach.replays import Probed, ReplayAgents, Replayed
from outreach.slots import IDENTITY_SLOTS

# Private characters, as many as a first name usually has: they count towards a length, and no draft can quote them.
_UNKNOWN = "\ue000" * 7


@dataclass(frozen=True)
class Material:
    """The request with its facts, the features, the passages, what stays with the event, and who works on it;
    after a rejection with its verdict, and in a probe with its own brand.
    """

    request: Request
    features: Features
    passages: Passages
    prepared: Prepared
    agents: ReplayAgents
    verdict: Verdict | None = None
    brand: Brand | None = None


def material_of(
    state: Retrieved | Drafted | Replayed | Probed,
    *,
    records: Callable[[], EventRecords],
    recordings: Callable[[], Recordings],
    now: datetime,
) -> Material:
    """The material of the run that the document is of, of the recorded run that it names, or of a probe."""
    if "probe" in state:
        return _probed(cast("Probed", state))
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
    prepared = _prepared(material["request"], material["comment"], recording.recorded_at)
    return Material(material["request"], material["features"], material["passages"], prepared, agents)


def _probed(state: Probed) -> Material:
    """A probe brings its brand along: it says the same however the tenant's own file has changed."""
    material = state["material"]
    request = material["request"]
    return Material(
        request,
        material["features"],
        material["passages"],
        _prepared(request, material["comment"], request["as_of"]),
        state["agents"],
        brand=parse_brand(json.dumps(material["brand"]).encode()),
    )


def probed_draft(state: Probed) -> Draft:
    """A probe's draft as Judge reads it: without findings, for a probing is of the judge and not of the claims."""
    nothing: Usage = {
        "model": "", "input_tokens": 0, "output_tokens": 0, "cost_micros": 0, "latency_ms": 0, "calls": 0,
    }  # fmt: skip
    text = state["text"]
    return {
        "attempt": 1,
        "subject": text["subject"],
        "body": text["body"],
        "call_to_action": text["call_to_action"],
        "findings": [],
        "usage": nothing,
        "repaired": False,
    }


def _prepared(request: Request, comment: str | None, event_time: str) -> Prepared:
    identity: list[Fact] = [
        {"slot": slot, "kind": IDENTITY_SLOTS[slot], "value": _UNKNOWN} for slot in request["identity_slots"]
    ]
    return of_nobody(request["customer"], event_time=event_time, identity=identity, comment=comment)
