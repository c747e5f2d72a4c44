"""The circle on the deployed stack: what customers did becomes a case, and a next message is written from it."""

import re

import pytest

from operations.tour.case import show_what_comes_back
from tests.workflow.deployed import Deployed


def test_what_came_of_messages_reaches_the_next_customer(
    deployed: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    show_what_comes_back(deployed.stack)

    said = capsys.readouterr().out
    row, written, report = (said.partition(f"$ scripts/{door}")[2] for door in ("features", "messages", "report"))
    assert re.search(r"service_count\s+\d", row)
    # The cases that ship are named in words alone; one that was made ends in its message's digest.
    assert re.search(r"from past cases: .*referral-weekly-mow-[0-9a-f]{12}", written)
    assert re.search(r"[5-9]\d* published", report)
