"""scripts/messages export: what a sender and a spreadsheet get."""

import csv
import io
import json

import pytest
from outreach.mail_law.mails import headers

from operations.messages import export

LINK = "https://greenedge.example/unsubscribe?m=1"
MESSAGE = {"messageId": "m1", "status": "approved", "subject": "=SUM(A1)", "text": "Hi Maria,", "score": 4.5}


def exported(capsys, *messages):
    """The rows of the CSV."""
    export(messages, "csv")
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.parametrize("one_click", [True, False])
def test_every_header_that_a_mail_is_sent_with_has_its_column(capsys, one_click):
    made = headers(LINK, one_click=one_click)
    [row] = exported(capsys, MESSAGE | {"headers": made})

    assert {name: row[name] for name in made} == made
    assert row["List-Unsubscribe"] == f"<{LINK}>"
    assert row["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if one_click else "")


def test_a_skip_has_no_headers(capsys):
    [row] = exported(capsys, {"messageId": "m2", "status": "skipped", "skip": {"reason": "no_consent", "detail": ""}})

    assert (row["List-Unsubscribe"], row["text"]) == ("", "")


def test_a_text_is_no_formula(capsys):
    assert exported(capsys, MESSAGE)[0]["subject"] == "'=SUM(A1)"


def test_json_lines_have_everything(capsys):
    export([MESSAGE | {"headers": {}}], "jsonl")

    assert json.loads(capsys.readouterr().out) == MESSAGE | {"headers": {}}
