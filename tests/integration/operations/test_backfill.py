"""scripts/backfill: a file is taken in once, however often it is stopped, and what isn't is reported with its line."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from agent_platform.errors import TransientError
from agent_platform.features.store import FeatureStore
from agent_platform.ingest.sources import Sources
from agent_platform.tenants import customer_reference
from botocore.exceptions import ClientError
from outreach.contacts import Contacts
from outreach.erasure.lifting import Lifted, Lifting
from outreach.features.customer import CUSTOMER, materialize

from operations.backfill import __main__ as backfill
from operations.backfill import running
from operations.backfill.pace import Pace
from operations.terminal import Problem
from tests.integration.stack import GENERATED

KEY = GENERATED["ReferenceKey"].encode()
HEADER = "customer_id,id,date,type,price,currency,satisfaction,crew\n"
LINES = [
    "77,s-1,2025-04-01,weekly mow,49.90,USD,4,Ana\n",
    "78,s-2,2025-04-02,overseeding,120,USD,5,Ana\n",
    ",s-3,2025-04-03,overseeding,120,USD,5,Ana\n",
    "77,s-4,2025-05-01,weekly mow,about fifty,USD,4,Ana\n",
    "77,s-5,someday,weekly mow,49.90,USD,eleven,Ana\n",
    "78,s-6,2025-06-02,overseeding,120,USD,3,Ana\n",
]
EXPORT = HEADER + "".join(LINES)


@pytest.fixture
def account(account, stack, crm, monkeypatch):
    """The stack as scripts/backfill reaches it."""
    stack.add_brand("greenedge")
    account.reference_key, account.parameters = KEY, {"RetentionDays": "30"}
    account.dynamodb = stack.clients("dynamodb")
    account.outputs |= {
        "CustomerFeatures": "FeatureStoreTable",
        "Brands": "brandsbucket",
        "OutreachContacts": "OutreachContactsTable",
    }
    account.sources = Sources(
        table="SourcesTable", dummy_secret_arn="", dynamodb=account.dynamodb, secrets_manager=None
    )
    monkeypatch.setattr(backfill, "Stack", lambda _: account)
    # botocore's clients have none of boto3's transfers.
    s3 = stack.clients("s3")
    monkeypatch.setattr(s3, "download_file", lambda bucket, key, path: Path(path).write_bytes(
        s3.get_object(Bucket=bucket, Key=key)["Body"].read()), raising=False)  # fmt: skip
    return account


@pytest.fixture
def taken_in(account, tmp_path):
    """Run the door on a file with this content; its exit code."""

    def taken_in(text=EXPORT, *, name="export.csv", file=None):
        path = tmp_path / name
        path.write_text(text)
        return backfill.main([file or str(path), "--report", str(tmp_path / "report"), "--per-second", "100000"])

    return taken_in


@pytest.fixture
def row(account):
    """What is read of a customer."""
    store = FeatureStore(table="FeatureStoreTable", dynamodb=account.dynamodb)

    def row(customer_id, **more):
        customer = customer_reference("greenedge", customer_id, key=KEY)
        found = store.read("greenedge", customer, CUSTOMER, now=datetime.now(UTC), **more)
        return found and {name: each["value"] for name, each in found.values.items()}

    return row


def reported(tmp_path):
    return [json.loads(line) for line in (tmp_path / "report/backfill-export-local-greenedge.report.jsonl").open()]


def histories(stack):
    """Everything that is kept but the rows' revisions."""
    return sorted((item["entity"], item["view"], item.get("content", item.get("packed")), item["expiresAt"])
                  for item in stack.items("FeatureStoreTable"))  # fmt: skip


def test_every_service_is_in_its_customer_s_row_and_every_refused_line_is_reported(taken_in, row, tmp_path, capsys):
    assert taken_in() == 1
    assert (row("77")["service_count"], row("77")["lifetime_value"]) == (2, {"USD": 4990})
    assert (row("78")["service_count"], row("78")["satisfaction_average"]) == (2, 4.0)
    refused = {each["line"]: each["refused"] for each in reported(tmp_path) if "refused" in each}
    assert sorted(refused) == [4, 6]
    assert [reason.partition(":")[0] for reason in refused[6]] == ["satisfaction", "date"]
    assert [each["line"] for each in reported(tmp_path) if "set aside" in each] == [5]
    assert "4 taken in, 2 refused, 1 partly set aside" in capsys.readouterr().out


def test_a_service_was_known_since_its_date(taken_in, row):
    taken_in()
    assert row("77", as_of=datetime(2025, 4, 15, tzinfo=UTC))["service_count"] == 1


def test_it_is_kept_for_as_long_as_personal_data_is(taken_in, stack):
    taken_in()
    expiry = datetime.now(UTC) + timedelta(days=30)
    assert all(abs(item["expiresAt"] - expiry.timestamp()) < 60 for item in stack.items("FeatureStoreTable"))


@pytest.mark.parametrize("kept", [True, False])
def test_doing_it_again_changes_nothing(taken_in, stack, tmp_path, kept):
    taken_in()
    before, report = histories(stack), reported(tmp_path)
    if not kept:
        (tmp_path / "report/backfill-export-local-greenedge.json").unlink()
    assert taken_in() == 1
    assert histories(stack) == before
    assert reported(tmp_path) == report


@pytest.mark.parametrize("reported_already", [True, False])
def test_a_run_that_was_stopped_goes_on_where_it_was(
    taken_in, row, stack, tmp_path, monkeypatch, capsys, reported_already
):
    monkeypatch.setattr(running, "BATCH", 2)
    keep, materialized = running.Progress.keep, []

    def stopped(progress, *args, **more):
        if progress.lines == 2:
            if reported_already:
                # The process ended between the report and the note that these lines are done.
                with progress.report.open("a") as report:
                    report.write('{"line": 4, "refused": ["written before the end"]}\n')
            raise KeyboardInterrupt
        keep(progress, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(running.Progress, "keep", stopped)
        with pytest.raises(KeyboardInterrupt):
            taken_in()
    assert "stopped after 2 lines" in capsys.readouterr().err
    monkeypatch.setattr(running, "materialize", lambda *args, **more: (
        materialized.append(args[1]), materialize(*args, **more)))  # fmt: skip
    assert taken_in() == 1
    assert len(materialized) == 2
    assert (row("77")["service_count"], row("78")["service_count"]) == (2, 2)
    assert [each["line"] for each in reported(tmp_path)] == [4, 5, 6]


def test_of_a_customer_who_was_forgotten_no_line_is_taken_in(taken_in, account, row, stack, tmp_path, capsys):
    contacts = Contacts(table="OutreachContactsTable", dynamodb=account.dynamodb)
    contacts.forget("greenedge", customer_reference("greenedge", "77", key=KEY), at="2026-11-01T09:00:00Z")
    # Who merely unsubscribed is a customer as before.
    contacts.suppress("greenedge", customer_reference("greenedge", "78", key=KEY), reason="unsubscribed",
                      at="2026-11-01T09:00:00Z")  # fmt: skip

    assert taken_in() == 1

    assert row("77") is None
    assert row("78")["service_count"] == 2
    assert customer_reference("greenedge", "77", key=KEY) not in str(stack.items("FeatureStoreTable"))
    refused = {each["line"]: each["refused"] for each in reported(tmp_path) if "refused" in each}
    assert refused[2] == ["its customer was forgotten"]
    assert "2 taken in, 4 refused" in capsys.readouterr().out


def test_of_who_came_back_only_what_was_since_is_taken_in(taken_in, account, row, tmp_path):
    customer = customer_reference("greenedge", "77", key=KEY)
    contacts = Contacts(table="OutreachContactsTable", dynamodb=account.dynamodb)
    contacts.forget("greenedge", customer, at="2025-04-15T09:00:00Z")
    contacts.all_forgotten("greenedge", customer)
    lifted = Lifted("2025-04-20T09:00:00Z", "anna", "they asked", "2025-04-19T09:00:00Z", "2025-04-15T09:00:00Z",
                    "forgotten", "2025-04-15T09:00:00Z")  # fmt: skip
    assert Lifting(table="OutreachContactsTable", dynamodb=account.dynamodb).lift("greenedge", customer, lifted)

    assert taken_in(HEADER + LINES[0] + LINES[0].replace("s-1,2025-04-01", "s-8,2025-05-01")) == 1

    assert row("77")["service_count"] == 1
    assert reported(tmp_path) == [{"line": 2, "refused": ["it is of before its customer was forgotten"]}]


def test_another_file_of_the_name_is_begun_from_its_first_line(taken_in, row):
    taken_in()
    taken_in(HEADER + "79,s-9,2025-04-01,weekly mow,49.90,USD,4,Ana\n")
    assert row("79")["service_count"] == 1


def test_json_lines_may_come_from_a_bucket(taken_in, account, row, tmp_path):
    lines = [json.dumps({"customer_id": 77, "date": 1_743_500_000, "type": "weekly mow"}), "", "[]", "{", '{"date": 1}']
    account.client("s3").put_object(Bucket="brandsbucket", Key="a/export.jsonl", Body="\n".join(lines).encode())
    assert taken_in(file="s3://brandsbucket/a/export.jsonl") == 1
    assert row("77")["service_count"] == 1
    assert {each["line"]: len(each["refused"]) for each in reported(tmp_path)} == {3: 1, 4: 1, 5: 2}


def test_a_line_that_is_no_csv_or_no_utf8_is_refused_by_itself(taken_in, account, row, tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(HEADER.encode() + b'77,"a"b,2025-04-01\n77,s-1,2025-04-01,m\xff\n77,1,2,3,4,5,6,7,8,9\n'
                     + LINES[0].encode())  # fmt: skip
    backfill.main([str(path), "--report", str(tmp_path / "report")])
    assert [each["line"] for each in reported(tmp_path)] == [2, 3, 4]
    assert row("77")["service_count"] == 1


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"name": "export.xls"}, "neither CSV nor JSON Lines"),
        ({"text": "customer,day\n"}, "no customer_id and no date"),
        ({"file": "not/there.csv"}, "no file"),
        ({"file": "s3://brandsbucket/not-there.csv"}, "can't be read"),
    ],
)
def test_what_is_no_export_is_refused_with_what_to_do(taken_in, asked, problem):
    with pytest.raises(Problem, match=problem):
        taken_in(**asked)


def test_others_who_write_at_the_same_time_don_t_stop_it(taken_in, row, monkeypatch):
    monkeypatch.setattr(running.time, "sleep", lambda _: None)
    failures = [TransientError("others were faster")] * 3

    def sometimes(*args, **more):
        if failures:
            raise failures.pop()
        return materialize(*args, **more)

    monkeypatch.setattr(running, "materialize", sometimes)
    taken_in()
    assert row("77")["service_count"] == 2


@pytest.mark.parametrize("call", ["Query", "GetItem", "PutItem"])
def test_a_throttle_is_waited_for_and_nothing_is_lost(taken_in, row, stack, monkeypatch, call):
    waited = []
    monkeypatch.setattr(running.time, "sleep", waited.append)
    for _ in range(3):
        stack.clients.fail(f"dynamodb:{call}", "ProvisionedThroughputExceededException", 400)
    taken_in()
    assert (row("77")["service_count"], row("78")["service_count"]) == (2, 2)
    assert 2 <= len(waited) <= 3
    assert min(waited) > 0


def test_a_throttle_that_doesn_t_pass_ends_it_with_what_to_do_and_it_goes_on(taken_in, row, stack, monkeypatch):
    monkeypatch.setattr(running, "PAUSES", ())
    stack.clients.fail("dynamodb:Query", "ThrottlingException", 400)
    with pytest.raises(Problem, match=r"Stopped after 0 lines: Query: ThrottlingException.*Next: the same command"):
        taken_in()
    taken_in()
    assert (row("77")["service_count"], row("78")["service_count"]) == (2, 2)


def test_what_will_not_pass_by_itself_is_not_tried_again(taken_in, stack):
    stack.clients.fail("dynamodb:Query", "AccessDeniedException", 400)
    with pytest.raises(ClientError, match="AccessDenied"):
        taken_in()


def test_a_line_that_says_something_else_of_a_known_service_is_reported_and_changes_nothing(
    taken_in, row, stack, tmp_path, capsys
):
    taken_in(HEADER + LINES[0])
    before = histories(stack)
    capsys.readouterr()
    changed, moved = LINES[0].replace("49.90", "59.90"), LINES[0].replace("2025-04-01", "2025-04-09")
    assert taken_in(HEADER + changed + moved + LINES[0]) == 1
    told = capsys.readouterr()
    assert "1 taken in, 0 refused, 0 partly set aside, 2 known already, differently" in told.out
    assert "service.corrected" in told.err
    assert reported(tmp_path) == [{"line": 2, running.DIFFERENT: ["price"]}, {"line": 3, running.DIFFERENT: ["date"]}]
    assert histories(stack) == before
    assert row("77")["lifetime_value"] == {"USD": 4990}


def test_of_two_lines_of_one_file_that_differ_the_first_is_taken_in(taken_in, row, tmp_path):
    assert taken_in(HEADER + LINES[0] + LINES[0].replace("49.90", "59.90")) == 1
    assert row("77")["lifetime_value"] == {"USD": 4990}
    assert [each["line"] for each in reported(tmp_path)] == [3]


def test_the_lines_of_a_customer_are_folded_together_wherever_they_stand(taken_in, monkeypatch):
    folded = []
    monkeypatch.setattr(running, "BATCH", 4)
    monkeypatch.setattr(running, "materialize", lambda *args, **more: (
        folded.append(args[1]), materialize(*args, **more)))  # fmt: skip
    customers = [77, 78, 79, 80] * 4
    taken_in(HEADER + "".join(f"{each},s-{number},2025-04-01,weekly mow,49.90,USD,4,Ana\n"
                              for number, each in enumerate(customers)))  # fmt: skip
    assert len(folded) == 4


def test_it_ends_with_the_next_step(taken_in, capsys):
    taken_in()
    assert "Next: scripts/features rebuild --profiles --tenant greenedge" in capsys.readouterr().err


def test_no_more_than_so_many_begin_in_a_second():
    now, waited = [100.0], []

    def sleep(seconds):
        waited.append(seconds)
        now[0] += seconds

    pace = Pace(10, clock=lambda: now[0], sleep=sleep)
    for number in (5, 10, 1, 1):
        pace.wait(number)
    assert waited == pytest.approx([0.5, 1.0, 0.1])
    now[0] += 60
    pace.wait(1)
    assert len(waited) == 3
