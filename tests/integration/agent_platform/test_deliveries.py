"""What each consumer of a queue shares: one message that fails comes again, alone, under a name without its values."""

import json
import logging
from dataclasses import asdict

import pytest
from agent_platform import telemetry
from agent_platform.deliveries import work_through
from agent_platform.errors import ConfigurationError
from agent_platform.references import EventReference


@pytest.fixture(autouse=True)
def _workflow(monkeypatch):
    monkeypatch.setenv("WORKFLOW", "ingest")
    for made in (telemetry._own, telemetry.log, telemetry.workflow):
        made.cache_clear()
    logging.Logger.manager.loggerDict.pop("ingest", None)


def message(message_id, detail):
    return {"messageId": message_id, "body": json.dumps({"detail": detail})}


def test_only_what_failed_comes_again(capsys):
    done = []

    def work(detail):
        if "refused" in detail:
            raise ConfigurationError("PutItem: AccessDeniedException")
        done.append(detail["name"])

    batch = [
        message("1", {"name": "one"}),
        message("2", {"refused": 1}),
        message("3", {}),
        message("4", {"name": "two"}),
    ]
    answer = work_through({"Records": batch}, work, failed="not taken")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert done == ["one", "two"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}, {"itemIdentifier": "3"}]}
    assert [(line["message"], line["queue_message"], line.get("error")) for line in lines] == [
        ("done", "1", None), ("not taken", "2", "PutItem: AccessDeniedException"), ("not taken", "3", "KeyError"),
        ("done", "4", None),
    ]  # fmt: skip


def test_each_message_s_lines_name_the_run_that_it_is_of_and_no_other_s(capsys):
    def work(detail):
        telemetry.log().info("working")

    runs = [EventReference("greenedge", "crm", f"msg_{number}", "service.completed") for number in (1, 2)]
    news = {"tenant": "greenedge", "workflow": "outreach", "message_id": "ab12", "status": "approved"}
    details = [asdict(runs[0]), news, asdict(runs[1])]
    batch = [message(str(number), detail) for number, detail in enumerate(details)]
    assert work_through({"Records": batch}, work, failed="not taken") == {"batchItemFailures": []}
    working = [json.loads(line) for line in capsys.readouterr().out.splitlines()][::2]

    assert [line.get("correlation_id") for line in working] == [runs[0].receipt, None, runs[1].receipt]
    assert [line.get("message_id") for line in working] == [None, "ab12", None]


def test_what_a_customer_wrote_is_not_in_the_log(capsys):
    def work(detail):
        raise ValueError(detail)

    work_through({"Records": [message("1", {"name": "marisol@mail.example"})]}, work, failed="not taken")

    said = capsys.readouterr().out
    assert "marisol" not in said
    assert '"error":"ValueError"' in said
