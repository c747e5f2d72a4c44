"""What a CSV file's first line must say, and where its cells belong."""

import pytest
from agent_platform.nested import nested
from agent_platform.uploads.columns import cells_of, path_of, read_header

HEADER = "type,version,timestamp,customer.id"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("type,customer.id", "no column version and no column timestamp"),
        (f"{HEADER},customer", "customer can't be a column, for others are parts of it (customer.…)"),
        (f"{HEADER},data.customer.id", "two columns data.customer.id"),
        (f"{HEADER},", "Column 5 has no name"),
        (f"{HEADER},a..b", "Column 5 has no name"),
        (f'{HEADER},"torn', "a quote in it isn't closed"),
    ],
)
def test_a_header_is_refused_with_every_reason(line, told):
    _, _, problems = read_header(line.encode())
    assert told in " ".join(problems)


def test_a_header_that_is_no_text_is_refused():
    assert "not UTF-8" in read_header(b"\xff\xfet")[2][0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_header_shows_what_separates_columns(delimiter):
    line = "\ufeff" + HEADER.replace(",", delimiter) + "\r\n"
    assert read_header(line.encode()) == (HEADER.split(","), delimiter, [])


def test_columns_are_paths_in_the_event():
    assert [path_of(each) for each in ("type", "id", "customer.id", "data.customer.id")] == [
        ("type",), ("id",), ("data", "customer", "id"), ("data", "customer", "id"),
    ]  # fmt: skip


def test_fields_are_put_where_they_belong():
    assert nested([(("type",), "t"), (("data", "a", "b"), 1), (("data", "a", "c"), 2)]) == {
        "type": "t", "data": {"a": {"b": 1, "c": 2}},
    }  # fmt: skip


@pytest.mark.parametrize("text", ['"a', 'a,"b"c', "a\nb"])
def test_what_is_not_one_row_has_no_cells(text):
    assert isinstance(cells_of(text, ","), str)
