"""Where each line of a file stands, told from its bytes: who plans a file and who reads a part see the same lines.

A row of CSV is one line, or several while a quote is open. Nothing is held that is longer than an event may be.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# As an event's body.
MOST_BYTES = 128 * 1024
# One more, so that what is cut off is refused as too long.
_HELD = MOST_BYTES + 1


@dataclass(frozen=True, slots=True)
class Record:
    """A line that isn't blank, or a row of CSV: its first line's number, its place, and its bytes as far as held."""

    number: int
    offset: int
    length: int
    content: bytes

    @property
    def end(self) -> int:
        """Where the next one may begin."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class _Line:
    content: bytes
    length: int


def records(chunks: Iterable[bytes], *, quoted: bool, number: int = 1, offset: int = 0) -> Iterator[Record]:
    """The records of a file, or of a part that begins with this line at this place."""
    lines = _lines(chunks)
    for row in _rows(lines) if quoted else ([line] for line in lines):
        content = row[0].content if len(row) == 1 else b"".join(line.content for line in row)
        length = sum(line.length for line in row)
        if content.strip():
            yield Record(number, offset, length, content)
        number, offset = number + len(row), offset + length


def _lines(chunks: Iterable[bytes]) -> Iterator[_Line]:
    held, length = b"", 0
    for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            yield _Line((held + piece + b"\n")[:_HELD], length + len(piece) + 1)
            held, length = b"", 0
        held, length = (held + rest)[:_HELD], length + len(rest)
    if length:
        yield _Line(held, length)


def _rows(lines: Iterator[_Line]) -> Iterator[list[_Line]]:
    """Lines joined while a quote is open; where one is never closed, its line stands alone and reading goes on."""
    ahead: deque[_Line] = deque()
    while row := _row(ahead, lines):
        yield row


def _row(ahead: deque[_Line], lines: Iterator[_Line]) -> list[_Line]:
    row: list[_Line] = []
    size, is_open = 0, False
    while not row or is_open:
        line = ahead.popleft() if ahead else next(lines, None)
        if line is not None:
            row.append(line)
            size += line.length
            # A quote within a quoted cell is doubled, so an odd number of them opens or closes one.
            is_open ^= line.content.count(b'"') % 2 == 1
        if line is None or size > MOST_BYTES:
            if is_open:
                ahead.extendleft(reversed(row[1:]))
                return row[:1]
            return row
    return row
