"""Uploaded files at a customer's forgetting: one that names them goes when all its lines are events, and not before."""

import json

import pytest

from operations import export, forget
from tests.builders import service_completed
from tests.canaries import canary
from tests.integration.bulk_ingest.conftest import Desk
from tests.integration.operations.erasure.conftest import TENANT

BIRD, OTHER = canary(1), canary(2)


@pytest.fixture
def desk(stack, account):
    """The stack's inbox; its source is the CRM's."""
    desk = object.__new__(Desk)
    desk.stack, desk.s3 = stack, stack.clients("s3")
    return desk


def lines(*birds):
    return "\n".join(json.dumps(bird.in_place_of_the_customer(service_completed())) for bird in birds).encode()


def table(*birds):
    return "\n".join(["type,version,timestamp,customer.id", *(
        f"customer.updated,1,2026-05-12T15:02:11Z,{bird.customer_id}" for bird in birds
    )]).encode()  # fmt: skip


def kept(desk):
    listed = desk.s3.list_objects_v2(Bucket="inboxbucket", Prefix="inbox/").get("Contents", [])
    return {each["Key"].rpartition("/")[2] for each in listed}


def forgotten(capsys):
    capsys.readouterr()
    forget.main([TENANT, BIRD.customer_id, "--json"])
    [uploads] = [each for each in json.loads(capsys.readouterr().out)["forgotten"] if each["store"] == "uploads"]
    return uploads["forgotten"]


def test_files_that_name_them_go_whole_once_all_is_taken_in_and_others_stay(desk, capsys):
    for name, content in (("both.jsonl", lines(OTHER, BIRD)), ("them.csv", table(BIRD)), ("other.csv", table(OTHER))):
        desk.run(desk.put(name, content))

    assert forgotten(capsys) == {"file": 2, "file in use": 0}
    assert kept(desk) == {"other.csv"}


def test_a_file_that_is_being_taken_in_stays_and_is_told(desk, capsys):
    arrived = desk.put("them.jsonl", lines(BIRD))

    assert forgotten(capsys) == {"file": 0, "file in use": 1}
    assert kept(desk) == {"them.jsonl"}
    desk.run(arrived)
    assert forgotten(capsys) == {"file": 1, "file in use": 0}
    assert kept(desk) == set()


def test_what_no_line_can_be_read_from_is_nobody_s(desk, capsys):
    desk.put("broken.jsonl", b'{"data": \n[]\n\xff\xfe\n"' + BIRD.customer_id.encode() + b'"\n')
    desk.put("empty.csv", b"")

    assert forgotten(capsys) == {"file": 0, "file in use": 0}


def test_an_export_gives_their_lines_and_no_one_else_s(desk, capsys):
    desk.put("both.jsonl", lines(OTHER, BIRD))
    export.main([TENANT, BIRD.customer_id])
    printed = capsys.readouterr().out

    assert BIRD.email in printed
    assert OTHER.email not in printed
