"""Similar customers on the deployed stack: from events to the neighbours that scripts/similar lists."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

from operations.stack import ROOT
from tests.workflow.deployed import Deployed

type Sample = Callable[..., dict[str, Any]]


def test_customers_of_whom_events_told_are_each_other_s_neighbours(deployed: Deployed, sample: Sample) -> None:
    told = [sample("good-referral") for _ in range(6)]
    for event in told:
        assert deployed.send(event).status == 202

    def looked_around() -> list[dict[str, Any]]:
        own = (row for row in deployed.items("CustomerFeatures") if row["entity"].startswith(f"{deployed.tenant}#"))
        rows = (row for row in own if row["view"] == "neighbourhood@1")
        return [row for row in rows if json.loads(row["packed"])["bought_nearby"][0]]

    [first, *_] = deployed.until(looked_around, "what the neighbours of the sixth buy")
    reference = first["entity"].removeprefix(f"{deployed.tenant}#")

    door = [str(ROOT / "scripts/similar"), "--tenant", deployed.tenant, "--json"]
    by_reference = json.loads(subprocess.check_output([*door, reference]))
    by_id = json.loads(subprocess.check_output([*door, told[0]["data"]["customer"]["id"]]))

    assert len(by_reference) >= 5
    assert len(by_id) >= 5
    assert by_reference[0]["similarity"] > 0.9
    assert by_reference[0]["shared"]
    assert reference not in {each["entity"] for each in by_reference}
