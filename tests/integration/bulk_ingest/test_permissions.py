"""Whether each role of a bulk run allows what its function does, and no table more."""

import json

import pytest

from tests.builders import service_completed
from tests.integration.permissions import made_by, noting, refused, unused


@pytest.fixture
def done(desk, monkeypatch):
    """What each function did in a run."""
    asked = noting(desk.stack, monkeypatch)
    desk.run(desk.put("may.jsonl", json.dumps(service_completed()).encode()))
    return made_by({"bulk_ingest"}, noted=asked)


def test_each_role_allows_what_its_function_does(done):
    multipart = {(f"s3:{step}MultipartUpload", None) for step in ("Create", "Complete")} | {("s3:UploadPart", None)}
    # IAM checks all three as PutObject.
    done = {name: asked - multipart | ({("s3:PutObject", None)} if asked & multipart else set())
            for name, asked in done.items()}  # fmt: skip
    assert refused(done) == {}
    assert all(done.values())


def test_each_role_allows_no_table_that_its_function_never_touches(done):
    assert unused(done) == {}
