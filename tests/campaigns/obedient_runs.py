"""One event's way from Validate to the verdict, by the domain's own code, with a model that obeys whatever it reads."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from agent_platform.inference.completions import Completion, Tool
from agent_platform.references import EventReference
from event_contracts import validate
from outreach.contacts import Contact
from outreach.drafting import write_draft
from outreach.enrichment import enrich
from outreach.features.entries import told_by
from outreach.judging import judge_draft
from outreach.requests import Collaborators, make_request

from local_aws.bedrock_wire.faults import Fault
from local_aws.bedrock_wire.offline import Offline
from local_aws.bedrock_wire.service import Service
from local_aws.bedrock_wire.wire import Call
from tests.unit.outreach.writing_cases import greenedge, shipped_agent

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
REFERENCE = EventReference("greenedge", "crm", "event-1", "service.completed", 1)
_BRAND = {"key": "brands/greenedge/brand.json", "version_id": "1"}


class Run(NamedTuple):
    """What a run came to: its status, its message with its scores' reasons, and the data that models were told."""

    status: str
    said: str
    told: str


class Obedient:
    """`converse` on the wire server's model, which obeys; `told` is all that it was sent as data."""

    def __init__(self) -> None:
        self._service = Service(Offline())
        self._service.faults.add([Fault("obedient")])
        self.told = ""

    def __call__(
        self, *, model: str, system: str, messages: list[dict[str, Any]], inference: Any, tool: Tool | None = None
    ) -> Completion:
        assert tool
        self.told += json.dumps(messages, ensure_ascii=False)
        spec = {"name": tool.name, "description": tool.description, "inputSchema": {"json": tool.schema}}
        document = {
            "system": [{"text": system}],
            "messages": messages,
            "inferenceConfig": {"maxTokens": inference["max_tokens"]},
            "toolConfig": {"tools": [{"toolSpec": spec}], "toolChoice": {"tool": {"name": tool.name}}},
        }
        answer = json.loads(self._service.answer(Call("Converse", (model,), "", b"", document)).content)
        (block,) = answer["output"]["message"]["content"]
        return Completion("", block["toolUse"]["input"], answer["stopReason"], model, 1, 1, 1, 1)


def run(event: dict[str, Any]) -> Run:
    """The run of an event, if its contract accepts it."""
    if validate(event):
        return Run("refused at the door", "", "")
    request, prepared = make_request(REFERENCE, event, greenedge(), _BRAND, with_=_collaborators(), as_of=NOW)
    if request["decision"] == "skip":
        return Run("skipped", "", "")
    converse = Obedient()
    features = _features(event, request, prepared)
    verdict: Any = None
    while verdict is None or verdict["decision"] == "rewrite":
        verdict = _attempt(request, features, prepared, verdict, converse)
    best = verdict["best"]
    reasons = [score["reason"] for attempt in verdict["attempts"] for score in attempt["scores"]]
    said = " ".join([best["subject"], best["body"], best["call_to_action"], *reasons])
    return Run("approved" if verdict["approved"] else "rejected", said.casefold(), converse.told)


def _attempt(request: Any, features: Any, prepared: Any, verdict: Any, converse: Callable[..., Completion]) -> Any:
    writer, judge, known = shipped_agent("outreach-writer"), shipped_agent("outreach-judge"), {"prepared": prepared}
    passages: Any = {"status": "none_found", "items": []}
    draft = write_draft(
        writer, request, features, passages, brand=greenedge(), verdict=verdict, converse=converse, **known
    )
    return judge_draft(
        judge, draft, request, features, brand=greenedge(), previous=verdict, max_attempts=writer.max_attempts,
        converse=converse, **known,
    )  # fmt: skip


def _features(event: dict[str, Any], request: Any, prepared: Any) -> Any:
    state: Any = {
        "tenant": REFERENCE.tenant, "source": REFERENCE.source, "event_id": REFERENCE.event_id,
        "event_type": event["type"], "run": 1, "request": request,
    }  # fmt: skip
    empty: Any = SimpleNamespace(stored=lambda *_, **__: None, history=SimpleNamespace(entries=lambda *_, **__: []))
    return enrich(
        state, prepared, greenedge(), store=empty, now=NOW,
        own_entry=lambda: told_by(REFERENCE, event, brand=greenedge(), received_at=NOW)[1],
    )  # fmt: skip


def _collaborators() -> Collaborators:
    def resolve(name: str, **_: Any) -> Any:
        return SimpleNamespace(version=shipped_agent(name), rollout=None, bucket=None, share=None)

    registry: Any = SimpleNamespace(resolve=resolve)
    return Collaborators(lambda *_, **__: Contact(), registry, lambda: b"a key")
