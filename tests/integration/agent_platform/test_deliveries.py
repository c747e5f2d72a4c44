"""What each consumer of a queue shares: one message that fails comes again, alone, under a name without its values."""

import json
import logging

import pytest
from agent_platform import telemetry
from agent_platform.deliveries import work_through
from agent_platform.errors import ConfigurationError


@pytest.fixture(autouse=True)
def _workflow(monkeypatch):
    monkeypatch.setenv("WORKFLOW", "ingest")
    telemetry.log.cache_clear()
    telemetry.workflow.cache_clear()
    logging.Logger.manager.loggerDict.pop("ingest", None)


def message(message_id, detail):
    return {"messageId": message_id, "body": json.dumps({"detail": detail})}


def test_only_what_failed_comes_again(capsys):
    done = []

    def work(detail):
        if detail == "refused":
            raise ConfigurationError("PutItem: AccessDeniedException")
        done.append(detail["name"])

    batch = [message("1", {"name": "one"}), message("2", "refused"), message("3", {}), message("4", {"name": "two"})]
    answer = work_through({"Records": batch}, work, failed="not taken")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert done == ["one", "two"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}, {"itemIdentifier": "3"}]}
    assert [(line["message"], line["queue_message"], line["error"]) for line in lines] == [
        ("not taken", "2", "PutItem: AccessDeniedException"), ("not taken", "3", "KeyError"),
    ]  # fmt: skip


def test_what_a_customer_wrote_is_not_in_the_log(capsys):
    def work(detail):
        raise ValueError(detail)

    work_through({"Records": [message("1", "marisol@mail.example")]}, work, failed="not taken")

    said = capsys.readouterr().out
    assert "marisol" not in said
    assert '"error":"ValueError"' in said
