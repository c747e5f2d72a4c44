"""The ledger that stands with a message: of the draft that was kept, bounded, with what it was held against."""

import pytest
from outreach import claims
from outreach.bookkeeping import MOST_ENTRIES, ledger_of
from outreach.evidence import evidence_for

from tests.unit.outreach import writing_cases as case


def finding(kind, text, result="unsupported"):
    return {"kind": kind, "result": result, "where": "body", "text": text, "slot": None}


def book(*findings, conditions=None, **texts):
    evidence = evidence_for(case.request(), case.features(), prepared=case.prepared(), brand=case.greenedge())
    return ledger_of(case.GOOD_EMAIL | texts, evidence | {"conditions": conditions}, findings=findings)


def test_every_slot_of_the_kept_draft_is_an_entry_with_its_fact_and_its_place():
    kept = book()
    entries = {(each["where"], each["slot"]): each for each in kept["ledger"]}
    amount = entries["body", "offer.amount"]
    assert (amount["result"], amount["source"], amount["comparison"]) == ("slot", "/facts/offer.amount", "equal")
    assert case.GOOD_EMAIL["body"][amount["start"] : amount["end"]] == "{{offer.amount}}"
    assert kept["sources"]["/facts/offer.amount"] == "$25"
    assert "ledgerCut" not in kept


def test_what_no_fact_supports_stands_in_it():
    kept = book(body=case.GOOD_EMAIL["body"].replace("{{offer.amount}}", "$999"))
    [wrong] = [each for each in kept["ledger"] if each["result"] == "contradicted"]
    assert (wrong["text"], wrong["slot"], wrong["source"]) == ("$999", "offer.amount", "/facts/offer.amount")


def test_what_only_the_brand_a_case_or_a_guard_could_find_is_added():
    found = [finding("brand", "cheap"), finding("copied", "eight words"), finding("guard", "Timeout", "not_checked")]
    kept = book(*found, finding("amount", "$999", "contradicted"))
    added = [each for each in kept["ledger"] if each["kind"] in {"brand", "copied", "guard"}]
    assert [(each["kind"], each["text"], each["result"]) for each in added] == [
        ("brand", "cheap", "unsupported"),
        ("copied", "eight words", "unsupported"),
        ("guard", "Timeout", "not_checked"),
    ]
    assert not [each for each in kept["ledger"] if each["text"] == "$999"]


def test_the_comment_vouches_for_what_its_writer_is_said_to_have_told(monkeypatch):
    commented = case.prepared() | {"comment": "The gate was left open."}
    monkeypatch.setattr(case, "prepared", lambda: commented)
    kept = book(body=case.GOOD_EMAIL["body"].replace("\n\n", "\n\nYou mentioned the open gate.\n\n", 1))
    [told] = [each for each in kept["ledger"] if each["kind"] == "reader"]
    assert (told["result"], told["source"]) == ("verified", "/comment")
    assert kept["sources"]["/comment"] == "The gate was left open."


def test_sources_are_every_fact_and_only_what_is_cited_of_the_rest(monkeypatch):
    cited = {"where": "body", "kind": "number", "result": "verified", "source": "/features/values/service_count"}
    monkeypatch.setattr(claims, "ledger", lambda *_, **__: [cited])
    sources = book()["sources"]
    facts = {f"/facts/{fact['slot']}" for fact in [*case.request()["facts"], *case.prepared()["identity"]["facts"]]}
    assert sources.keys() == facts | {"/features/values/service_count"}
    assert sources["/features/values/service_count"] == "3"
    assert sources["/facts/service.since"] == "April 11, 2023"


@pytest.mark.parametrize("place", [0, MOST_ENTRIES + 20])
def test_of_too_many_entries_those_stay_that_would_stop_a_draft_in_the_order_of_the_text(monkeypatch, place):
    entries = [{"kind": "amount", "result": "slot", "start": each, "source": None} for each in range(MOST_ENTRIES + 20)]
    entries.insert(place, {"kind": "amount", "result": "contradicted", "start": place, "source": None})
    monkeypatch.setattr(claims, "ledger", lambda *_, **__: entries)
    kept = book()
    assert (len(kept["ledger"]), kept["ledgerCut"]) == (MOST_ENTRIES, 21)
    assert [each["result"] for each in kept["ledger"]].count("contradicted") == 1
    assert kept["ledger"] == sorted(kept["ledger"], key=entries.index)


def test_a_value_is_bounded(monkeypatch):
    long = {"where": "body", "kind": "condition", "result": "verified", "source": "/offer/conditions"}
    monkeypatch.setattr(claims, "ledger", lambda *_, **__: [long])
    assert len(book(conditions="word " * 1_000)["sources"]["/offer/conditions"]) == 500
