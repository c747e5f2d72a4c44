"""Uploaded files that say something of one person: what their lines say, and when a file isn't needed any more."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from agent_platform.ingest.acceptance import Refused
from agent_platform.uploads.columns import read_header
from agent_platform.uploads.contracts import Arrived, Upload
from agent_platform.uploads.inbox import Inbox, folder_of
from agent_platform.uploads.lines import line_of
from agent_platform.uploads.records import records


@dataclass(frozen=True)
class Naming:
    """A file with lines about a person, as far as they are events, and whether all its lines were taken in."""

    key: str
    events: list[Any]
    done: bool


@dataclass(frozen=True)
class PeopleInUploads:
    """The inbox, as who looks for one person sees it: `is_about` says of an event whether it is theirs."""

    inbox: Inbox
    is_about: Callable[[Any], bool | None]

    def naming(self, tenant: str) -> Iterator[Naming]:
        """Every file of a tenant's that names them; each is read whole."""
        for arrived in self.inbox.files(tenant):
            if events := [event for event in self._events(tenant, arrived) if self.is_about(event)]:
                yield Naming(arrived["key"], events, self._is_done(arrived))

    def forget(self, file: Naming) -> bool:
        """Delete a file that isn't needed any more, for all that it says are events by now; False if it is needed."""
        if file.done:
            self.inbox.delete(file.key)
        return file.done

    def _is_done(self, arrived: Arrived) -> bool:
        summary = self.inbox.summary(folder_of(arrived))
        return summary is not None and not summary["missing"]

    def _events(self, tenant: str, arrived: Arrived) -> Iterator[Any]:
        is_csv = PurePosixPath(arrived["key"]).suffix.lower() == ".csv"
        found = records(self.inbox.content(arrived) or (), quoted=is_csv)
        upload: Upload = {
            "tenant": tenant, "source": "", "key": arrived["key"], "etag": arrived["etag"], "folder": "",
            "columns": None, "delimiter": ",",
        }  # fmt: skip
        if is_csv and (header := next(found, None)):
            upload["columns"], upload["delimiter"], _ = read_header(header.content)
        for record in found:
            # Nobody asks for the ids of these lines, nor for their numbers as such.
            line = line_of(record, upload, numbers=lambda *_: (), key=b"")
            if not isinstance(line, Refused):
                yield from _event(line.text)


def _event(text: str) -> Iterator[Any]:
    try:
        yield json.loads(text)
    except (ValueError, RecursionError):
        return
