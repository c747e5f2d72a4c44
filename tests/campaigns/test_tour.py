"""The tour, whole: a changed writer is measured and reaches everybody, in the words that the page about it has."""

import re
from collections.abc import Callable

import pytest

from operations.stack import ROOT
from operations.tour.prompt import show_a_changed_prompt
from tests.campaigns.conftest import whole_only
from tests.workflow.deployed import Deployed


@whole_only
def test_a_changed_prompt_reaches_everybody(
    deployed: Deployed, capsys: pytest.CaptureFixture[str], tell: Callable[[str], None]
) -> None:
    show_a_changed_prompt(deployed.stack)

    said = capsys.readouterr().out
    assert "is not worse than version" in said
    assert "shown to be not worse by 20.0% or more" in said
    page = (ROOT / "docs/change-a-prompt.md").read_text()
    commands = set(re.findall(r"^\$ scripts/agents (\S+)", said, re.MULTILINE))
    assert commands == set(re.findall(r"^\$ scripts/agents (\S+)", page, re.MULTILINE)) | {"list"}
    tell(f"tour: {said.count(' hold')} looks held, then it advanced and was promoted")
