"""scripts/forget: what was made of a customer, and of their cases among others', and an interrupted run is finished."""

import json
from datetime import UTC, datetime

import pytest
from agent_platform.features.store import FeatureStore
from agent_platform.features.views import Value
from agent_platform.retrieval.neighbours import Profile
from agent_platform.tenants import customer_reference
from outreach.casebook.circulation import FEWEST_CUSTOMERS
from outreach.casebook.files import CaseFiles
from outreach.casebook.rows import Place, withheld
from outreach.casebook.store import Casebook
from outreach.casebook.writing import Case, Segment
from outreach.features.views import CUSTOMER_VIEW

from operations import forget
from operations.profiles import profiles
from operations.terminal import Problem
from tests.integration.stack import GENERATED

TENANT, LATER = "greenedge", 4_000_000_000
FELLOWS = [f"c-{number:032x}" for number in range(FEWEST_CUSTOMERS)]
NOW = datetime(2026, 11, 2, tzinfo=UTC)
MADE = ("features", "vectors", "cases")
SEGMENT = Segment(TENANT, "upsell", "fall aeration", "longer")


@pytest.fixture
def known(account, stack):
    """Keep a row, a vector and a published case of a customer; the reference."""

    def known(customer_id):
        reference = customer_reference(TENANT, customer_id, key=GENERATED["ReferenceKey"].encode())
        value = {"service_count": Value(3, None, "2026-11-01T00:00:00Z")}
        FeatureStore(table="FeatureStoreTable", dynamodb=account.dynamodb).write(
            TENANT, reference, CUSTOMER_VIEW, value, event_time="2026-11-01T00:00:00Z", expires_at=LATER
        )
        profiles(account).keep(TENANT, reference, Profile(("visits: 3 to 5",), ("weekly mow",)), expires_at=LATER)
        casebook = Casebook(table="OutreachCasesTable", dynamodb=account.dynamodb)
        message = {"tenant": TENANT, "customer": reference, "purpose": "upsell", "messageId": customer_id,
                   "asOf": "2026-11-01T00:00:00Z", "expiresAt": LATER}  # fmt: skip
        for customer in (reference, *FELLOWS):
            casebook.join(SEGMENT, message | {"customer": customer})
        place = Place(SEGMENT.key, f"case#{customer_id}")
        casebook.add(place, message, withheld(Case(customer_id, "A case.", {"tenant": TENANT}), SEGMENT, message))
        casebook.move(place, "withheld", "publishing", now=NOW)
        casebook.move(place, "publishing", "published", now=NOW)
        CaseFiles(bucket="casesbucket", s3=stack.clients("s3")).put(TENANT, customer_id, "A case.", {"tenant": TENANT})
        return reference

    return known


def everything(stack):
    tables = ("FeatureStoreTable", "OutreachCasesTable")
    listed = stack.clients("s3").list_objects_v2(Bucket="casesbucket").get("Contents", [])
    return json.dumps([[stack.items(name) for name in tables], [each["Key"] for each in listed]])


def run(capsys, *arguments):
    forget.main([*arguments, "--json"])
    forgotten = json.loads(capsys.readouterr().out)["forgotten"]
    return {each["store"]: each["forgotten"] for each in forgotten if each["store"] in MADE}


def test_it_says_of_each_store_what_was_there_and_leaves_others_alone(known, account, stack, capsys):
    one, other = known("crm-77"), known("crm-81")

    assert run(capsys, TENANT, "crm-77") == {
        "features": {"item": 1}, "vectors": {"vector": 1}, "cases": {"case": 1, "membership": 1},
    }  # fmt: skip
    left = everything(stack)
    assert one not in left
    assert "crm-77.md" not in left
    assert other in left
    assert "crm-81.md" in left
    assert profiles(account).export(TENANT, one) is None
    assert profiles(account).export(TENANT, other) is not None


def test_again_there_is_nothing_left_to_forget(known, capsys):
    known("crm-77")
    run(capsys, TENANT, "crm-77")

    assert run(capsys, TENANT, "crm-77") == {
        "features": {"item": 0}, "vectors": {"vector": 0}, "cases": {"case": 0, "membership": 0},
    }  # fmt: skip


@pytest.mark.parametrize("call", ["dynamodb:BatchWriteItem", "dynamodb:PutItem", "s3:DeleteObject"])
def test_what_broke_off_is_finished_by_running_it_again(known, stack, capsys, call):
    reference = known("crm-77")
    stack.clients.fail(call, "AccessDenied", 403)
    with pytest.raises(Exception, match="AccessDenied"):
        forget.main([TENANT, "crm-77"])

    forget.main([TENANT, "crm-77"])

    assert reference not in everything(stack)
    assert "crm-77.md" not in everything(stack)


def test_in_a_terminal_it_says_where_and_what_is_next(known, capsys):
    reference = known("crm-77")
    forget.main([TENANT, reference])
    printed = capsys.readouterr()

    assert "casesbucket" in printed.out
    assert "FeatureStoreTable" in printed.out
    assert f"Next: scripts/export greenedge {reference}" in printed.err


def test_an_unknown_company_is_refused(account):
    with pytest.raises(Problem, match="There is no tenant nobody"):
        forget.main(["nobody", "crm-77"])
