from dataclasses import dataclass

import pytest
from agent_platform import settings
from agent_platform.errors import ConfigurationError


@dataclass(frozen=True)
class Declared:
    events_table: str
    retention_days: int
    bus_name: str
    log_level: str = "INFO"
    batch: int = 10


@pytest.fixture
def environment(monkeypatch):
    for name in ("EVENTS_TABLE", "RETENTION_DAYS", "BUS_NAME", "LOG_LEVEL", "BATCH"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_fields_are_read_from_variables_of_the_same_name(environment):
    for name, value in {"EVENTS_TABLE": "events", "RETENTION_DAYS": "365", "BUS_NAME": "bus", "BATCH": "3"}.items():
        environment.setenv(name, value)
    assert settings.read(Declared) == Declared("events", 365, "bus", log_level="INFO", batch=3)


def test_everything_that_is_missing_or_wrong_is_named_at_once(environment):
    environment.setenv("BUS_NAME", "")
    environment.setenv("RETENTION_DAYS", "a year")
    with pytest.raises(ConfigurationError) as refused:
        settings.read(Declared)
    assert str(refused.value) == (
        "missing environment variables: EVENTS_TABLE, BUS_NAME; not a whole number: RETENTION_DAYS"
    )


def test_a_value_that_is_no_number_is_not_repeated(environment):
    environment.setenv("RETENTION_DAYS", "s3cret")
    with pytest.raises(ConfigurationError) as refused:
        settings.read(Declared)
    assert "s3cret" not in str(refused.value)
