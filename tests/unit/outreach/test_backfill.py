"""A line of an export is an entry that was known since its service's date, or every reason why it isn't one."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import event_contracts
import pytest
from agent_platform.features.entries import Entry, each_once
from agent_platform.references import EventReference
from agent_platform.tenants import customer_reference
from hypothesis import given
from hypothesis import strategies as st
from outreach.backfill import POINTERS, PastService, differences, read_past_service
from outreach.brands import parse_brand
from outreach.features.customer import CUSTOMER

from tests.infrastructure.template import ROOT

BRAND = parse_brand((ROOT / "brands/greenedge/brand.json").read_bytes())
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
LINE = {"customer_id": "77", "id": "s-1", "date": "2025-04-01T09:30:00Z", "type": "Weekly Mow", "price": "49.90",
        "currency": "USD", "satisfaction": "9/10", "crew": "Ana", "comment": "Ana was great"}  # fmt: skip


def read(tenant="greenedge", as_of=NOW, **fields):
    line = {name: value for name, value in (LINE | fields).items() if value is not ...}
    return read_past_service(line, tenant=tenant, brand=BRAND, as_of=as_of, validate=event_contracts.validate,
                             reference_of=partial(customer_reference, tenant, key=b"key"))  # fmt: skip


def test_a_line_is_an_entry_without_names_and_comments_known_since_the_service():
    assert read() == PastService(
        customer_reference("greenedge", "77", key=b"key"),
        Entry(
            read().entry.event, "2025-04-01T09:30:00Z", "2025-04-01T09:30:00Z",
            {"services": {"s-1": {"date": "2025-04-01T09:30:00Z", "type": "weekly mow",
                                  "price": {"minor": 4990, "currency": "USD"}, "satisfaction": 4.6}}},
        ),
        [],
    )  # fmt: skip


def test_the_same_service_is_the_same_event_however_it_is_written_and_whenever_it_is_read():
    again = read(date="2025-04-01 09:30 UTC", satisfaction=9, satisfaction_scale="0-10",
                 as_of=datetime(2027, 1, 1, tzinfo=UTC))  # fmt: skip
    assert again.entry == read().entry
    events = {read().entry.event, read(id="s-2").entry.event, read(customer_id="78").entry.event,
              read(tenant="brightnest").entry.event}  # fmt: skip
    assert len(events) == 4


def test_a_service_without_an_id_gets_one_that_it_always_has():
    assert read(id=...).entry == read(id="").entry
    assert read(id=...).entry.event != read(id=..., price="50").entry.event


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland"])
@pytest.mark.parametrize("given_id", [..., "s-1"])
def test_a_day_without_a_time_is_one_service_in_every_run_of_that_day_and_after(zone, given_id):
    morning = datetime(2026, 5, 20, 4, tzinfo=ZoneInfo(zone))
    runs = [morning + timedelta(hours=hours) for hours in (0, 4, 7, 9, 15, 30, 24 * 400)]
    entries = [read(id=given_id, date="2026-05-20", time_zone=zone, as_of=run).entry for run in runs]
    assert entries == entries[:1] * len(runs)
    assert CUSTOMER.computed(each_once(entries))["service_count"].value == 1


def test_nobody_can_find_a_customer_s_id_by_what_stands_in_the_history():
    assert read().entry.event != EventReference("greenedge", "#backfill", "77#s-1", "service.completed").digest
    line = LINE | {"customer_id": "78"}
    same = read_past_service(line, tenant="greenedge", brand=BRAND, as_of=NOW, validate=event_contracts.validate,
                             reference_of=lambda _: read().customer)  # fmt: skip
    assert same == read()


def test_a_type_that_holds_the_customer_s_name_is_left_out_and_the_name_is_not_kept():
    assert read(type="Mrs Pomeroy hedge").entry.content["services"]["s-1"]["type"] == "Mrs Pomeroy hedge"
    named = read(type="Mrs Pomeroy hedge", customer_name="Ada Pomeroy")
    assert named.entry.content["services"]["s-1"]["type"] is None
    assert "Pomeroy" not in str(named)
    assert read(customer_name="Ada Pomeroy") == read()


def test_what_a_line_says_otherwise_is_told_by_field():
    assert differences(read().entry, read().entry) == []
    assert differences(read(price="50", date="2025-04-02").entry, read().entry) == ["date", "price"]


def test_what_an_event_says_about_its_own_service_outranks_the_line():
    own = Entry("0" * 40, "2025-04-01T09:30:00Z", "2025-04-01T09:30:00Z",
                {"services": {"s-1": {"date": None, "type": None, "price": None, "satisfaction": 2.0}},
                 "direct": ["s-1"]})  # fmt: skip
    assert CUSTOMER.computed([own, read().entry])["satisfaction_average"].value == 2.0


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"customer_id": ...}, ["customer_id"]),
        ({"date": ...}, ["date"]),
        ({"date": "soon"}, ["date"]),
        ({"date": "2031-01-01"}, ["date"]),
        ({"date": "03/04/2025"}, ["date"]),
        (
            {"customer_id": " ", "satisfaction": "eleven", "price": "9" * 65, "date": "soon"},
            ["customer_id", "date", "price", "satisfaction"],
        ),
        ({"date": "d" * 65, "satisfaction": "eleven"}, ["date", "satisfaction"]),
    ],
)
def test_a_line_is_refused_with_every_reason_by_its_field(fields, reasons):
    assert sorted(reason.partition(":")[0] for reason in read(**fields)) == reasons


def test_the_country_says_how_a_date_and_a_price_are_written():
    british = read(date="03/04/2025", country="UK", price="1.5", currency=...)
    assert british.entry.event_time == "2025-04-03T12:00:00Z"
    assert british.entry.content["services"]["s-1"]["price"] == {"minor": 150, "currency": "GBP"}


def test_what_can_t_be_read_is_set_aside_by_name_and_never_by_value():
    said = read(price="about fifty", crew="www.example.com")
    assert [each.partition(":")[0] for each in said.set_aside] == ["price", "crew"]
    assert "fifty" not in str(said.set_aside)
    assert said.entry.content["services"]["s-1"]["price"] is None


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda each: st.lists(
    each, max_size=2) | st.dictionaries(st.text(), each, max_size=2), max_leaves=4)  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(POINTERS)) | st.text(), JSON))
def test_whatever_stands_in_a_line_it_is_an_entry_or_has_a_reason(fields):
    said = read_past_service(fields, tenant="greenedge", brand=BRAND, as_of=NOW, validate=event_contracts.validate,
                             reference_of=str)  # fmt: skip
    assert isinstance(said, PastService) or (said and all(said))
