"""Which run a person means, and where a file may be put."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import boto3
import pytest
from agent_platform.ingest.sources import Source

from operations import access, accounts
from operations.terminal import Problem
from operations.uploads.sending import key_of, link
from operations.uploads.standing import again, begun, known, newest, run_of

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)


class Executions:
    """Step Functions with these executions of one machine, oldest first."""

    def __init__(self, *inputs):
        self.inputs = list(inputs)

    def get_paginator(self, name):
        listed = [{"executionArn": str(place), "startDate": self._began(place)} for place in range(len(self.inputs))]
        return SimpleNamespace(paginate=lambda **_: [{"executions": listed}])

    def describe_execution(self, **asked):
        place = int(asked["executionArn"])
        return {"executionArn": str(place), "input": json.dumps(self.inputs[place]), "status": "RUNNING",
                "startDate": self._began(place)}  # fmt: skip

    def start_execution(self, **asked):
        self.inputs.append(json.loads(asked["input"]))
        return {"executionArn": str(len(self.inputs) - 1)}

    def _began(self, place):
        return NOW + timedelta(minutes=place)


def arrived(file, etag="one"):
    return {"key": f"inbox/greenedge/greenedge-crm/{file}", "etag": etag}


def stack_with(*inputs):
    client = Executions(*inputs)
    sources = SimpleNamespace(all=lambda: [Source("greenedge-crm", "greenedge", "arn")])
    return SimpleNamespace(
        client=lambda name: client, outputs={"BulkIngestStateMachineArn": "machine"}, sources=sources
    )


def test_a_file_is_found_by_its_name_or_its_whole_name_and_the_newest_without_one():
    stack = stack_with(arrived("may.csv"), arrived("june.csv"), arrived("may.csv", "two"), arrived("july.csv"))
    assert run_of(stack, "may.csv").arrived["etag"] == "two"
    assert run_of(stack, "greenedge/greenedge-crm/june.csv").arn == "1"
    assert run_of(stack, None).file == "greenedge/greenedge-crm/july.csv"
    with pytest.raises(Problem, match=r"august\.csv was not uploaded"):
        run_of(stack, "august.csv")


def test_of_several_runs_over_a_file_the_newest_says_how_far_it_is():
    stack = stack_with(arrived("may.csv"), arrived("june.csv"), arrived("may.csv"))
    assert [each.arn for each in newest(stack)] == ["2", "1"]


def test_an_upload_s_run_is_none_that_was_there_before_it():
    stack = stack_with(arrived("may.csv"), arrived("june.csv"))
    before = known(stack)
    again(stack, arrived("may.csv"))
    again(stack, arrived("june.csv"))
    assert begun(stack, arrived("may.csv"), besides=before).arn == "2"


def test_a_run_is_taken_up_again_by_what_it_was_given():
    stack = stack_with(arrived("may.csv"))
    assert again(stack, run_of(stack, None).arrived).arrived == arrived("may.csv")
    assert len(newest(stack)) == 1


def test_a_file_stands_below_the_tenant_of_its_source():
    assert key_of(stack_with(), "greenedge-crm", "may.csv") == "inbox/greenedge/greenedge-crm/may.csv"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("other", "may.csv"),
        ("greenedge-crm", "may.xlsx"),
        ("greenedge-crm", "../may.csv"),
        ("greenedge-crm", "a b.csv"),
    ],
)
def test_what_can_t_be_taken_in_is_refused_before_it_is_uploaded(source, name):
    with pytest.raises(Problem):
        key_of(stack_with(), source, name)


def test_a_link_is_signed_as_new_buckets_want_it(monkeypatch):
    """Unless told, S3's client presigns as only buckets from before 2020 allow."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    reached = access.Access(accounts.named("dev"), {}, boto3.Session(region_name="us-east-1"))
    stack = SimpleNamespace(client=reached.client, outputs={"Inbox": "the-inbox"})

    made = link(stack, "inbox/greenedge/greenedge-crm/may.csv", seconds=60)

    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in made
    assert "/inbox/greenedge/greenedge-crm/may.csv?" in made
