"""One stored current outcome for each accepted event, a message or a failure record: checked over all that was sent."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

type Item = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """One request of a sender and what it was told; no status is a request without an answer."""

    source: str
    event_id: str
    body: str
    status: int | None
    receipt: str | None = None

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        return self.status is not None and 400 <= self.status < 500


@dataclass(frozen=True)
class Execution:
    """One execution that was started, with its input as JSON."""

    name: str
    input: str


@dataclass(frozen=True)
class Stored:
    """What stands in the tables of event records and messages, and what was started."""

    records: list[Item]
    messages: list[Item]
    executions: list[Execution]


@dataclass
class _Event:
    """All that is known of one event: what was sent under its id, and what is stored of it."""

    sent: list[Sent] = field(default_factory=list)
    receipts: list[Item] = field(default_factory=list)
    parts: dict[str, Item] = field(default_factory=dict)
    messages: list[Item] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)


def violations(sent: Iterable[Sent], stored: Stored) -> list[str]:
    """Everything that breaks the promise, in words; what is stored of events that were not sent here is left alone."""
    found = [*_names(stored.executions), *_receipts(sent := list(sent))]
    for (source, event_id), event in sorted(_events(sent, stored).items()):
        found += [f"{source} {event_id}: {what}" for what in _of_event(event)]
    return found


def _events(sent: list[Sent], stored: Stored) -> dict[tuple[str, str], _Event]:
    events: dict[tuple[str, str], _Event] = defaultdict(_Event)
    for each in sent:
        events[each.source, each.event_id].sent.append(each)
    by_record: dict[str, _Event] = {}
    for item in stored.records:
        if item["part"] == "receipt" and (event := events.get((item["source"], item["eventId"]))):
            event.receipts.append(item)
            by_record[item["record"]] = event
    for item in stored.records:
        if item["record"] in by_record:
            by_record[item["record"]].parts[item["part"]] = item
    for message in stored.messages:
        if event := events.get((message["source"], message["eventId"])):
            event.messages.append(message)
    for execution in stored.executions:
        reference = json.loads(execution.input)
        if event := events.get((reference["source"], reference["event_id"])):
            event.executions.append(execution)
    return dict(events)


def _names(executions: list[Execution]) -> Iterator[str]:
    inputs: Mapping[str, set[str]] = defaultdict(set)
    runs: Mapping[str, set[str]] = defaultdict(set)
    for execution in executions:
        reference = json.dumps(json.loads(execution.input), sort_keys=True)
        inputs[execution.name].add(reference)
        runs[reference].add(execution.name)
    yield from (f"execution {name} was started with {len(of)} inputs" for name, of in inputs.items() if len(of) > 1)
    yield from (f"{reference} was started under {len(of)} names" for reference, of in runs.items() if len(of) > 1)


def _receipts(sent: list[Sent]) -> Iterator[str]:
    events: Mapping[str | None, set[tuple[str, str]]] = defaultdict(set)
    for each in sent:
        if each.taken:
            events[each.receipt].add((each.source, each.event_id))
    yield from (f"receipt {receipt} was given for {len(of)} events" for receipt, of in events.items() if len(of) > 1)


def _of_event(event: _Event) -> Iterator[str]:
    taken = [each for each in event.sent if each.taken]
    if all(each.refused for each in event.sent):
        yield from _nothing(event)
        return
    yield from _door(event, taken)
    if taken and not event.receipts:
        yield f"accepted as {taken[0].receipt}, and there is no record of it"
    if event.messages and not event.receipts:
        yield "has a message, and there is no record of it"
    for receipt in event.receipts:
        yield from _outcome(receipt, event, accepted=bool(taken))


def _nothing(event: _Event) -> Iterator[str]:
    what = {"a record": event.receipts, "a message": event.messages, "an execution": event.executions}
    yield from (f"refused every time, and there is {name}" for name, of in what.items() if of)


def _door(event: _Event, taken: list[Sent]) -> Iterator[str]:
    if len(receipts := {each.receipt for each in taken}) > 1:
        yield f"one event was given {len(receipts)} receipts"
    if len(bodies := {each.body for each in taken}) > 1:
        yield f"{len(bodies)} bodies were accepted under one id"
    if len(event.receipts) > 1:
        yield f"one event has {len(event.receipts)} records"
    known = {item["record"].replace("#", ".", 1) for item in event.receipts}
    if event.receipts and receipts - known:
        yield "the receipt that was given is not the one of the record"
    kept = event.parts.get("body")
    if kept and kept["event"] not in (bodies or {each.body for each in event.sent}):
        yield "the body that is kept is not the one that was accepted"


def _outcome(receipt: Item, event: _Event, *, accepted: bool) -> Iterator[str]:
    """Every current outcome that is stored, against the one that the receipt names."""
    outcome = receipt.get("outcome")
    standing = {("message", message["messageId"]) for message in event.messages if message["status"] != "superseded"}
    standing |= {("failure", part) for part, item in event.parts.items() if item.get("current") is True}
    if len(standing) > 1:
        yield f"{len(standing)} current outcomes: {', '.join(map(' '.join, sorted(standing)))}"
    if outcome is None:
        if accepted or standing:
            yield "no outcome on its receipt" + (f", but {len(standing)} stored" if standing else "")
        return
    kind = outcome["kind"]
    if kind == "noted":
        if standing:
            yield f"it was taken in without a run, and {' '.join(min(standing))} is current"
        return
    named = (kind, outcome["execution"] if kind == "message" else f"failure#{outcome['run']}")
    if named not in standing:
        yield f"its receipt names the {' '.join(named)}, which is missing or no longer current"
