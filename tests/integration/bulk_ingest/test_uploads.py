"""Files of events on moto: what is recorded and published of them, and what the report says."""

import csv
import io
import json
from pathlib import Path

import pytest
from agent_platform.errors import Refused, TransientError
from agent_platform.ingest.admission import Admission, Limit
from agent_platform.uploads.lines import ID_TAKEN

from tests.builders import customer, outcome_recorded, service, service_completed
from tests.integration.bulk_ingest.conftest import BUCKET


def event(number, **changes):
    return service_completed(customer=customer(id=f"crm-{number}"), **changes)


def lines(*events):
    return b"".join(json.dumps(each).encode() + b"\n" for each in events)


def table(*rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


HEADER = ("type", "version", "timestamp", "customer.id", "service.id", "service.comment")


def row(number, comment=""):
    return ("service.completed", "1", "2026-05-12T16:00:00Z", f"crm-{number}", f"job-{number}", comment)


def results(rows):
    return [each["result"] for each in rows]


def bodies(stack):
    return [json.loads(each["event"]) for each in stack.items("EventRecordsTable") if each["part"] == "body"]


def test_every_line_is_recorded_and_published_as_a_webhook_s_event_is(desk, stack):
    events = [event(number) for number in range(12)]
    plan, summary = desk.run(desk.put("may.jsonl", lines(*events)))
    assert (plan["ranges"], plan["lines"]) == (3, 12), "five lines a range"
    assert (summary["lines"], summary["accepted"], summary["problems"]) == (12, 12, [])
    assert sorted(map(str, bodies(stack))) == sorted(map(str, events))
    published = desk.published()
    assert len({each["event_id"] for each in published}) == 12
    assert {(each["tenant"], each["source"]) for each in published} == {("greenedge", "greenedge-crm")}
    receipts = {each["record"].replace("#", ".") for each in stack.items("EventRecordsTable")}
    assert {each["receipt"] for each in desk.rows(plan)} == receipts
    assert [each["line"] for each in desk.rows(plan)] == [str(number) for number in range(1, 13)]


def test_the_sample_of_a_crm_s_table_is_taken_in_but_for_the_row_that_says_so(desk):
    sample = Path(__file__).parents[3] / "events/crm/services.csv"
    plan, _ = desk.run(desk.put(sample.name, sample.read_bytes()))
    assert results(desk.rows(plan)) == ["accepted", "accepted", "refused"]
    assert desk.rows(plan)[2]["problems"].startswith("/timestamp")


def test_a_row_of_csv_is_an_event_at_the_places_its_columns_name(desk, stack):
    plan, summary = desk.run(desk.put("may.csv", table(HEADER, row(1, "Good,\nand quick."), row(2))))
    assert summary["accepted"] == 2
    with_comment, without = sorted(bodies(stack), key=lambda each: each["data"]["customer"]["id"])
    assert with_comment == {
        "type": "service.completed", "version": 1, "timestamp": "2026-05-12T16:00:00Z",
        "data": {"customer": {"id": "crm-1"}, "service": {"id": "job-1", "comment": "Good,\nand quick."}},
    }  # fmt: skip
    assert without["data"]["service"] == {"id": "job-2"}, "an empty cell says nothing"
    assert [each["line"] for each in desk.rows(plan)] == ["2", "4"], "where each begins in the file"


def test_what_must_be_a_number_is_read_as_one(desk, stack):
    said = outcome_recorded(value=12.5)
    columns = ("type", "version", "timestamp", *(f"data.{name}" for name in said["data"]))
    cells = ("outcome.recorded", "1", said["timestamp"], *map(str, said["data"].values()))
    desk.run(desk.put("outcomes.csv", table(columns, cells)))
    assert bodies(stack) == [said]


def test_columns_may_be_separated_as_spreadsheets_of_other_countries_do(desk, stack):
    text = "\ufeff" + ";".join(HEADER) + "\r\n" + ";".join(row(1, "Gut, und schnell")) + "\r\n"
    desk.run(desk.put("mai.csv", text.encode()))
    assert bodies(stack)[0]["data"]["service"]["comment"] == "Gut, und schnell"


def test_cells_between_tabs_may_be_empty_at_either_end(desk, stack):
    first_empty = ("id", *HEADER)
    rows = [first_empty, ("", *row(1)), ("", *row(2, "Good."))]
    content = "".join("\t".join(each) + "\r\n" for each in rows).encode()
    _, summary = desk.run(desk.put("may.csv", content))
    assert (summary["accepted"], summary["refused"]) == (2, 0)


def test_spaces_around_a_row_are_no_part_of_it(desk, stack):
    quoted = ",".join(f'"{cell}"' for cell in row(1, "Good."))
    desk.run(desk.put("may.csv", table(HEADER) + f"  {quoted} \r\n".encode()))
    assert bodies(stack)[0]["data"]["service"]["comment"] == "Good."


def test_a_refused_line_is_reported_with_every_problem_and_stops_no_other(desk, stack):
    bad = event(2)
    bad["data"]["customer"]["id"] = " "
    bad["timestamp"] = "yesterday"
    content = lines(event(1), bad) + b"{not json\n\n" + b"\xff\n" + lines([1]) + lines(event(3) | {"id": "a.b"})
    plan, summary = desk.run(desk.put("mixed.jsonl", content))
    assert (summary["accepted"], summary["refused"], summary["lines"]) == (1, 5, 6)
    reported = {each["line"]: each for each in desk.rows(plan)}
    assert list(reported) == ["1", "2", "3", "5", "6", "7"]
    assert "/timestamp: when it happened" in reported["2"]["problems"]
    assert "/data/customer/id: the customer's id" in reported["2"]["problems"]
    assert "not JSON" in reported["3"]["problems"]
    assert "UTF-8" in reported["5"]["problems"]
    assert reported["6"]["problems"].startswith("the line: an object")
    assert "/id: an id of this event" in reported["7"]["problems"]
    assert len(bodies(stack)) == 1


def test_a_line_with_thousands_of_problems_is_reported_like_any_other(desk):
    wrong = {name: [] for name in ("id", "type", "date", "price", "satisfaction", "comment")}
    bad = event(2)
    bad["data"]["customer"]["service_history"] = [wrong] * 500
    plan, summary = desk.run(desk.put("wrong.jsonl", lines(event(1), bad, event(3))))
    assert (summary["accepted"], summary["refused"]) == (2, 1)
    assert desk.rows(plan)[1]["problems"].count("; ") == 2_999


POISON = {
    "nested without end where a number belongs": ("service.completed", "[" * 100_000, *row(2)[2:], ""),
    # As the webhook's body, which no item of a table could keep.
    "longer as JSON than as a row": (*row(2), "\1" * 100_000),
}


@pytest.mark.parametrize("name", POISON)
def test_a_row_that_can_t_be_an_event_costs_no_other(desk, name):
    content = table((*HEADER, "remark"), (*row(1), ""), POISON[name], (*row(3), ""))
    plan, _ = desk.run(desk.put("poison.csv", content))
    assert results(desk.rows(plan)) == ["accepted", "refused", "accepted"]


@pytest.mark.usefixtures("defective")
def test_a_defect_of_ours_is_told_by_its_type_and_costs_no_other_line(desk):
    plan, _ = desk.run(desk.put("defect.jsonl", lines(event(1), event(2) | {"id": "poison"}, event(3))))
    assert results(desk.rows(plan)) == ["accepted", "refused", "accepted"]
    assert desk.rows(plan)[1]["problems"] == "KeyError: a defect of ours."


def test_an_own_id_that_can_t_be_one_hides_no_other_problem(desk):
    plan, _ = desk.run(desk.put("one.jsonl", lines(event(1) | {"id": "a.b", "timestamp": "yesterday"})))
    [reported] = desk.rows(plan)
    assert "/id: " in reported["problems"]
    assert "/timestamp: " in reported["problems"]


def test_a_row_that_doesn_t_fit_its_columns_is_refused(desk):
    torn = b'service.completed,1,2026-05-12T16:00:00Z,crm-8,job-8,"never closed\n'
    content = table(HEADER, row(1), row(2)[:-1]) + torn + table(row(3))
    plan, summary = desk.run(desk.put("torn.csv", content))
    assert results(desk.rows(plan)) == ["accepted", "refused", "refused", "accepted"]
    assert [each["problems"] for each in desk.rows(plan)][1:3] == [
        "The line has 5 cells, and the file has 6 columns.",
        "The line is no row of CSV: a quote in it isn't closed, or isn't doubled.",
    ]
    assert summary["refused"] == 2


def test_a_line_that_is_too_long_is_refused(desk):
    long = json.dumps(event(1) | {"padding": "x" * 128 * 1024}).encode() + b"\n"
    plan, _ = desk.run(desk.put("long.jsonl", long + lines(event(2))))
    assert results(desk.rows(plan)) == ["refused", "accepted"]
    assert "131072 bytes" in desk.rows(plan)[0]["problems"]


def test_the_same_lines_in_another_file_are_duplicates(desk, stack):
    content = lines(event(1), event(2))
    desk.run(desk.put("may.jsonl", content + lines(event(1))))
    desk.published()
    plan, summary = desk.run(desk.put("again.jsonl", content))
    assert (summary["accepted"], summary["duplicate"]) == (0, 2)
    assert all(each["receipt"] for each in desk.rows(plan)), "the receipt is the first one's"
    assert len(bodies(stack)) == 2
    # As with the webhook: what wasn't started yet is published again, under the same reference.
    assert len({each["event_id"] for each in desk.published()}) == 2


def test_the_same_file_again_does_nothing_again(desk, stack):
    content = lines(*(event(number) for number in range(7)))
    desk.run(desk.put("may.jsonl", content))
    desk.published()
    plan, summary = desk.run(desk.put("may.jsonl", content))
    assert (plan["left"], summary["accepted"]) == (0, 7)
    assert desk.published() == []


def test_an_own_id_names_the_event(desk, stack):
    desk.run(desk.put("ids.jsonl", lines(event(1) | {"id": "evt-1"}, event(2) | {"id": 77})))
    assert {each["event_id"] for each in desk.published()} == {"evt-1", "77"}
    plan, _ = desk.run(desk.put("more.jsonl", lines(event(3) | {"id": "evt-1"})))
    [reported] = desk.rows(plan)
    assert (reported["result"], reported["problems"]) == ("refused", ID_TAKEN)


def test_another_tenant_s_source_is_refused_in_words(desk, stack):
    stack.add_source("brightnest-crm", "brightnest")
    arrived = desk.put("may.jsonl", lines(event(1)), below="greenedge/brightnest-crm")
    _, summary = desk.run(arrived)
    assert summary["problems"] == ["greenedge has no source brightnest-crm. scripts/source list says which there are."]
    assert bodies(stack) == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("may.xlsx", b"PK", ["The file is neither CSV nor JSON Lines by its name: *.csv, *.jsonl or *.ndjson."]),
        ("may.csv", table(HEADER), ["The file has no lines."]),
        (
            "may.csv",
            table((*HEADER, "customer")),
            ["customer can't be a column, for others are parts of it (customer.…)."],
        ),
    ],
)
def test_a_file_that_can_t_be_read_is_refused_whole_with_the_reason(desk, name, content, told):
    plan, summary = desk.run(desk.put(name, content))
    assert (plan["left"], summary["lines"], desk.rows(plan)) == (0, 0, [])
    assert summary["problems"] == told


def test_a_file_outside_of_a_tenant_s_place_is_refused(desk):
    _, summary = desk.run(desk.put("may.jsonl", lines(event(1)), below="greenedge"))
    assert "inbox/<tenant>/<source>/<file>" in summary["problems"][0]


def test_a_file_that_was_written_over_is_not_read_for_the_old_one(desk, stack):
    arrived = desk.put("may.jsonl", lines(event(1)))
    desk.put("may.jsonl", lines(event(2)))
    _, summary = desk.run(arrived)
    assert summary["problems"] == ["The file is gone, or another was written over it."]
    assert bodies(stack) == []


def test_a_range_of_a_file_that_was_written_over_is_not_read(desk, stack):
    plan = desk.plan(desk.put("may.jsonl", lines(event(1))))
    desk.put("may.jsonl", lines(event(2)))
    with pytest.raises(Refused, match="another was written over it"):
        desk.accept(plan, desk.left(plan)[0])
    assert bodies(stack) == []


def test_a_range_is_read_alone(desk):
    plan = desk.plan(desk.put("may.jsonl", lines(*(event(number) for number in range(12)))))
    middle = desk.left(plan)[1]
    desk.accept(plan, middle)
    part = desk.s3.get_object(Bucket=BUCKET, Key=f"{plan['upload']['folder']}/parts/{middle['offset']:015}.csv")
    assert [row.partition(b",")[0] for row in part["Body"].read().splitlines()] == [b"6", b"7", b"8", b"9", b"10"]


def test_a_run_that_broke_off_goes_on_where_it_was(desk, stack):
    arrived = desk.put("may.jsonl", lines(*(event(number) for number in range(12))))
    with pytest.raises(Exception, match="5 of 12 lines were not taken in"):
        desk.run(arrived, failing={1})
    plan, summary = desk.plan(arrived), None
    assert [each["first"] for each in desk.left(plan)] == [6]
    assert "5 lines from here on" in desk.rows(plan)[5]["problems"]
    desk.published()
    plan, summary = desk.run(arrived)
    assert (summary["accepted"], summary["missing"]) == (12, 0)
    assert len(desk.published()) == 5


def test_a_file_that_is_gone_keeps_what_was_reported_of_it(desk):
    arrived = desk.put("may.jsonl", lines(*(event(number) for number in range(12))))
    with pytest.raises(Exception, match="5 of 12 lines were not taken in"):
        desk.run(arrived, failing={1})
    desk.s3.delete_object(Bucket=BUCKET, Key=arrived["key"])
    plan = desk.plan(arrived)
    assert plan["problems"] == ["The file is gone, or another was written over it."]
    with pytest.raises(Exception, match="5 of 12 lines were not taken in"):
        desk.report(plan)
    assert results(desk.rows(plan)).count("accepted") == 7


def test_a_changed_batch_size_doesn_t_move_the_ranges_of_a_plan(desk, stack, monkeypatch):
    arrived = desk.put("may.jsonl", lines(*(event(number) for number in range(12))))
    with pytest.raises(Exception, match="not taken in"):
        desk.run(arrived, failing={1, 2})
    given = stack.environment
    monkeypatch.setattr(stack, "environment", lambda name: given(name) | {"BULK_BATCH_LINES": "3"})
    _, summary = desk.run(arrived)
    assert (summary["lines"], summary["accepted"], len(bodies(stack))) == (12, 12, 12)


def test_a_range_whose_bus_fails_is_begun_again_and_each_event_is_there_once(desk, stack):
    plan = desk.plan(desk.put("may.jsonl", lines(event(1), event(2), event(3))))
    [of] = desk.left(plan)
    stack.clients.answer("events:PutEvents", {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]})
    with pytest.raises(TransientError):
        desk.accept(plan, of)
    assert desk.accept(plan, of) == 3
    desk.report(plan)
    assert results(desk.rows(plan)) == ["duplicate", "accepted", "accepted"]
    assert len({each["event_id"] for each in desk.published()}) == 3


def test_a_range_waits_as_long_as_its_tenant_may_send_no_more(desk, stack):
    upload = desk.put("may.jsonl", lines(*(event(number) for number in range(10))))
    first, second = desk.left(plan := desk.plan(upload))
    limit(stack, "greenedge", per_second=1, burst=1)
    assert desk.accept(plan, first) == 5, "a full bucket lets a whole range through"
    with pytest.raises(TransientError, match="no room for 5 lines"):
        desk.accept(plan, second)
    assert len(bodies(stack)) == 5, "nothing of it was begun"
    assert desk.accept(plan, first) == 5, "what is done costs nothing"


def limit(stack, tenant, *, per_second, burst):
    kept = Admission(Limit(50, 100), table=stack.table("AdmissionTable"), dynamodb=stack.clients("dynamodb"))
    kept.change(tenant, Limit(per_second, burst))


def test_nothing_of_a_line_stands_in_what_travels_or_is_reported(desk, stack):
    said = event(1, service=service(comment="Marisol was friendly"))
    plan, summary = desk.run(desk.put("may.jsonl", lines(said, said | {"timestamp": "Marisol"})))
    kept = [plan, summary, desk.rows(plan)]
    assert not [each for each in ("Marisol", "crm-1", "maria") if each in json.dumps(kept)]


def test_reports_of_many_parts_are_put_together_piece_by_piece(desk, monkeypatch):
    from agent_platform.uploads import inbox

    monkeypatch.setattr(inbox, "_PART", 5 * 1024 * 1024)
    kept = inbox.Inbox(bucket=BUCKET, s3=desk.s3)
    pieces = [bytes([65 + place]) * 1024 * 1024 for place in range(12)]
    key = kept.keep_report("reports/x", pieces)
    assert desk.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == b"".join(pieces)
