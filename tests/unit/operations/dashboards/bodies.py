"""The body of outreach's dashboard as a stack has it: with its substitutions made."""

import re
from pathlib import Path

import yaml

OUTREACH = Path(__file__).parents[4] / "observability" / "outreach-dashboard.yaml"


def deployed() -> str:
    """The body with each resource called by its logical id."""
    body, _ = yaml.safe_load(OUTREACH.read_text())["Fn::Sub"]
    named = re.sub(r"\$\{(?!!)([\w:.]+)\}", lambda found: found[1].removeprefix("AWS::").partition(".")[0], body)
    return named.replace("${!", "${")
