"""One line of the shipped code, changed for the time of a test, to see which test notices."""

import inspect
import textwrap
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

import pytest


def mutate(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], old: str, new: str) -> None:
    """Run a function from now on as if its source said `new` where it says `old`, whoever holds it."""
    assert isinstance(function, FunctionType)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) >= 1, f"{function.__qualname__} has no {old}"
    module = compile(source.replace(old, new), inspect.getfile(function), "exec")
    monkeypatch.setattr(function, "__code__", _code_of(module, function.__name__))


def _code_of(module: CodeType, name: str) -> CodeType:
    (found,) = [each for each in module.co_consts if isinstance(each, CodeType) and each.co_name == name]
    return found
