"""Whether each role of the daily comparison allows what its function does, and no table more."""

from datetime import timedelta

import pytest

from tests.integration.drift.conftest import NOW
from tests.integration.permissions import made_by, noting, refused, unused


@pytest.fixture
def done(baseline, monkeypatch):
    """What each function did on a day on which something drifted."""
    asked = noting(baseline.stack, monkeypatch)
    baseline.record(200, begin=NOW - timedelta(hours=10), locale="fr-CA")
    baseline.run()
    return made_by({"drift"}, noted=asked)


def test_each_role_allows_what_its_function_does(done):
    assert refused(done) == {}
    assert [name for name, asked in done.items() if not asked] == ["DriftConcludeFunction"]


def test_each_role_allows_no_table_that_its_function_never_touches(done):
    assert unused(done) == {}
