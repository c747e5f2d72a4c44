"""scripts/export: everything that is kept of a customer is in it, and nothing of another."""

import json

from operations import export, forget
from tests.canaries import found_in
from tests.integration.operations.erasure.conftest import TENANT, everything


def exported(capsys, customer):
    export.main([TENANT, customer])
    return capsys.readouterr().out


def test_each_store_gives_what_it_holds_of_them(live, account, capsys):
    one, other = live(1), live(2)
    printed = exported(capsys, one.bird.customer_id)
    document = json.loads(printed)

    assert (document["tenant"], document["customer"]) == (TENANT, one.reference)
    assert {each["store"] for each in document["stores"] if each["holds"]} == {
        "contact", "rollouts", "evaluations", "reviews", "recordings", "events", "cases", "vectors", "features",
        "messages", "addressees",
    }  # fmt: skip
    assert one.bird.email in printed
    assert found_in(printed, [other.bird]) == []
    assert other.reference not in printed


def test_an_export_changes_nothing(live, account, stack, capsys):
    one = live(1)
    before = everything(stack)
    exported(capsys, one.reference)

    assert everything(stack) == before


def test_of_a_forgotten_customer_it_gives_that_nobody_writes_to_them(live, account, capsys):
    one = live(1)
    forget.main([TENANT, one.reference, "--json"])
    capsys.readouterr()
    document = json.loads(exported(capsys, one.bird.customer_id))

    [contact] = [each for each in document["stores"] if each["holds"]]
    assert contact["holds"][0]["suppressed"] == "forgotten"
