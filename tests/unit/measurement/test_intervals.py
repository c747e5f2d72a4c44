import math

from hypothesis import given
from hypothesis import strategies as st
from measurement.intervals import last_where


@given(st.floats(-1, 1))
def test_the_last_value_is_found_to_the_neighbouring_float(end):
    assert last_where(lambda value: value <= end, -1.0, math.nextafter(1, 2)) == end


@given(st.floats(-1, 1), st.sampled_from([1e-2, 1e-6]))
def test_with_a_precision_it_still_holds_where_it_is_said_to_and_no_longer_soon_after(end, precision):
    found = last_where(lambda value: value <= end, -1.0, 1.0, precision=precision)

    assert end - precision <= found <= end


def test_what_holds_nowhere_ends_where_it_starts():
    assert last_where(lambda _: False, -1.0, 1.0) == -1
