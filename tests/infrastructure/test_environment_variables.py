"""Every function is given the variables that its code reads, and no others."""

import ast
from collections.abc import Iterator

import pytest

from tests.infrastructure import template
from tests.infrastructure.sources import ROOT, Module, modules, reachable

EVERY_FUNCTION = pytest.mark.parametrize("function", template.functions(), ids=str)


def settings_of(module: Module) -> Iterator[tuple[str, bool]]:
    """The variables that a module's settings are read from, and whether each must be there."""
    classes = {node.name: node for node in module.tree.body if isinstance(node, ast.ClassDef)}
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="settings"), attr="read"), args=[ast.Name(id=declared)]):
                for field in classes[declared].body:
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                        yield field.target.id.upper(), field.value is None


def read_by(function: template.Function) -> dict[str, bool]:
    """What the modules that a function imports read, over all of them."""
    names = reachable(".".join((*function.folder.relative_to(ROOT).parts, "app")))
    return {variable: needed for name in names for variable, needed in settings_of(modules()[name])}


@EVERY_FUNCTION
def test_a_function_is_given_what_it_needs(function):
    needed = {variable for variable, must_be in read_by(function).items() if must_be}

    assert needed <= set(function.environment)


@EVERY_FUNCTION
def test_a_function_is_given_nothing_that_it_doesn_t_read(function):
    assert set(function.environment) <= set(read_by(function))


def test_who_imports_the_settings_reads_them_in_the_way_that_is_understood_here():
    readers = [module for module in modules().values() if "agent_platform.settings" in module.imports]

    assert readers
    assert not [module.name for module in readers if not list(settings_of(module))]
