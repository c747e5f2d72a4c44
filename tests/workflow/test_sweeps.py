"""What the clock begins, on the deployed stack: what nobody settled, finished or watches is found and dealt with."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from agent_platform.inference.budgets import day_of
from agent_platform.inference.calls import Call, Calls
from agent_platform.inference.ledger import Ledger
from agent_platform.items import from_item
from outreach.casebook.files import CaseFiles
from outreach.casebook.rows import CASE, Place
from outreach.casebook.store import Casebook

from operations.budgets import budgets_of
from tests.workflow.deployed import Deployed
from tests.workflow.test_on_call import function

BY_THE_CLOCK = {"source": "aws.events", "detail-type": "Scheduled Event"}


def swept(deployed: Deployed, name: str) -> Any:
    """What a function answers when its hour has come."""
    invoked = deployed.stack.client("lambda").invoke(
        FunctionName=function(deployed, name), Payload=json.dumps(BY_THE_CLOCK)
    )
    answer = json.loads(invoked["Payload"].read())
    assert "FunctionError" not in invoked, answer
    return answer


def test_what_was_held_for_a_call_that_was_cut_short_is_booked(deployed: Deployed) -> None:
    stack, then, execution = deployed.stack, datetime.now(UTC) - timedelta(hours=1), uuid.uuid4().hex
    table = {"table": stack.outputs["CostLedger"], "dynamodb": stack.dynamodb}
    ledger = Ledger(budgets_of(stack), **table, pause=lambda _: None, clock=lambda: 0)
    call = Call(deployed.tenant, "outreach", "runs", execution, "Generate", 1, 1, "platform#outreach-writer", 1, "any")
    held = ledger.reserve(call, 700, hold=uuid.uuid4().hex, now=then, until=then)

    swept(deployed, "ReleaseHoldsFunction")

    [booked] = Calls(**table).on(deployed.tenant, day_of(then), execution=execution)
    assert (booked.cost_micros, booked.usage) == (700, None)
    assert ledger.hold(from_item(held.key)) is None


def test_what_became_of_the_newest_ingestion_is_told(deployed: Deployed) -> None:
    now = datetime.now(UTC)
    swept(deployed, "WatchIngestionFunction")

    def told() -> list[Any]:
        return list(deployed.stack.client("cloudwatch").get_metric_statistics(
            Namespace="ReferralSystem", MetricName="CasesNotIngested",
            Dimensions=[{"Name": "workflow", "Value": "retrieval"}], Period=3600, Statistics=["Maximum"],
            StartTime=now - timedelta(hours=1), EndTime=now + timedelta(hours=1),
        )["Datapoints"])  # fmt: skip

    # Two points where the suite crosses a full hour.
    assert {point["Maximum"] for point in deployed.until(told, "CasesNotIngested")} == {0}


def test_a_case_whose_retention_is_over_is_taken_back_with_its_file(deployed: Deployed) -> None:
    stack, then = deployed.stack, datetime.now(UTC) - timedelta(days=2)
    s3, case = stack.client("s3"), f"kept-too-long-{uuid.uuid4().hex[:8]}"
    place = Place(f"{deployed.tenant}#a segment of its own", CASE + case)
    CaseFiles(bucket=stack.outputs["Cases"], s3=s3).put(place.tenant, case, "# Kept too long", {"tenant": "nobody"})
    casebook = Casebook(table=stack.outputs["OutreachCases"], dynamodb=stack.dynamodb)
    casebook.take_back(place, "its retention is over", now=then, expires_at=int(then.timestamp()))

    swept(deployed, "OutreachPublishCaseFunction")

    assert casebook.row(place)["status"] == "removed"
    left = s3.list_objects_v2(Bucket=stack.outputs["Cases"], Prefix=f"{place.tenant}/{case}")
    assert left["KeyCount"] == 0
