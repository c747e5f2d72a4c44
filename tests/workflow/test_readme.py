"""README's first webhook, as it is printed there: the commands of the page run against the deployed stack."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.deployed import Deployed

ROOT = Path(__file__).parents[2]
SECTION = re.search(r"## The first webhook(.*?)\n## ", (ROOT / "README.md").read_text(), re.DOTALL)


def _block(language: str) -> str:
    assert SECTION
    found = re.search(rf"```{language}\n(.*?)```", SECTION[1], re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def environment(deployed: Deployed) -> dict[str, str]:
    return os.environ | {"URL": deployed.stack.api_url, "SECRET": deployed.secret}


def test_the_webhook_with_curl(environment: dict[str, str]) -> None:
    ended = subprocess.run(
        ["bash", "-c", _block("bash")], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert list(json.loads(ended.stdout)) == ["receipt"]


def test_the_webhook_with_python(environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _block("python")], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout.startswith("202 ")


def test_every_script_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"scripts/([a-z-]+)", (ROOT / "README.md").read_text()))
    assert named - {path.name for path in (ROOT / "scripts").iterdir()} == set()
