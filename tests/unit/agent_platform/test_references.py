import re
from dataclasses import asdict, replace

import pytest
from agent_platform.references import EventReference
from hypothesis import given
from hypothesis import strategies as st

REFERENCE = EventReference("greenedge", "greenedge-crm", "msg_1", "service.completed")
part = st.text(max_size=8)
references = st.builds(EventReference, part, part, part, st.just("service.completed"), st.integers(1, 99))


def test_a_reference_comes_back_from_the_document_it_travels_in():
    assert EventReference.of({**asdict(REFERENCE), "request": {}}) == REFERENCE


@pytest.mark.parametrize("name", ["tenant", "source", "event_id", "event_type", "run"])
def test_a_document_without_one_of_its_parts_has_no_reference(name):
    document = asdict(REFERENCE)
    del document[name]
    with pytest.raises(KeyError):
        EventReference.of(document)


@given(references, references)
def test_two_runs_share_a_name_only_if_they_are_the_same_run(one, other):
    same = (one.tenant, one.source, one.event_id) == (other.tenant, other.source, other.event_id)
    assert (one.execution_name == other.execution_name) == (same and one.run == other.run)
    assert (one.record == other.record) == same


def test_parts_that_run_together_stay_apart():
    one, other = replace(REFERENCE, source="a", event_id="bc"), replace(REFERENCE, source="ab", event_id="c")
    assert one.record != other.record


def test_an_execution_name_is_one_that_step_functions_takes():
    assert re.fullmatch(r"[0-9a-f]{64}", replace(REFERENCE, event_id="ünïcode\n💌").execution_name)


def test_a_record_begins_with_its_tenant_and_a_run_changes_only_the_execution():
    again = replace(REFERENCE, run=2)
    assert REFERENCE.record.startswith("greenedge#")
    assert again.record == REFERENCE.record
    assert again.receipt == REFERENCE.receipt
    assert again.execution_name != REFERENCE.execution_name


def test_a_receipt_says_nothing_of_the_event():
    assert re.fullmatch(r"greenedge\.[0-9a-f]{40}", REFERENCE.receipt)
