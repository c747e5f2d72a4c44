"""What a cold start costs, on what `sam build` made: no module of a layer is compiled, and no layer is large."""

import fcntl
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infrastructure import template
from tests.infrastructure.template import ROOT, layer_folder

BUILD = ROOT / ".aws-sam/build"
RUNTIME = ROOT / ".venvs/lambda-runtime/bin/python"
MOST_MEGABYTES = {"agent_platform": 20, "event_contracts": 10, "measurement": 1, "outreach": 30}
LAYERS = [name for name, each in template.resources("AWS::Serverless::LayerVersion").items()]

# `python -v` says this of each module: with its bytecode's path in quotes, or its source's without if it was compiled.
_LOADED = re.compile(r"^# code object from '?(.+?)'?$", re.MULTILINE)
_UNCHECKED_HASH = (0b01).to_bytes(4, "little")


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    """What `sam build` makes, made here if nobody has."""
    ROOT.joinpath(".aws-sam").mkdir(exist_ok=True)
    with (ROOT / ".aws-sam/lock").open("w") as lock:
        # The suite's other process may have come first.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (BUILD / "template.yaml").exists():
            subprocess.run([ROOT / "scripts/build"], check=True, capture_output=True)


def imported(function: template.Function) -> list[Path]:
    """The files that the code of a starting function is loaded from, found as Lambda finds them."""
    code, layers = BUILD / function.name, [BUILD / layer / "python" for layer in reversed(function.layers)]
    ended = subprocess.run(
        [RUNTIME, "-BPv", "-c", "import app"],
        # Nothing of this machine's environment; /var/task stands before /opt.
        env={"PYTHONPATH": ":".join(map(str, [code, *layers])), "AWS_DEFAULT_REGION": "us-east-1"},
        cwd=code,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return [Path(path) for path in _LOADED.findall(ended.stderr)]


@pytest.mark.parametrize("function", template.functions(), ids=str)
def test_no_module_of_a_layer_is_compiled_at_start_up(function):
    of_layers = [path for path in imported(function) for layer in function.layers if path.is_relative_to(BUILD / layer)]

    assert len(of_layers) > 10, "nothing was imported from the layers"
    assert [path for path in of_layers if path.suffix == ".py"] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_module_s_bytecode_is_its_source_s_and_is_never_checked(layer):
    """Unchecked bytecode runs whatever the source says, so a stale one must not be shipped."""
    site = BUILD / layer / "python"
    sources = list(site.rglob("*.py"))

    assert sources
    for source in sources:
        magic, flags, digest = header(Path(importlib.util.cache_from_source(source)))
        assert magic == importlib.util.MAGIC_NUMBER, source
        assert flags == _UNCHECKED_HASH, source
        assert digest == importlib.util.source_hash(source.read_bytes()), source


def header(bytecode: Path) -> tuple[bytes, bytes, bytes]:
    """The magic number, the flags and the source's hash (PEP 552)."""
    assert bytecode.exists(), bytecode
    first = bytecode.read_bytes()[:16]
    return first[:4], first[4:8], first[8:]


def test_these_tests_run_on_the_functions_version_of_python():
    assert f"python{sys.version_info[0]}.{sys.version_info[1]}" == template.written()["Globals"]["Function"]["Runtime"]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_stays_small(layer):
    files = [path for path in (BUILD / layer).rglob("*") if path.is_file()]

    assert sum(path.stat().st_size for path in files) <= MOST_MEGABYTES[layer_folder(layer).name] * 1_000_000


@pytest.mark.parametrize("function", template.functions(), ids=str)
def test_a_function_s_own_package_is_its_one_file(function):
    shipped = {path.name for path in (BUILD / function.name).iterdir()} - {"__pycache__"}

    assert shipped == {"app.py"}
