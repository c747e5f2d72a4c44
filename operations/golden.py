"""Record one run of the local stack as events/<word>/<function>.json: for `sam local invoke`, and as fixtures."""

import base64
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from agent_platform.references import EventReference

from operations import events, sources
from operations.executions import execution_arn, history
from operations.seed import FIRST_SOURCE, FIRST_TENANT
from operations.stack import ROOT, Stack
from operations.terminal import Problem, arguments, out, run

SAMPLE, EVENT_ID = "good-referral", "msg_golden_run"
_PATIENCE_SECONDS = 60


def record(stack: Stack) -> dict[str, Any]:
    """The input of every function in one run of the sample, by the path of its file."""
    body = json.dumps(json.loads(events.sample(SAMPLE)))
    answer = events.send(
        f"{stack.api_url}/webhook/{FIRST_SOURCE}", sources.signing_secret(stack, FIRST_SOURCE), body, event_id=EVENT_ID
    )
    if answer.status != 202:
        raise Problem(f"The stack answered {answer.status}: {answer.body}")
    arn = _concluded(stack, answer.body["receipt"])
    entered = [event["stateEnteredEventDetails"] for event in history(stack, arn, with_data=True)
               if event["type"] == "TaskStateEntered"]  # fmt: skip
    steps = {f"outreach/{each['name'].lower()}": json.loads(each["input"]) for each in entered}
    reference = EventReference(FIRST_TENANT, FIRST_SOURCE, EVENT_ID, json.loads(body)["type"])
    return {**_ingest(reference, arn, body), **steps}


def _concluded(stack: Stack, receipt: str) -> str:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = stack.records.receipt(receipt.replace(".", "#", 1)) or {}
        if found.get("outcome") and found.get("executionArn"):
            return execution_arn(stack, receipt)
        time.sleep(0.2)
    raise Problem(f"{receipt} came to no outcome in {_PATIENCE_SECONDS} s")


def _ingest(reference: EventReference, arn: str, body: str) -> dict[str, Any]:
    """What AWS itself hands to functions that are no states. The signature is none: it answers 401."""
    detail = asdict(reference)
    envelope = {"version": "0", "source": "referral-system", "detail-type": reference.event_type, "detail": detail}
    queued = {"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": json.dumps(envelope)}]}
    return {
        "ingest/receive_webhook": {
            "resource": "/webhook/{source}",
            "path": f"/webhook/{reference.source}",
            "httpMethod": "POST",
            "headers": {
                "Content-Type": "application/json",
                "webhook-id": reference.event_id,
                "webhook-timestamp": "1700000000",
                "webhook-signature": "v1,bm90IGEgc2lnbmF0dXJl",
            },
            "pathParameters": {"source": reference.source},
            "isBase64Encoded": False,
            "body": body,
        },
        "ingest/read_stream": _streamed(reference, body),
        "ingest/start_execution": queued,
        "outreach/materialize_features": queued,
        "ingest/record_failure": {
            "version": "0",
            "source": "aws.states",
            "detail-type": "Step Functions Execution Status Change",
            "detail": {
                "executionArn": arn,
                "status": "FAILED",
                "input": json.dumps(detail),
                "error": "ModelRefused",
                "cause": json.dumps({"errorType": "ModelRefused", "errorMessage": "converse: AccessDeniedException"}),
            },
        },
    }


def _streamed(reference: EventReference, body: str) -> dict[str, Any]:
    """A batch of one record, as Lambda delivers it."""
    headers = {
        "webhook-id": reference.event_id,
        "webhook-timestamp": "1700000000",
        "webhook-signature": "v1,bm90IGEgc2lnbmF0dXJl",
    }
    envelope = {"source": reference.source, "headers": headers, "body": body}
    shard, sequence_number = "shardId-000000000000", "49590338271490256608559692538361571095921575989136588898"
    return {"Records": [{
        "eventID": f"{shard}:{sequence_number}",
        "eventSource": "aws:kinesis",
        "kinesis": {
            "sequenceNumber": sequence_number,
            "approximateArrivalTimestamp": 1700000000.0,
            "data": base64.b64encode(json.dumps(envelope).encode()).decode(),
        },
    }]}  # fmt: skip


def main(argv: Sequence[str]) -> None:
    """scripts/record-run."""
    arguments("record-run", "Record one run of a freshly deployed local stack into events/.", account=False).parse_args(
        argv
    )
    for name, document in record(Stack("local")).items():
        path = ROOT / "events" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        out.print(f"[green]✓[/] {path.relative_to(ROOT)}")


if __name__ == "__main__":
    run(main)
