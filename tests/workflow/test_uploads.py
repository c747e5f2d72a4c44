"""A file of events on the deployed stack: its lines become messages, and its report says which didn't and why."""

import csv
import json
import uuid
from pathlib import Path

from operations.seed import FIRST_SOURCE
from tests.workflow.deployed import Deployed, said


def test_a_line_of_a_file_becomes_a_message(deployed: Deployed, sample, tmp_path: Path) -> None:
    file = tmp_path / f"jobs-{uuid.uuid4().hex}.jsonl"
    good, broken = sample("good-referral"), sample("good-referral") | {"timestamp": "some day"}
    file.write_text("".join(json.dumps(each) + "\n" for each in (good, broken)))

    told = said("upload", str(file), "--source", FIRST_SOURCE, "--follow", status=1)
    first, second = csv.DictReader(said("upload", "report", file.name).splitlines())

    assert "1 accepted, 0 duplicate, 1 refused, 0 missing" in told
    assert (second["line"], second["result"]) == ("2", "refused")
    assert "/timestamp: when it happened" in second["problems"]
    assert deployed.message(first["receipt"])["status"] == "approved"
    assert f"{deployed.tenant}/{FIRST_SOURCE}/{file.name}" in said("upload", "status", file.name, "--json")


def test_a_file_of_another_tenant_s_source_is_not_taken_in(deployed: Deployed) -> None:
    """Whoever may write below one tenant's name can't speak for a source of another."""
    key = f"inbox/brightnest/{FIRST_SOURCE}/{uuid.uuid4().hex}.jsonl"
    deployed.stack.client("s3").put_object(Bucket=deployed.stack.outputs["Inbox"], Key=key, Body=b"{}\n")
    name = key.removeprefix("inbox/")

    def refused() -> str | None:
        shown = said("upload", "status", "--json")
        mine = [each for each in json.loads(shown) if each["file"] == name and each["status"] == "not taken in"]
        return mine[0]["why"] if mine else None

    assert "brightnest has no source" in deployed.until(refused, "the run")
