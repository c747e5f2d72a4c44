"""What a run had before it when it wrote: evaluation, claims and review read this and nothing else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent_platform.items import Item, to_item


@dataclass(frozen=True)
class Recording:
    """One run's material, redacted from birth: request, features and passages as they were, and the free text."""

    tenant: str
    workflow: str
    purpose: str
    recorded_at: str
    message_id: str
    material: Mapping[str, Any]


def put_recording(recording: Recording, *, table: str, expires_at: int) -> Item:
    """The transaction item that keeps a recording, indexed by tenant, workflow, purpose and time."""
    item = {
        "recording": f"{recording.tenant}#{recording.message_id}",
        "series": f"{recording.tenant}#{recording.workflow}#{recording.purpose}",
        "recordedAt": f"{recording.recorded_at}#{recording.message_id}",
        "material": json.dumps(recording.material, ensure_ascii=False),
        "expiresAt": expires_at,
    }
    return {"Put": {"TableName": table, "Item": to_item(item)}}
