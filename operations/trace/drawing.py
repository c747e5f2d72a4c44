"""The way of an event at the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from agent_platform.guardrails.redaction import redact
from agent_platform.inference.calls import Booked
from agent_platform.ingest.receipts import Outcome, outcome_in
from outreach.findings import blocking

from operations import without_runs
from operations.terminal import counted, money, out, plain, table
from operations.trace.log_lines import constant, said
from operations.trace.model_calls import totals
from operations.trace.visits import Visit
from operations.trace.ways import Way

type Row = tuple[str, str, str, str, str, str, str]
_COLUMNS = ("at (UTC)", "what", "took", "tries", "tokens", "cost", "notes")


def show(way: Way) -> None:
    """The way as a table, and below it what it came to."""
    of = way.receipt
    out.print(plain(f"{of['eventType']} of {of['tenant']}, from {of['source']}: {way.name}", "bold"), soft_wrap=True)
    table(str(way.received.date()), _COLUMNS, _rows(way))
    for each in way.runs:
        if each.error:
            out.print(plain(f"run {each.number}: {each.error}: {each.cause or ''}", "red"), soft_wrap=True)
    _show_end(way)
    if not way.lines:
        out.print("[dim]The logs know nothing of it (any more).[/]")


def _show_end(way: Way) -> None:
    outcome = outcome_in(way.receipt)
    if "executionArn" not in way.receipt:
        out.print(plain(f"It {without_runs.told_of(way.receipt)}."), soft_wrap=True)
    elif outcome:
        out.print(plain(_came_to(outcome, way.message or {})), soft_wrap=True)
    else:
        out.print("It has come to nothing yet.")
    if "executionArn" in way.receipt and not way.runs:
        out.print("[dim]Step Functions has forgotten its runs.[/]")


def _came_to(outcome: Outcome, message: Mapping[str, Any]) -> str:
    if skip := message.get("skip"):
        return f"It was skipped (run {outcome.run}): {skip['reason']}. {skip['detail']}"
    if outcome.status == "skipped":
        return f"It was skipped (run {outcome.run}); why isn't kept any more."
    told = f"It came to a {outcome.kind}: {outcome.status} (run {outcome.run})"
    if outcome.status != "rejected" or "score" not in message:
        return f"{told}."
    first = next(iter(blocking(message["findings"])), None)
    finding = f"; {first['kind']} {first['result']}: {redact(first['text'])}" if first else ""
    return f"{told}: score {message['score']:.2f}{finding}"


def _rows(way: Way) -> Iterator[Row]:
    yield _row(way.received, "received")
    if way.published:
        took = (way.published - way.received).total_seconds() if way.is_received_exactly else None
        yield _row(way.published, "recorded and published", took=took)
        if way.runs and way.runs[0].number == 1:
            waited = (way.runs[0].started - way.published).total_seconds()
            yield _row(way.published, "waiting to be started", took=waited)
    for each in way.runs:
        yield _row(each.started, f"run {each.number} started")
        yield from (_visit_row(visit) for visit in each.visits)
        if each.stopped:
            took = (each.stopped - each.started).total_seconds()
            yield _row(each.stopped, f"run {each.number} {each.status.lower()}", took=took, calls=each.calls)


def _visit_row(visit: Visit) -> Row:
    tries, errors = str(len(visit.attempts)) if len(visit.attempts) > 1 else "", ", ".join(visit.errors)
    return _row(visit.entered, f"  {visit.state}", took=visit.seconds, tries=tries, calls=visit.calls, told=errors)


def _row(
    at: datetime, what: str, *, took: float | None = None, tries: str = "", calls: Sequence[Booked] = (),
    told: str = "",
) -> Row:  # fmt: skip
    tokens, cost = "", ""
    if calls:
        spent = totals(calls)
        tokens, cost = f"{spent['input_tokens']:,} + {spent['output_tokens']:,}", money(spent["cost_micros"])
        told = ", ".join(filter(None, (told, counted(len(calls), "model call") if len(calls) > 1 else "")))
    return _moment(at), what, "" if took is None else f"{took * 1000:,.0f} ms", tries, tokens, cost, told


def show_lines(way: Way) -> None:
    """Its log lines as a table."""
    alike = constant(way.lines)
    unsaid = {"at", "level", "state", *alike}
    rows = [
        (_moment(datetime.fromisoformat(line["at"])), str(line["level"]), str(line.get("state") or line["workflow"]),
         ", ".join(f"{name}={value}" for name, value in said(line).items() if name not in unsaid))
        for line in way.lines
    ]  # fmt: skip
    for trace in way.traces:
        out.print(plain(f"X-Ray {trace}", "dim"), soft_wrap=True)
    if alike:
        told = ", ".join(f"{name}={value}" for name, value in alike.items())
        out.print(plain(f"In every line: {told}", "dim"), soft_wrap=True)
    table("Log lines", ("at (UTC)", "level", "where", "what"), rows)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%H:%M:%S.%f")[:-3]
