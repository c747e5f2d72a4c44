"""Where lines stand: the parts of a file, read one by one, say what the whole file says."""

import csv
import io
from itertools import batched

import pytest
from agent_platform.ingest import acceptance
from agent_platform.uploads import records as module
from agent_platform.uploads.records import MOST_BYTES, records
from hypothesis import given
from hypothesis import strategies as st


def in_chunks(content, size):
    return [content[place : place + size] for place in range(0, len(content), size)]


def read(content, *, quoted=False, size=7):
    return list(records(in_chunks(content, size), quoted=quoted))


def test_a_line_may_be_as_long_as_a_body_of_the_webhook():
    assert MOST_BYTES == acceptance.MAX_BODY_BYTES


def test_every_line_has_its_number_and_place():
    content = b'{"a": 1}\n\n  \r\n{"b": 2}\r\nlast'
    assert [(each.number, each.offset, each.content) for each in read(content)] == [
        (1, 0, b'{"a": 1}\n'),
        (4, 14, b'{"b": 2}\r\n'),
        (5, 24, b"last"),
    ]


@pytest.mark.parametrize("quoted", [False, True])
def test_of_a_line_without_end_no_more_is_held_than_shows_that_it_is_too_long(quoted):
    [long, after] = records([b"x" * 10_000_000, b"y\n", b"after\n"], quoted=quoted)
    assert (len(long.content), long.length) == (MOST_BYTES + 1, 10_000_002)
    assert (after.number, after.offset) == (2, 10_000_002)


def test_a_row_goes_on_while_a_quote_is_open():
    rows = read(b'a,"one\ntwo",b\nc,"say ""hi""",d\n', quoted=True)
    assert [(row.number, row.content) for row in rows] == [
        (1, b'a,"one\ntwo",b\n'),
        (3, b'c,"say ""hi""",d\n'),
    ]


def test_a_quote_that_is_never_closed_costs_its_own_line_alone(monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 40)
    content = b'a,"torn\n' + b"b,whole\n" * 12
    assert [row.number for row in read(content, quoted=True)] == list(range(1, 14))


ROWS = st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r")), min_size=1), max_size=30)


@given(rows=ROWS, size=st.integers(1, 50))
def test_rows_are_those_that_a_reader_of_csv_sees(rows, size):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    found = [row.content.decode() for row in read(text.getvalue().encode(), quoted=True, size=size)]
    assert [next(csv.reader(io.StringIO(each, newline=""))) for each in found] == rows


CONTENT = st.lists(st.sampled_from([b"a", b'"', b"\n", b"\r\n", b",", b"word", b'"x\ny"', b"\xff"])).map(b"".join)


@given(content=CONTENT, quoted=st.booleans(), lines=st.integers(1, 5), limit=st.sampled_from([5, 20, MOST_BYTES]))
def test_a_file_read_in_ranges_says_the_same(content, quoted, lines, limit):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "MOST_BYTES", limit)
        whole = read(content, quoted=quoted)
        again = []
        for some in batched(whole, lines, strict=False):
            first, part = some[0], content[some[0].offset : some[-1].end]
            again += records(in_chunks(part, 3), quoted=quoted, number=first.number, offset=first.offset)
    assert again == whole


@given(content=CONTENT, quoted=st.booleans())
def test_every_byte_that_isn_t_blank_is_in_a_line(content, quoted):
    found = read(content, quoted=quoted)
    rest = content
    for each in reversed(found):
        rest = rest[: each.offset] + rest[each.end :]
    assert not rest.strip()
