"""The search for canaries finds what is planted, in every spelling, and nothing where nothing is."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from tests.canaries import as_text, canary, found_in

BIRD = canary(7)
SPELLINGS = {
    "as it is": str,
    "in capitals": str.upper,
    "percent-encoded": lambda value: quote(value, safe=""),
    "as a form's value": quote_plus,
    "in base64": lambda value: base64.b64encode(f"the value is {value}.".encode()).decode(),
    "escaped": lambda value: "".join(f"\\u{ord(letter):04x}" for letter in value),
    "in JSON in JSON": lambda value: json.dumps(json.dumps({"customer": value})),
    "in a stack trace": lambda value: f'File "/var/task/app.py", line 3: KeyError: {value!r}',
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("kind", BIRD.identity | {"comment": ""})
def test_a_planted_leak_is_found(kind: str, spelling: str) -> None:
    value = (BIRD.identity | {"comment": BIRD.comment_word})[kind]
    planted = f'{{"level": "INFO", "message": "accepted"}}\n{SPELLINGS[spelling](value)}\n'
    assert f"{kind} of {BIRD.customer_id}" in found_in(planted, [canary(1), BIRD])


@pytest.mark.parametrize("written", ["(212) 555-7007", "212.555.7007", "+1 212 555 7007", "0012125557007"])
def test_a_phone_number_is_found_however_it_is_grouped(written: str) -> None:
    assert found_in(f"call {written} soon", [BIRD]) == [f"phone of {BIRD.customer_id}"]


def test_nothing_is_found_where_nothing_is() -> None:
    log = as_text({"message": "accepted", "receipt": "greenedge." + "4f" * 20, "at": "2026-11-20T21:25:55.700Z"})
    assert found_in(log, [canary(number) for number in range(100)]) == []


def test_no_canary_is_found_in_anothers_data() -> None:
    birds = [canary(number) for number in range(100)]
    assert len({value for bird in birds for value in (*bird.identity.values(), bird.comment_word)}) == 8 * len(birds)
    assert {owner.rpartition(" of ")[2] for owner in found_in(BIRD.comment, birds)} == {BIRD.customer_id}


def test_a_comment_may_be_left_out_of_the_search() -> None:
    redacted = f"Lovely {BIRD.comment_word} edges! [name], [address]."
    assert found_in(redacted, [BIRD], comments=False) == []
    assert found_in(redacted, [BIRD]) == [f"comment of {BIRD.customer_id}"]


def test_an_event_of_a_canary_names_nobody_else() -> None:
    event = {"data": {"customer": {"id": "1", "name": "Karen Whitlock", "service_history": [{"comment": "Karen!"}]}}}
    text = as_text(BIRD.in_place_of_the_customer(event))
    assert "Karen" not in text
    assert len(found_in(text, [BIRD])) == 8
