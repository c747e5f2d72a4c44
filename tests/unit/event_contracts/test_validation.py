"""What a contract accepts, and how it says what it refuses."""

import json
import subprocess
import sys
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from event_contracts import Problem, known_types, validate

from tests.builders import (
    Event,
    customer,
    customer_updated,
    long_history,
    outcome_recorded,
    outreach_requested,
    service,
    service_completed,
    service_corrected,
    service_voided,
    varied_events,
)

CANARY = "canary-7f3a"
CUSTOMER = "/data/customer"
LINE = f"{CUSTOMER}/service_history/0"


def changed(pointer: str, value: Any) -> Event:
    event = service_completed(customer=customer(service()))
    place: Any = event
    *way, last = pointer.strip("/").split("/")
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    place[last] = value
    return event


def without(pointer: str) -> Event:
    event = changed(pointer, None)
    place: Any = event
    *way, last = pointer.strip("/").split("/")
    for step in way:
        place = place[step]
    del place[last]
    return event


@pytest.mark.parametrize("event", varied_events())
def test_what_the_builders_make_is_accepted(event: Event) -> None:
    assert validate(event) == []


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (f"{LINE}/price", "1.234,50 €"),
        (f"{LINE}/price", ""),
        (f"{LINE}/satisfaction", "4,5"),
        (f"{LINE}/satisfaction", "9 / 10"),
        (f"{LINE}/satisfaction", "  "),
        (f"{LINE}/satisfaction", 0),
        (f"{LINE}/satisfaction_scale", "stars"),
        (f"{LINE}/satisfaction_scale", 10),
        (f"{LINE}/date", 1_778_594_400_000),
        (f"{LINE}/date", "05/12/2026"),
        (f"{CUSTOMER}/id", 77),
        (f"{CUSTOMER}/phone", 5550100177),
        (f"{CUSTOMER}/address", "9 Elm Court, Springfield"),
        (f"{CUSTOMER}/address/postal_code", 62701),
        (f"{CUSTOMER}/consent", None),
        (f"{CUSTOMER}/service_history", None),
        (f"{CUSTOMER}/service_history", long_history(500)),
        (f"{CUSTOMER}/property", {}),
        ("/data/offer_wanted", None),
        ("/data/offer_wanted", {"purpose": "upsell"}),
        ("/timestamp", "2026-05-12T15:02:11.123456-05:00"),
        ("/version", 1.0),
        ("/extra", {"anything": [1, {"goes": None}]}),
        (f"{CUSTOMER}/extra", 5),
    ],
)
def test_what_preparation_can_repair_or_ignore_is_accepted(pointer: str, value: Any) -> None:
    assert validate(changed(pointer, value)) == []


@pytest.mark.parametrize(
    ("pointer", "value", "expected"),
    [
        ("/timestamp", "yesterday", "when it happened, in ISO 8601 with a zone"),
        ("/timestamp", "2026-05-12T15:02:11", "when it happened, in ISO 8601 with a zone"),
        ("/timestamp", "2026-05-12T15:02:11Z\n", "when it happened, in ISO 8601 with a zone"),
        ("/timestamp", 1778594400, "when it happened, in ISO 8601 with a zone"),
        ("/data", [], "an object with customer and service"),
        ("/data/service", None, "an object: one service"),
        (f"{CUSTOMER}/id", " ", "the customer's id: text of 1 to 128 characters"),
        (f"{CUSTOMER}/id", "x" * 129, "the customer's id: text of 1 to 128 characters"),
        (f"{CUSTOMER}/id", None, "the customer's id"),
        (f"{CUSTOMER}/id", True, "the customer's id"),
        (f"{CUSTOMER}/name", "x" * 201, "text of at most 200 characters, or null"),
        (f"{CUSTOMER}/email", 5, "text of at most 320 characters, or null"),
        (f"{CUSTOMER}/consent", True, "an object with channel, given_at, source and basis, or null"),
        (f"{CUSTOMER}/service_history", {}, "a list of at most 500 services, or null"),
        (f"{CUSTOMER}/service_history", long_history(501), "a list of at most 500 services, or null"),
        (LINE, None, "an object: one service"),
        (f"{LINE}/price", {"amount": 5}, "an amount as a number or as text"),
        (f"{LINE}/price", 1e13, "an amount as a number or as text"),
        (f"{LINE}/satisfaction", 11, "a number or numeric string from 0 to 10, or null"),
        (f"{LINE}/satisfaction", "eleven", "a number or numeric string from 0 to 10, or null"),
        (f"{LINE}/satisfaction", True, "a number or numeric string from 0 to 10, or null"),
        (f"{LINE}/date", "x" * 65, "a date and time as text of at most 64 characters or as a Unix time"),
        (f"{LINE}/comment", "x" * 4001, "text of at most 4,000 characters, or null"),
        (f"{CUSTOMER}/property/features", ["x"] * 51, "a list of at most 50 texts, or null"),
        ("/data/offer_wanted", {"purpose": "gift"}, "an object with purpose (referral or upsell) and offer_id"),
    ],
)
def test_what_preparation_cannot_repair_is_refused(pointer: str, value: Any, expected: str) -> None:
    event = deepcopy(service_completed(customer=customer(service())))
    if pointer == LINE:
        event["data"]["customer"]["service_history"] = [value]
    else:
        event = changed(pointer, value)

    [problem] = validate(event)

    assert problem.pointer == pointer
    assert problem.expected.startswith(expected)


@pytest.mark.parametrize("pointer", ["/timestamp", "/data", f"{CUSTOMER}/id", "/data/customer", "/data/service"])
def test_what_is_missing_is_named_with_what_is_expected_there(pointer: str) -> None:
    [problem] = validate(without(pointer))

    assert problem.pointer == pointer
    assert problem.expected.endswith("(missing)")


def test_an_outreach_request_says_for_which_purpose() -> None:
    unknown, none = (validate(outreach_requested(offer_wanted=wanted)) for wanted in ({"purpose": "gift"}, {}))

    assert unknown == [Problem("/data/offer_wanted/purpose", "referral or upsell")]
    assert none == [Problem("/data/offer_wanted/purpose", "referral or upsell (missing)")]


@pytest.mark.parametrize(
    "told",
    [
        {"outcome": "complained"}, {"value": None}, {"value": 0}, {"value": 245.5}, {"message_id": "of another sender"},
        {"time": "2026-05-20T11:10:42.5+02:00"}, {"campaign": "spring"},
    ],
)  # fmt: skip
def test_an_outcome_is_accepted_of_any_message_and_may_have_a_value(told: dict[str, Any]) -> None:
    assert validate(outcome_recorded(**told)) == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("message_id", 7, "the message's id, as message.stored tells it: text of 1 to 128 characters that isn't blank"),
        ("message_id", " ", "the message's id, as message.stored tells it"),
        ("message_id", "x" * 129, "the message's id, as message.stored tells it"),
        ("outcome", "bounced", "sent, opened, clicked, booked, referred, unsubscribed or complained"),
        ("outcome", None, "sent, opened, clicked, booked, referred, unsubscribed or complained"),
        ("time", "2026-05-20", "when it happened, in ISO 8601 with a zone"),
        ("value", -1, "what it was worth in the company's currency: a number from 0"),
        ("value", "245", "what it was worth in the company's currency: a number from 0"),
        ("value", 1e13, "what it was worth in the company's currency: a number from 0"),
    ],
)
def test_an_outcome_that_could_not_be_used_is_refused_where_it_is_wrong(name: str, value: Any, expected: str) -> None:
    [problem] = validate(outcome_recorded(**{name: value}))

    assert problem.pointer == f"/data/{name}"
    assert problem.expected.startswith(expected)


def test_an_outcome_says_of_which_message_what_and_when() -> None:
    missing = [problem.pointer for problem in validate(outcome_recorded() | {"data": {}})]

    assert missing == ["/data/message_id", "/data/outcome", "/data/time"]


def test_an_unknown_type_is_told_which_are_known() -> None:
    problems = [validate(service_completed() | {"type": kind}) for kind in ("service.cancelled", None, ["x"], {})]

    kinds = [
        "customer.updated", "outcome.recorded", "outreach.requested", "service.completed", "service.corrected",
        "service.voided",
    ]  # fmt: skip
    assert problems == [[Problem("/type", "one of " + ", ".join(kinds))]] * 4
    assert known_types() == dict.fromkeys(kinds, (1,))


@pytest.mark.parametrize("make", [service_corrected, service_voided])
@pytest.mark.parametrize("wrong", ["", " ", None, 1.5, "x" * 129, []])
def test_a_correction_says_which_service_it_is_about(make: Any, wrong: Any) -> None:
    expected = "the service's id: text of 1 to 128 characters that isn't blank, or a whole number"

    assert validate(make(service={"id": wrong})) == [Problem("/data/service/id", expected)]
    assert validate(make(service={"date": None})) == [Problem("/data/service/id", f"{expected} (missing)")]
    assert validate(make(service={"id": 5})) == []


def test_a_correction_s_service_keeps_the_contract_of_any_service() -> None:
    [problem] = validate(service_corrected(service=service(satisfaction=12)))

    assert problem == Problem("/data/service/satisfaction", "a number or numeric string from 0 to 10, or null")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (service_corrected, "an object with id: the service as it is now, whole"),
        (service_voided, "an object with id: the service that never was"),
    ],
)
def test_what_is_no_service_is_told_what_belongs_there(make: Any, expected: str) -> None:
    assert validate(make(service=None)) == [Problem("/data/service", expected)]


@pytest.mark.parametrize("make", [service_corrected, service_voided, customer_updated])
def test_every_event_says_of_which_customer_it_is(make: Any) -> None:
    [problem] = validate(make(customer={}))

    assert problem.pointer == "/data/customer/id"


def test_an_unknown_version_is_told_which_are_known() -> None:
    problems = [validate(service_completed() | {"version": version}) for version in (2, 0, "1", None, True, 1.5, [])]

    assert problems == [[Problem("/version", "one of 1")]] * 7


@pytest.mark.parametrize("event", [None, [], "text", 1, True, 1.5])
def test_what_is_no_object_is_one_problem(event: Any) -> None:
    assert validate(event) == [Problem("", "an object with type, version, timestamp and data")]


def test_every_problem_is_listed_in_the_order_of_the_event() -> None:
    event = service_completed(customer=customer(*[service() for _ in range(12)], name=5, consent="yes"))
    event["timestamp"] = None
    for line in (11, 2):
        event["data"]["customer"]["service_history"][line] |= {"price": [], "date": {}}
    del event["data"]["customer"]["id"]

    assert [problem.pointer for problem in validate(event)] == [
        "/data/customer/consent",
        "/data/customer/id",
        "/data/customer/name",
        "/data/customer/service_history/2/date",
        "/data/customer/service_history/2/price",
        "/data/customer/service_history/11/date",
        "/data/customer/service_history/11/price",
        "/timestamp",
    ]


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"deeper": [value]}
    return value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), "a finite number"),
        (float("inf"), "a finite number"),
        (-(10**400), "a whole number of at most 64 bits"),
        pytest.param(10**5000, "a whole number of at most 64 bits", id="5001 digits"),
        ("\ud800", "text that UTF-8 can encode"),
        ({"\udfff": 1}, "an object whose names UTF-8 can encode"),
        (b"bytes", "a JSON value"),
        ((1, 2), "a JSON value"),
    ],
)
def test_what_nothing_could_store_is_refused_where_it_stands(value: Any, expected: str) -> None:
    assert validate(changed(f"{LINE}/price", value)) == [Problem(f"{LINE}/price", expected)]
    assert validate(changed(f"{CUSTOMER}/unheard_of", value)) == [Problem(CUSTOMER, expected)]


def test_deep_nesting_is_a_problem_and_no_recursion_error() -> None:
    [problem] = validate(changed(f"{CUSTOMER}/unheard_of", nested(400)))

    assert problem == Problem(CUSTOMER, "at most 24 levels of objects and lists")
    assert validate(changed(f"{CUSTOMER}/unheard_of", nested(8))) == []


def test_a_problem_of_one_part_hides_none_of_another() -> None:
    event = changed(f"{LINE}/price", float("nan"))
    event["data"]["service"]["satisfaction"] = 12

    assert [problem.pointer for problem in validate(event)] == [f"{LINE}/price", "/data/service/satisfaction"]


@pytest.mark.parametrize("event", varied_events())
def test_no_value_and_no_unknown_name_is_repeated(event: Event) -> None:
    def spoilt(value: Any) -> Any:
        if isinstance(value, dict):
            return {CANARY: {CANARY: float("nan")}} | {name: spoilt(part) for name, part in value.items()}
        return [spoilt(part) for part in value] if isinstance(value, list) else [CANARY, {CANARY: 10**30}]

    problems = validate(spoilt(event))

    assert len(problems) > 3
    assert CANARY not in repr(problems)


def test_a_list_without_end_gets_no_answer_without_end() -> None:
    started = time.process_time()

    problems = validate(changed(f"{CUSTOMER}/service_history", [0] * 60_000))

    assert 500 < len(problems) <= 6000
    assert time.process_time() - started < 10


ENDLESS = " " * 100_000


@pytest.mark.parametrize("text", [f"{ENDLESS}x", f"5{ENDLESS}x", f"5/{ENDLESS}", f"5.{'0' * 100_000}x"], ids=len)
def test_a_long_text_is_refused_in_linear_time(text: str) -> None:
    started = time.process_time()

    assert [problem.pointer for problem in validate(changed(f"{LINE}/satisfaction", text))] == [f"{LINE}/satisfaction"]
    assert time.process_time() - started < 2


def test_an_accepted_event_imports_neither_jsonschema_nor_fastjsonschema(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps(service_completed()))
    program = (
        "import json, sys; from event_contracts import validate; event = json.load(open(sys.argv[1]));"
        "assert validate(event) == []; print(sorted({'jsonschema', 'fastjsonschema'} & sys.modules.keys()));"
        "assert validate({}); print('jsonschema' in sys.modules)"
    )
    layer = Path(__file__).parents[3] / "layers/event_contracts"

    ran = subprocess.run([sys.executable, "-c", program, event], cwd=layer, capture_output=True, text=True, check=True)

    assert ran.stdout.split("\n")[:2] == ["[]", "True"]
