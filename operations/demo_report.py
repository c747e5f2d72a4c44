"""What the demo shows: a line for each event, one e-mail whole with its facts underlined, tokens and cost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agent_platform.ingest.receipts import noted_in
from rich.padding import Padding
from rich.text import Text

from operations.message_words import reason
from operations.scenarios import Scenario, Sent
from operations.terminal import money, out, plain, table

_SLOT = re.compile(r"\{\{[\w.]+\}\}")
_COLOURS = {"approved": "green", "rejected": "red", "skipped": "yellow", "refused": "yellow", "duplicate": "cyan",
            "noted": "green", "pending_review": "yellow"}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One event as the demo shows it; also a line of its JSON."""

    id: str
    sent: str
    http_status: int
    outcome: str
    reason: str
    execution: str | None
    attempts: int
    score: float | None
    subject: str | None
    body: str | None


def shown_of(each: Sent) -> Shown:
    """What became of one event."""
    execution = attempts = score = subject = body = None
    if each.status != 202:
        outcome, why = "refused", f"{each.status} {each.answer.get('title', '')}: {each.answer.get('detail', '')}"
        why += "".join(f" {problem['pointer']}: {problem['expected']};" for problem in each.answer.get("errors", []))
    elif each.scenario.repeats and each.answer["receipt"] == each.first_receipt:
        outcome, why = "duplicate", "the same id and body: the same receipt, no second run"
    elif each.message:
        outcome, why = each.message["status"], reason(each.message)
        execution, attempts = each.message["messageId"], len(each.message.get("attempts", []))
        score, subject, body = (each.message.get(name) for name in ("score", "subject", "text"))
    elif each.receipt and (noted := noted_in(each.receipt)):
        outcome, why = "noted", f"{each.receipt['eventType']}: {noted.status}; it starts no run"
    elif each.receipt and each.receipt.get("outcome"):
        outcome, why = "failed", each.receipt["outcome"]["status"]
        execution = each.receipt["outcome"]["execution"]
    else:
        outcome, why = "failed", "no outcome in the time that the demo waits"
    return Shown(
        each.event_id, each.scenario.name, each.status, outcome, why, execution, attempts or 0, score, subject, body
    )


def unexpected(scenario: Scenario, line: Shown, *, offline: bool) -> Iterator[str]:
    """What should have happened and didn't; another model than the offline one may come to another stored outcome."""
    stored = line.outcome in {"approved", "rejected", "skipped", "failed", "pending_review"} and line.execution
    if not offline and scenario.depends_on_model:
        if not stored:
            yield f"{scenario.name}: no outcome ({line.reason})"
        return
    if line.outcome != scenario.expected or not line.reason.startswith(scenario.reason):
        yield f"{scenario.name}: {line.outcome} ({line.reason}) instead of {scenario.expected} {scenario.reason}"
    elif line.attempts and line.attempts < scenario.attempts:
        yield f"{scenario.name}: {line.attempts} attempts instead of {scenario.attempts}"


def _totals(posted: list[Sent]) -> tuple[dict[str, int], int]:
    messages = {each.message["messageId"]: each.message for each in posted if each.message}.values()
    tokens = {name: sum(each.get(f"{name}Tokens", 0) for each in messages) for name in ("input", "output")}
    return tokens, sum(each.get("costMicros", 0) for each in messages)


def document_of(name: str, seconds: float, posted: list[Sent], shown: list[Shown]) -> dict[str, Any]:
    """The whole demo as one document."""
    tokens, micros = _totals(posted)
    return {
        "model": name,
        "seconds": round(seconds, 1),
        "events": [vars(line) for line in shown],
        "tokens": tokens,
        "cost": {"usd": micros / 1_000_000, "as_if": True},
    }


def print_report(posted: list[Sent], shown: list[Shown], *, name: str, seconds: float, keep: bool) -> None:
    """The table, one message whole, the cost, and what to type next."""
    out.print()
    columns = ("event", "run", "outcome", "tries", "score", "subject, or reason")
    table(f"What became of {len(shown)} events", columns, map(_row, shown))
    best = next((each.message for each in posted if each.message and each.message["status"] == "approved"), None)
    if best:
        _print_whole(best)
    tokens, micros = _totals(posted)
    attempts = [attempt for each in posted if each.message for attempt in each.message.get("attempts", [])]
    models = sorted({attempt[role]["model"] for attempt in attempts for role in ("generate", "judge")})
    if models:
        out.print(plain(
            f"\n{tokens['input']:,} + {tokens['output']:,} tokens by the {name}; "
            f"as if by {' and '.join(models)}: {money(micros)}. {seconds:.0f} s in all."
        ))  # fmt: skip
    out.print("\n[bold]Next[/]")
    if keep:
        nexts = ("scripts/messages list", "scripts/trace RECEIPT", "scripts/report")
    else:
        nexts = (
            "scripts/demo --keep      and then look around: scripts/messages list, scripts/report",
            "scripts/test",
            "sam build && sam deploy --config-env dev      with AWS credentials; README says what else",
        )
    for command in nexts:
        out.print(f"  {command}", soft_wrap=True)


def _row(line: Shown) -> tuple[str | Text, ...]:
    approved = line.outcome == "approved" and line.subject
    return (
        line.sent,
        (line.execution or "")[:8],
        Text(line.outcome, style=_COLOURS.get(line.outcome, "red")),
        str(line.attempts or ""),
        "" if line.score is None else f"{line.score:.1f}",
        plain(line.subject) if approved and line.subject else plain(_short(line.reason), style="dim"),
    )


def _short(why: str) -> str:
    """A reason that fits a table; --json has it whole."""
    return why if len(why) <= 110 else f"{why[:110].rpartition(' ')[0]} …"


def _print_whole(message: dict[str, Any]) -> None:
    out.print("\n[bold]One of them, whole[/] [dim](facts underlined; they come from the record, not from the model)[/]")
    subject = Text("Subject: ", style="dim") + underlined(message["slots"]["subject"], message["subject"])
    text = underlined(message["slots"]["body"], message["text"])
    out.print(Padding(Text("\n\n").join([subject, text]), (1, 0, 0, 2)))


def underlined(slots: str, rendered: str) -> Text:
    """The rendered text with every fact underlined: the pieces between slots stand in both texts."""
    pieces = [re.escape(piece) for piece in _SLOT.split(slots)]
    # Below the body stands the footer, which has no slots.
    found = re.match("(.+?)".join(pieces) + r"(?=\n\n|\Z)", rendered, re.DOTALL)
    marked = plain(rendered)
    for fact in range(1, len(pieces)):
        if found:
            marked.stylize("underline", *found.span(fact))
    return marked
