import pytest
from agent_platform.retrieval.attributes import MOST_BYTES, MOST_KEYS, problems_of

ORDINARY = {"tenant": "greenedge", "purpose": "referral", "season": "any"}
# What JSON writes around one attribute named "a": {"a": ""}
AROUND = 9


def test_ordinary_attributes_are_fine():
    assert list(problems_of(ORDINARY)) == []


@pytest.mark.parametrize(("size", "problems"), [(MOST_BYTES - 1, 0), (MOST_BYTES, 1)])
def test_a_kilobyte_is_too_much(size, problems):
    assert len(list(problems_of({"a": "x" * (size - AROUND)}))) == problems


def test_bytes_count_and_not_characters():
    assert len(list(problems_of({"a": "ü" * (MOST_BYTES // 2)}))) == 1


@pytest.mark.parametrize(("keys", "problems"), [(MOST_KEYS, 0), (MOST_KEYS + 1, 1)])
def test_there_may_be_thirty_five(keys, problems):
    assert len(list(problems_of({str(number): 1 for number in range(keys)}))) == problems
