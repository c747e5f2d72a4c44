"""What moto works out anew with every request, though only the service decides it: here it is worked out once."""

from functools import cache

import pytest
from moto.core import responses
from moto.core.base_backend import BaseBackend


def remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let moto remember which of a service's methods answer, their names, and the addresses it answers at."""
    for pure in ("method_names_from_class", "camelcase_to_underscores"):
        monkeypatch.setattr(responses, pure, cache(getattr(responses, pure)))
    listed, by_service = BaseBackend.urls, {}

    def urls(backend):
        kind = type(backend)
        if kind not in by_service:
            by_service[kind] = listed.__get__(backend)
        return by_service[kind]

    monkeypatch.setattr(BaseBackend, "urls", property(urls))
