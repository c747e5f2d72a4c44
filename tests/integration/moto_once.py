"""What moto works out anew with every request, though the same comes of it: here it is worked out once."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from moto import backend_index
from moto.core import responses, serialize
from moto.core.base_backend import BaseBackend


def remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let moto answer as it does, in less time."""
    for pure in ("method_names_from_class", "camelcase_to_underscores"):
        monkeypatch.setattr(responses, pure, cache(getattr(responses, pure)))
    monkeypatch.setattr(BaseBackend, "urls", property(_once_a_service(BaseBackend.urls.fget)))
    for picker in (serialize.AttributePicker, serialize.XFormedAttributePicker):
        monkeypatch.setattr(picker, "get_possible_keys", _once_a_shape(picker.get_possible_keys))
    # Services are tried in turn, and nearly all that is asked is asked of DynamoDB.
    patterns = sorted(backend_index.backend_url_patterns, key=lambda each: each[0] != "dynamodb")
    monkeypatch.setattr(backend_index, "backend_url_patterns", patterns)


def _once_a_service(listed: Callable[[Any], Any]) -> Callable[[Any], Any]:
    kept: dict[type, Any] = {}

    def urls(backend: Any) -> Any:
        if type(backend) not in kept:
            kept[type(backend)] = listed(backend)
        return kept[type(backend)]

    return urls


def _once_a_shape(possible: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    kept: dict[Any, list[str]] = {}

    def keys(picker: Any, context: Any) -> Any:
        # Of an object, unlike of a dict, its class has a say too.
        if type(context.obj) is not dict:
            return possible(picker, context)
        asked = (*picker.alias_providers, context.shape, context.key)
        if asked not in kept:
            kept[asked] = list(possible(picker, context))
        return kept[asked]

    return keys
