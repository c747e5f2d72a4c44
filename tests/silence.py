"""Thousands of steps of product code without their log lines and metrics."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from agent_platform import telemetry


@contextmanager
def silence(workflow: str) -> Iterator[None]:
    """Let nothing be logged or emitted in the name of this workflow; afterwards telemetry is made anew."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WORKFLOW", workflow)
        patched.setenv("LOG_LEVEL", "CRITICAL")
        patched.setattr(telemetry, "emit", lambda *_, **__: None)
        _make_anew()
        yield
    _make_anew()


def _make_anew() -> None:
    for made in (telemetry._own, telemetry.workflow, telemetry.log):
        made.cache_clear()
