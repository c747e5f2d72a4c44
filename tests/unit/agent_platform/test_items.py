import pytest
from agent_platform.items import attribute, from_item, to_item, value_of
from boto3.dynamodb.types import TypeDeserializer
from hypothesis import given
from hypothesis import strategies as st

# DynamoDB's own bounds: 38 significant digits, magnitudes from 1e-130 to 1e126.
numbers = st.integers(-(10**37), 10**37) | st.floats(-1e125, 1e125, allow_nan=False).filter(
    lambda number: number == 0 or abs(number) > 1e-129
)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(min_size=1), values, max_size=5))
def test_what_goes_in_comes_out(item):
    assert from_item(to_item(item)) == item


@given(st.dictionaries(st.text(min_size=1), values, max_size=3))
def test_the_attributes_are_those_that_the_sdk_reads(item):
    read = {name: TypeDeserializer().deserialize(typed) for name, typed in to_item(item).items()}
    assert as_floats(read) == as_floats(item)


def as_floats(value):
    match value:
        case dict():
            return {name: as_floats(each) for name, each in value.items()}
        case list():
            return [as_floats(each) for each in value]
        case None | bool() | str():
            return value
    return float(value)


@pytest.mark.parametrize(
    ("stored", "value"), [("4", 4), ("-4", -4), ("4.2", 4.2), ("1E+3", 1000.0), ("-0.5", -0.5), ("0", 0)]
)
def test_whole_numbers_are_int_and_others_float(stored, value):
    read = value_of({"N": stored})
    assert (read, type(read)) == (value, type(value))


def test_true_is_no_number():
    assert attribute(True) == {"BOOL": True}
    assert attribute(1) == {"N": "1"}


def test_a_tuple_is_a_list():
    assert value_of(attribute(("a", 1))) == ["a", 1]


def test_bytes_are_bytes_and_stay_so():
    assert attribute(b"\x00text") == {"B": b"\x00text"}
    assert value_of(attribute(b"\x00text")) == b"\x00text"


@pytest.mark.parametrize("value", [{1, 2}, bytearray(b"bytes"), object()])
def test_what_has_no_type_there_is_refused_without_its_value(value):
    with pytest.raises(TypeError, match=rf"^{type(value).__name__} has no DynamoDB type$"):
        attribute({"nested": [value]})
