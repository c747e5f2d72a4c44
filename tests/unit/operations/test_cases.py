"""Cases that couldn't be ingested or found are refused, and an ingestion is waited for."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from operations import cases
from operations.terminal import Problem

ROOT = Path(__file__).parents[3]
GOOD = {"tenant": "acme", "purpose": "referral", "season": "any"}
STATISTICS = {"numberOfDocumentsScanned": 12, "numberOfNewDocumentsIndexed": 3, "numberOfDocumentsDeleted": 1}


def problems_with(folder: Path, metadata: Any) -> list[str]:
    (folder / "cases/acme").mkdir(parents=True)
    (folder / "cases/acme/mine.md").write_text("# Mine")
    written = metadata if isinstance(metadata, str) else json.dumps({"metadataAttributes": metadata})
    (folder / "cases/acme/mine.md.metadata.json").write_text(written)
    return list(cases.problems(folder / "cases"))


def test_what_ships_has_no_problem() -> None:
    assert list(cases.problems(ROOT / "cases")) == []


@pytest.mark.parametrize("metadata", ["{bad", "{}", '{"metadataAttributes": 3}'])
def test_broken_metadata_are_named(tmp_path: Path, metadata: str) -> None:
    (problem,) = problems_with(tmp_path, metadata)

    assert problem.startswith("cases/acme/mine.md: mine.md.metadata.json must be JSON")


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        (GOOD | {"tenant": "other"}, "tenant other"),
        (GOOD | {"purpose": "greeting"}, "purpose"),
        ({"tenant": "acme", "purpose": "referral"}, "season"),
        (GOOD | {"season": "fall"}, "season"),
        (GOOD | {"notes": "x" * 1000}, "bytes"),
        (GOOD | {f"note{number}": 1 for number in range(33)}, "36 attributes"),
    ],
)
def test_what_would_keep_a_case_from_being_found_is_refused(tmp_path: Path, metadata: Any, says: str) -> None:
    (problem,) = problems_with(tmp_path, metadata)

    assert problem.startswith("cases/acme/mine.md: ")
    assert says in problem


class Bedrock:
    """Ingestion as Bedrock does it: busy for some calls, then a job that takes some looks and ends as it is told."""

    def __init__(self, *, busy: int = 0, looks: int = 1, **ends: Any) -> None:
        self.busy, self.looks, self.started = busy, looks, 0
        self.ends = {"status": "COMPLETE", "statistics": STATISTICS} | ends

    def start_ingestion_job(self, **_: str) -> dict[str, Any]:
        if self.busy:
            self.busy -= 1
            raise ClientError({"Error": {"Code": "ConflictException"}}, "StartIngestionJob")
        self.started += 1
        return {"ingestionJob": {"ingestionJobId": "JOB1234567", "status": "STARTING"}}

    def get_ingestion_job(self, **_: str) -> dict[str, Any]:
        self.looks -= 1
        return {"ingestionJob": self.ends if self.looks <= 0 else {"status": "IN_PROGRESS"}}


def stack(bedrock: Bedrock, *, configured: str = "KB12345678") -> Any:
    ssm = SimpleNamespace(get_parameter=lambda **_: {"Parameter": {"Value": configured}})
    return SimpleNamespace(account="test", client={"ssm": ssm, "bedrock-agent": bedrock}.get)


def test_an_ingestion_is_waited_for_and_says_what_it_found() -> None:
    pauses: list[float] = []

    said = cases.ingest(stack(Bedrock(looks=3)), pause=pauses.append)

    assert said == "knowledge base KB12345678: 12 cases ingested, 3 new, 0 changed, 1 deleted, 0 failed"
    assert len(pauses) == 2


def test_a_file_that_was_left_out_is_named() -> None:
    job = {"failureReasons": ["mine.md.metadata.json is not a metadata file."]}

    assert cases.ingest(stack(Bedrock(**job)), pause=lambda _: None).endswith(
        "; mine.md.metadata.json is not a metadata file."
    )


def test_after_another_one_that_ran_its_own_is_started_once() -> None:
    bedrock = Bedrock(busy=2, looks=2)

    assert "12 cases" in cases.ingest(stack(bedrock), pause=lambda _: None)
    assert bedrock.started == 1


def test_a_job_that_failed_is_a_problem_with_its_reasons() -> None:
    bedrock = Bedrock(status="FAILED", failureReasons=["The bucket is gone."])

    with pytest.raises(Problem, match=r"FAILED\): The bucket is gone"):
        cases.ingest(stack(bedrock), pause=lambda _: None)


@pytest.mark.parametrize("bedrock", [Bedrock(busy=1000), Bedrock(looks=1000)])
def test_nobody_waits_for_ever(bedrock: Bedrock) -> None:
    waited: list[float] = []

    with pytest.raises(Problem, match="isn't over in 15 min"):
        cases.ingest(stack(bedrock), pause=waited.append)

    assert sum(waited) == 900


def test_without_a_knowledge_base_it_is_said() -> None:
    assert "none is configured" in cases.ingest(stack(Bedrock(), configured="none"))
