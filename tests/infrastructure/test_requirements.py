"""Pinned lists: the same packages on every machine, and in the tests what runs on Lambda."""

import ast
import re

import pytest

from tests.infrastructure.sources import modules
from tests.infrastructure.template import ROOT

LAYERS = sorted(ROOT.glob("layers/*/requirements.txt"))
LISTS = [*sorted(ROOT.glob("requirements/*.txt")), *LAYERS]
EVERY_LIST = pytest.mark.parametrize("path", LISTS, ids=lambda path: str(path.relative_to(ROOT)))
_PIN = re.compile(r"([A-Za-z0-9][\w.-]*)==(\d[\w.+!]*)")


def pins(path):
    """Versions by name, the names as pip compares them."""
    lines = path.read_text().splitlines()
    matches = [_PIN.fullmatch(line) for line in lines]
    assert all(matches), f"{path}: {[line for line, match in zip(lines, matches, strict=True) if not match]}"
    return {re.sub(r"[-_.]+", "-", match[1]).lower(): match[2] for match in matches}


@EVERY_LIST
def test_a_list_holds_exact_versions_and_nothing_else(path):
    """No host, no path, no option: where packages come from is each machine's own configuration."""
    assert pins(path)


@EVERY_LIST
def test_a_list_names_a_package_once(path):
    assert len(pins(path)) == len(path.read_text().splitlines())


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.parent.name)
def test_tests_run_with_the_versions_that_the_layers_ship(path):
    dev = pins(ROOT / "requirements/dev.txt")

    assert {name: dev.get(name) for name in pins(path)} == pins(path)


def test_layers_agree_on_what_two_of_them_ship():
    found: dict[str, set[str]] = {}
    for path in LAYERS:
        for name, version in pins(path).items():
            found.setdefault(name, set()).add(version)

    assert not {name: versions for name, versions in found.items() if len(versions) > 1}


def test_the_layer_has_every_service_that_a_function_makes_a_client_of():
    """It ships botocore with these services' models alone."""
    made = {
        node.args[0].value
        for module in modules().values()
        if module.top not in {"operations", "local_aws"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "aws.client"
    }
    shipped = re.search(r"^SERVICES := (.+)$", (ROOT / "layers/agent_platform/Makefile").read_text(), re.MULTILINE)[1]

    assert made == set(shipped.split())
