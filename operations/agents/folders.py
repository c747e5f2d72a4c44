"""An agent as a folder: config.json beside prompt.md."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent_platform.registry.alias import PLATFORM

from operations.terminal import Problem


@dataclass(frozen=True)
class AgentFolder:
    """A folder of agents/, read: whose agent it is, its settings and its prompt."""

    owner: str
    config: dict[str, Any]
    prompt: str


def read(folder: Path, *, shown: str) -> AgentFolder:
    """Read a folder; Problem under the name that is shown if it can't be read."""
    try:
        config = json.loads((folder / "config.json").read_text())
        return AgentFolder(config.get("tenant", PLATFORM), config, (folder / "prompt.md").read_text())
    except (OSError, ValueError, AttributeError) as error:
        raise Problem(f"{shown} can't be read: {error}") from None
