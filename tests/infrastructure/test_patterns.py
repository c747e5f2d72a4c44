"""What a cold start pays for regular expressions: nothing in the layers of the platform and the workflows."""

import ast
import gc
import importlib

import pytest
from agent_platform.patterns import lazy_pattern

from tests.infrastructure.sources import Module, below
from tests.infrastructure.test_imports import WORKFLOWS

MODULES = [module for layer in ("agent_platform", *sorted(WORKFLOWS)) for module in below(layer)]


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_no_pattern_is_compiled_when_a_module_is_imported(module: Module) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    later = {id(node) for each in ast.walk(module.tree) if isinstance(each, functions) for node in ast.walk(each)}
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and id(node) not in later]

    assert [ast.unparse(call) for call in calls if ast.unparse(call.func) == "re.compile"] == []


def test_every_pattern_can_be_compiled() -> None:
    for module in MODULES:
        importlib.import_module(module.name)
    lazy = [each for each in gc.get_objects() if type(each) is type(lazy_pattern(""))]
    assert len(lazy) > 100

    for each in lazy:
        assert each.groups >= 0, each.pattern
