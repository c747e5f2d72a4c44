"""What events say of a customer, on the deployed stack: known to the next run, corrected, taken back."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from agent_platform.items import from_item
from agent_platform.moments import iso

from operations import events
from operations.customers import reference_of
from tests.workflow.deployed import Deployed
from tests.workflow.test_on_call import said

SECONDS_TO_A_ROW = 30


class Customer:
    """A customer whom nothing is known of; what is told of them happened some minutes ago."""

    def __init__(self, deployed: Deployed) -> None:
        self.deployed, self.crm_id = deployed, f"cust-{uuid.uuid4().hex[:12]}"
        self.service = {
            "id": f"job-{uuid.uuid4().hex[:8]}", "date": "2026-10-14T18:30:00Z", "type": "weekly mow", "price": 48.0,
            "currency": "USD", "satisfaction": 5, "satisfaction_scale": "1-5",
        }  # fmt: skip

    def tell(self, kind: str, *, minutes_ago: int, **data: Any) -> str:
        """The receipt of an event that tells something of the customer."""
        happened = iso(datetime.now(UTC) - timedelta(minutes=minutes_ago))
        told = {"customer": {"id": self.crm_id}} | data
        answer = self.deployed.send({"type": kind, "version": 1, "timestamp": happened, "data": told})
        assert answer.status == 202, answer.body
        return str(answer.body["receipt"])

    def row(self) -> dict[str, Any]:
        """The stored values by name; none without a row."""
        reference = reference_of(self.deployed.stack, self.deployed.tenant, self.crm_id)
        key = {"entity": {"S": f"{self.deployed.tenant}#{reference}"}, "view": {"S": "customer@1"}}
        got = self.deployed.stack.dynamodb.get_item(TableName=self.deployed.stack.outputs["CustomerFeatures"], Key=key)
        packed = from_item(got["Item"])["packed"] if "Item" in got else "{}"
        return {name: value for name, (value, _, _) in json.loads(packed).items()}

    def until_paid(self, paid: dict[str, int] | None) -> None:
        """Wait until a row says that so much was paid."""
        self.deployed.until(lambda: (row := self.row()) and row["lifetime_value"] == paid, f"a row with {paid}")

    def shown(self, *arguments: str) -> dict[str, Any]:
        """The features as scripts/features shows them."""
        printed = said("features", "show", self.crm_id, "--tenant", self.deployed.tenant, "--json", *arguments)
        features: dict[str, Any] = json.loads(printed)["views"]["customer@1"]["features"]
        return features


def enriched(deployed: Deployed, receipt: str) -> dict[str, Any]:
    """The features that a run worked with."""
    exits = [each["stateExitedEventDetails"] for each in deployed.history(receipt) if "stateExitedEventDetails" in each]
    [features] = [json.loads(each["output"])["features"] for each in exits if each["name"] == "Enrich"]
    return dict(features)


@pytest.fixture
def customer(deployed: Deployed) -> Customer:
    return Customer(deployed)


def test_what_a_service_says_is_read_by_the_next_run(deployed: Deployed, customer: Customer) -> None:
    began = datetime.now(UTC)
    first = customer.tell("service.completed", minutes_ago=3, service=customer.service)
    customer.until_paid({"USD": 4800})
    assert (datetime.now(UTC) - began).total_seconds() < SECONDS_TO_A_ROW
    assert deployed.message(first)["skip"]["reason"] == "no_consent"

    wanted = json.loads(events.sample("good-upsell")) | {"timestamp": iso(datetime.now(UTC))}
    wanted["data"]["customer"] |= {"id": customer.crm_id, "property": None, "service_history": []}
    receipt = deployed.send(wanted).body["receipt"]
    deployed.message(receipt)
    features = enriched(deployed, receipt)
    assert features["source"] == "store"
    assert features["values"]["lifetime_value"] == {"value": {"USD": 4800}, "reason": None}


def test_a_run_that_comes_before_its_customer_s_row_folds_the_history_itself(
    deployed: Deployed, sample: Callable[..., dict[str, Any]]
) -> None:
    with deployed.given("OutreachMaterializeFeaturesFunction", FEATURES_TABLE="no-such-table"):
        receipt = deployed.send(sample("good-referral")).body["receipt"]
        message = deployed.message(receipt)

    assert message["status"] == "approved"
    assert enriched(deployed, receipt)["source"] == "event"


def test_what_is_corrected_and_taken_back_is_so_and_was_as_it_was(deployed: Deployed, customer: Customer) -> None:
    customer.tell("service.completed", minutes_ago=3, service=customer.service)
    customer.until_paid({"USD": 4800})
    before = datetime.now(UTC)
    deployed.until(lambda: iso(datetime.now(UTC)) > iso(before), "the next second, by which the history tells")

    corrected = customer.tell("service.corrected", minutes_ago=2, service=customer.service | {"price": 58.0})
    customer.until_paid({"USD": 5800})
    voided = customer.tell("service.voided", minutes_ago=1, service={"id": customer.service["id"]})
    customer.until_paid(None)

    for receipt in (corrected, voided):
        outcome = deployed.outcome(receipt)
        assert (outcome["kind"], outcome["status"]) == ("noted", "features updated")
    assert customer.shown()["service_count"]["reason"] == "no_history"
    then = customer.shown("--as-of", iso(before))
    assert (then["service_count"]["value"], then["lifetime_value"]["value"]) == (1, {"USD": 4800})
