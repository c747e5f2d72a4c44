"""Untrusted text reaches a model only as JSON inside one delimited block, which its content can't close."""

import hashlib
import json
import re
from itertools import count
from typing import Any

from agent_platform.patterns import lazy_pattern

_BOUNDARY = lazy_pattern(r"[0-9a-f]{16}")
# Angle brackets could close the block; the others are invisible: a person who reads the prompt would not see them.
_ESCAPED = lazy_pattern(
    "[<>\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\U000e0000-\U000e0fff]"
)


def data_block(value: Any, *, boundary: str) -> str:
    """The value as JSON between `<data-BOUNDARY>` and `</data-BOUNDARY>`, each on a line of its own.

    ValueError if the boundary isn't 16 hexadecimal digits or occurs in the content.
    """
    content = _as_json(value)
    if not _BOUNDARY.fullmatch(boundary) or boundary in content:
        raise ValueError("a boundary is 16 hexadecimal digits that don't occur in the content")
    return f"<data-{boundary}>\n{content}\n</data-{boundary}>"


def boundary_for(value: Any, *, seed: str) -> str:
    """A boundary that doesn't occur in the value: the same for the same value and seed, so a retried call is equal."""
    content = _as_json(value)
    digests = (hashlib.sha256(f"{seed}\n{turn}\n{content}".encode()).hexdigest()[:16] for turn in count())
    return next(digest for digest in digests if digest not in content)


def _as_json(value: Any) -> str:
    return _ESCAPED.sub(_escape, json.dumps(value, ensure_ascii=False, allow_nan=False))


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1] if found[0] not in "<>" else f"\\u{ord(found[0]):04x}"
