import json
import logging
from types import SimpleNamespace

import pytest
from agent_platform import telemetry as module


@pytest.fixture
def telemetry(monkeypatch, capsys):
    """Logs and metrics as a new process of a function of outreach would make them."""

    def forget():
        for made in (module._own, module.workflow, module.log, module._metrics, module.count_cold_start):
            made.cache_clear()
        # A logger outlives the object that set it up, with the stdout it was set up for.
        logging.Logger.manager.loggerDict.pop("outreach", None)

    monkeypatch.setenv("WORKFLOW", "outreach")
    monkeypatch.delenv("POWERTOOLS_SERVICE_NAME", raising=False)
    forget()
    yield module
    forget()


@pytest.fixture
def logged(capsys):
    """The log lines, which metrics aren't, written since it was last asked, as objects; there must be some."""

    def lines():
        said = map(json.loads, capsys.readouterr().out.splitlines())
        written = [line for line in said if "_aws" not in line]
        assert written
        return written

    return lines


@pytest.fixture
def context():
    """What Lambda hands to a handler."""
    return SimpleNamespace(function_name="generate", aws_request_id="1")
