"""Which fields can't be text, read from the schemas: a CSV's cells there are numbers."""

import pytest
from event_contracts import known_types, validate
from event_contracts.numbers import number_paths

from tests.builders import outcome_recorded


@pytest.mark.parametrize(("name", "version"), [(name, each) for name, own in known_types().items() for each in own])
def test_a_version_is_a_number_in_every_contract(name, version):
    assert ("version",) in number_paths(name, version)


def test_what_may_be_text_as_well_stays_text():
    assert number_paths("outcome.recorded", 1) == {("version",), ("data", "value")}
    assert number_paths("service.completed", 1) == {("version",)}


def test_what_is_named_is_what_the_contract_refuses_as_text():
    assert not validate(outcome_recorded(value=12.5))
    assert [each.pointer for each in validate(outcome_recorded(value="12.5"))] == ["/data/value"]


def test_an_unknown_contract_names_nothing():
    assert number_paths("service.completed", 9) == frozenset()
