"""The schemas as written: `schemas/<event type>.v<version>.json`, each with the shared definitions added."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

type Schema = dict[str, Any]
type Kind = tuple[str, int]

FOLDER = Path(__file__).with_name("schemas")
SHARED = FOLDER / "definitions.json"
_NAME = re.compile(r"(?P<type>[a-z_]+(?:\.[a-z_]+)+)\.v(?P<version>[1-9][0-9]*)\.json")


def load_schemas() -> dict[Kind, Schema]:
    """Every event type and version that has a file, with its schema, whole."""
    return {kind: with_definitions(json.loads(path.read_bytes())) for kind, path in sorted(_files())}


def with_definitions(schema: Schema) -> Schema:
    """A schema that can refer to the shared definitions."""
    return {**schema, **json.loads(SHARED.read_bytes())}


def _files() -> Iterator[tuple[Kind, Path]]:
    for path in FOLDER.glob("*.json"):
        if found := _NAME.fullmatch(path.name):
            yield (found["type"], int(found["version"])), path
        elif path != SHARED:
            raise ValueError(f"{path.name}: a schema is named <event type>.v<version>.json")
