"""What travels between the states of a bulk run: places in a file, and never what stands there."""

from typing import TypedDict


class Arrived(TypedDict):
    """A file that came into the inbox, and the entity tag of its content."""

    key: str
    etag: str


class Upload(TypedDict):
    """A file whose lines are taken in: whose it is, its content's entity tag, and where what becomes of it is kept.

    `columns` is None for JSON Lines.
    """

    tenant: str
    source: str
    key: str
    etag: str
    folder: str
    columns: list[str] | None
    delimiter: str


class Range(TypedDict):
    """Some lines that follow each other: the first one's number, where they stand in bytes, and how many they are."""

    first: int
    offset: int
    length: int
    lines: int


class Plan(TypedDict):
    """The ranges of an upload, those that are `left`, and the key of their list; or why the file can't be taken in."""

    upload: Upload
    bucket: str
    left_key: str
    left: int
    ranges: int
    lines: int
    concurrency: int
    problems: list[str]


class Summary(TypedDict):
    """What became of a file's lines; `missing` are those of ranges that failed."""

    lines: int
    accepted: int
    duplicate: int
    refused: int
    missing: int
    report: str
    problems: list[str]
