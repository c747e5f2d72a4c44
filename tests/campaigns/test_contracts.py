"""Documents of every kind for each contract: answered, judged alike by both validators, and prepared if accepted."""

import json
from collections import Counter
from collections.abc import Callable
from itertools import count
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from agent_platform.references import EventReference
from agent_platform.registry.versions import AgentVersion, Resolved
from event_contracts import validate
from event_contracts.generated import VALIDATORS
from event_contracts.schemas import Kind, load_schemas
from event_contracts.soundness import sound_copy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from outreach.contacts import Contact
from outreach.contracts import BrandReference
from outreach.outcomes.kinds import Outcome
from outreach.preparation import prepare_event
from outreach.requests import Collaborators, make_request

from tests.builders import Event, outcome_recorded, varied_events
from tests.campaigns.front_door import SOURCE, TENANT, FrontDoor, make_front_door, signed
from tests.unit.event_contracts.test_agreement import (
    ANY_JSON,
    SCALARS,
    TELLING,
    generated_accepts,
    mutated_events,
    places,
)
from tests.unit.outreach.preparing import AS_OF, BRAND

__all__ = ["make_front_door"]

SCHEMAS = {kind: Draft7Validator(schema) for kind, schema in load_schemas().items()}
LARGEST_PAYLOAD = 64 * 1024
# What JSON can spell, or Python's reading of it can, and no store can keep.
IMPOSSIBLE = ["\ud800", 10**400, -(2**63) - 1, float("nan"), float("-inf")]
UNSOUND = st.one_of(st.text(max_size=8), st.floats(), st.integers(), st.sampled_from(IMPOSSIBLE))


def in_production(name: str, *, tenant: str, routing_key: str) -> Resolved:
    return Resolved(AgentVersion(f"platform#{name}", 1, "model", "prompt", {}), "production", None, None, None)


COLLABORATORS = Collaborators(
    find_contact=lambda *_, **__: Contact(),
    registry=SimpleNamespace(resolve=in_production),  # type: ignore[arg-type]
    key=lambda: b"k",
)


@st.composite
def told_otherwise(draw: st.DrawFn, kind: Kind) -> Event:
    """A valid event of this type in which some of the CRM's values are others, such as it may really write."""
    valid = [each for each in (*varied_events(), outcome_recorded()) if each["type"] == kind[0]]
    event = json.loads(json.dumps(draw(st.sampled_from(valid))))
    leaves = [(container, step) for container, step in places(event["data"]) if not places(container[step])]
    for container, step in draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=4)):
        container[step] = draw(TELLING | st.none())
    return event


def documents(kind: Kind) -> st.SearchStrategy[Any]:
    """Documents that mean to be events of this type: nearly right, wrong in places, or wrong altogether."""

    def of_this_type(event: Any) -> Any:
        return event | {"type": kind[0], "version": kind[1]} if isinstance(event, dict) else event

    return st.one_of(
        told_otherwise(kind),
        told_otherwise(kind),
        mutated_events(SCALARS, most=2).map(of_this_type),
        mutated_events(TELLING | st.none(), most=3).map(of_this_type),
        mutated_events(UNSOUND, most=2).map(of_this_type),
        mutated_events(ANY_JSON),
        ANY_JSON,
    )


def was_taken_in(event: dict[str, Any]) -> str:
    """Take in an accepted event as its consumer does: an outcome by itself, all others as Validate; what it came to."""
    if event["type"] == "outcome.recorded":
        told = Outcome.told(event["data"], {"asOf": event["timestamp"]}, event="0" * 40, received_at=AS_OF)
        json.dumps(told.attached(), allow_nan=False)
        return "attached"
    prepare_event(event, brand=BRAND, as_of=AS_OF)
    reference = EventReference(TENANT, SOURCE, "msg_1", event["type"])
    brand: BrandReference = {"key": f"{TENANT}/brand.json", "version_id": "1"}
    request, prepared = make_request(reference, event, BRAND, brand, with_=COLLABORATORS, as_of=AS_OF)
    assert len(json.dumps(request, allow_nan=False).encode()) < LARGEST_PAYLOAD
    json.dumps(prepared, allow_nan=False, ensure_ascii=False).encode()
    return request["decision"]


@pytest.mark.parametrize("kind", sorted(VALIDATORS), ids=lambda kind: f"{kind[0]}.v{kind[1]}")
def test_every_document_is_answered_judged_alike_and_prepared_if_accepted(
    kind: Kind,
    make_front_door: Callable[[], FrontDoor],
    trials: Callable[[int, int], int],
    seed: int,
    tell: Callable[[str], None],
) -> None:
    door, met, numbers = make_front_door(), Counter[str](), count()

    def answered(document: Any) -> None:
        text = json.dumps(document)
        sound, flaws = sound_copy(document)
        for each, schema in SCHEMAS.items():
            assert generated_accepts(each, sound) == schema.is_valid(sound)
        status = door.status(signed(text, event_id=f"msg_{next(numbers)}", secret=door.secrets[0]))

        keeps = not flaws and validate(document) == []
        assert (status == 202) == keeps
        assert status in {202, 400, 413, 422}
        met[f"{status} {was_taken_in(json.loads(text)) if keeps else 'refused'}"] += 1

    campaign = settings(
        max_examples=trials(300, 10_000), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )(hypothesis.seed(seed)(given(documents(kind))(answered)))
    campaign()
    tell(f"{kind[0]} v{kind[1]}: {met.total()} documents {dict(sorted(met.items()))}; seed {seed}")
