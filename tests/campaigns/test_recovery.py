"""Everything is lost, and put back into a stack that is deployed anew: what is missing then, and how long it took."""

import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local_aws import service
from operations import deployment
from operations.seed import seed
from operations.stack import ROOT, Stack
from tests.campaigns.conftest import whole_only
from tests.workflow.deployed import Deployed, said, stood_up

SLOW = {"kind": "stall", "seconds": 30}


@pytest.fixture
def lost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The stack on a local AWS of its own, since all of it is lost."""
    with stood_up(tmp_path_factory.mktemp("lost")):
        yield Deployed.now()


@whole_only
def test_what_was_exported_is_there_again_and_what_was_on_its_way_arrives(
    lost: Deployed, sample: Callable[..., Any], tmp_path: Path, tell: Callable[[str], None]
) -> None:
    before = lost
    written = {str(before.send(sample("good-referral")).body["receipt"]) for _ in range(10)}
    messages = {receipt: before.message(receipt) for receipt in written}
    before.fault(SLOW)
    going = {str(before.send(sample("good-referral")).body["receipt"]) for _ in range(5)}
    before.until(lambda: all("executionArn" in before.receipt(each) for each in going) or None, "every run to start")

    said("recover", "export", str(tmp_path / "export"))
    late, late_id = sample("good-referral"), f"msg_{uuid.uuid4().hex}"
    missing = str(before.send(late, late_id).body["receipt"])
    service.reset()
    began = time.monotonic()
    deployment.deploy("local")
    list(seed(Stack("local")))
    stands = time.monotonic() - began
    said("recover", "restore", str(tmp_path / "export"))
    after = Deployed.now()
    assert synthetic_run_passes()
    took = time.monotonic() - began

    assert {receipt: after.message(receipt) for receipt in written} == messages
    assert [after.message(receipt)["status"] for receipt in going] == ["approved"] * len(going)
    assert after.secret == before.secret
    assert missing not in {item["record"].replace("#", ".", 1) for item in after.items("EventRecords")}
    assert after.send(late, late_id).body["receipt"] == missing
    assert after.message(missing)["status"] == "approved"
    receipts = [each for each in after.items("EventRecords") if each["part"] == "receipt"]
    assert all("outcome" in each for each in receipts)
    tell(
        f"recovery: {len(written)} messages as they were, {len(going)} runs on their way finished, 1 event after the"
        f" export sent again; {took:.1f} s until a synthetic event came to a message, {stands:.1f} s of it to deploy"
        " and seed"
    )


def synthetic_run_passes() -> bool:
    """Whether the whole way works, as the on-call would ask."""
    ended = subprocess.run([ROOT / "scripts/synthetic", "once"], capture_output=True, text=True, check=False)
    return ended.returncode == 0
