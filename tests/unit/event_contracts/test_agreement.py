"""The generated validators and jsonschema say the same of every document, and what they accept is prepared."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from event_contracts import validate
from event_contracts.generated import VALIDATORS
from event_contracts.schemas import Kind, load_schemas
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from outreach.preparation import event_time, prepare_event

from tests.builders import Event, outcome_recorded, varied_events
from tests.unit.outreach.preparing import AS_OF, BRAND

SCHEMAS = {kind: Draft7Validator(schema) for kind, schema in load_schemas().items()}
KINDS = sorted(VALIDATORS)
SHORT_EVENTS = [event for event in varied_events() if len(event["data"]["customer"]["service_history"] or []) < 10]
thorough = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# What a CRM may really write, beside what it may not.
TELLING = st.sampled_from([
    "", " ", "\n", "5", "5\n", "10", "10.0", "10.5", "4,5", "4/5", "9 / 10", "11", "-1", "nan", "٤", "1e3", "$1,234.50",
    "1.234,50 €", "(5.00)", "¥5", "2026-05-12", "0001-01-01", "9999-12-31", "12/31/9999", "05/12/2026 11:59 PM",
    "Tue, 12 May 2026 10:00:00 EST", "20260512", "1778594400", "2026-05-12T10:00:00+23:59", "24:00", "en_US", "xx",
    "Europe/Madrid", "America", "../etc", "@", "a@b.co", "a@b@c.co", "ü@bücher.example", "a@" + "x." * 99 + "co",
    "O'BRIEN", "Smith, J", ",", "&", "\u200b", "\x00", "{{offer.amount}}", "usd", "€", "XYZ", "acres", "8,500 sq ft",
    "sent", "booked", "upsell", "referral", "email", "us", "Canada", "0-10", "1-5", "5", "NPS",
])  # fmt: skip
NUMBERS = st.one_of(
    st.integers(-(10**16), 10**16),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-1, 11),
    st.floats(0, 10),
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TELLING, st.text(st.characters(codec="utf-8"), max_size=70))
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a document, as its container and the name or position there."""
    steps = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return [(value, step) for step, _ in steps] + [place for _, part in steps for place in places(part)]


@st.composite
def mutated_events(
    draw: st.DrawFn, replacement: st.SearchStrategy[Any], most: int = 6, of: Sequence[Event] = SHORT_EVENTS
) -> Event:
    """A valid event with one or more of its places replaced, removed or joined by a field that nobody knows."""
    event = json.loads(json.dumps(draw(st.sampled_from(of))))
    for _ in range(draw(st.integers(1, most))):
        container, step = draw(st.sampled_from(places(event)))
        match draw(st.sampled_from(["replace", "replace", "replace", "remove", "add"])):
            case "remove":
                del container[step]
            case "add" if isinstance(container, dict):
                container[draw(st.sampled_from(["service", "offer_wanted", "minor", "unheard_of"]))] = draw(ANY_JSON)
            case _:
                container[step] = draw(replacement)
        if not places(event):
            break
    return event


def generated_accepts(kind: Kind, event: Any) -> bool:
    try:
        VALIDATORS[kind](event)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
@thorough
@given(document=ANY_JSON)
def test_both_agree_on_any_json(kind: Kind, document: Any) -> None:
    assert generated_accepts(kind, document) == SCHEMAS[kind].is_valid(document)


@thorough
@given(event=mutated_events(ANY_JSON) | mutated_events(ANY_JSON, of=[outcome_recorded()]))
def test_both_agree_on_mutated_events_and_a_refusal_always_says_why(event: Event) -> None:
    for kind in KINDS:
        assert generated_accepts(kind, event) == SCHEMAS[kind].is_valid(event)
    kind = (event.get("type"), event.get("version"))
    known = next((each for each in KINDS if list(each) == list(kind) and not isinstance(kind[1], bool)), None)
    assert (validate(event) == []) == (known is not None and SCHEMAS[known].is_valid(event))


@settings(thorough, suppress_health_check=list(HealthCheck))
@given(event=mutated_events(SCALARS, most=2) | mutated_events(TELLING | st.none() | st.integers(0, 10), most=3))
def test_whatever_is_accepted_is_prepared(event: Event) -> None:
    assume(validate(event) == [])

    preparation = prepare_event(event, brand=BRAND, as_of=AS_OF)

    assert preparation.customer.customer_id
    assert all(line["id"] for line in preparation.history)
    json.dumps([preparation.history, preparation.property, preparation.repairs], allow_nan=False).encode()
    assert event_time(event, as_of=AS_OF) <= "2026-06-01T15:30:00Z"


@thorough
@given(event=ANY_JSON)
def test_nothing_makes_validation_raise(event: Any) -> None:
    assert isinstance(validate(event), list)
