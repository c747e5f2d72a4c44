"""A file put into the inbox, and the state machine's own definition walked through for it."""

import csv
import io
import json

import pytest

from tests.integration.stack import ROOT

MACHINE = json.loads((ROOT / "statemachines/bulk_ingest.asl.json").read_text())["States"]
BUCKET = "inboxbucket"


class Desk:
    """A stack with a source, to which files are uploaded."""

    def __init__(self, stack):
        self.stack, self.s3 = stack, stack.clients("s3")
        stack.add_source("greenedge-crm", "greenedge")

    def put(self, name, content, *, below="greenedge/greenedge-crm"):
        """Upload a file; what its rule hands to the state machine."""
        key = f"inbox/{below}/{name}"
        made = self.s3.put_object(Bucket=BUCKET, Key=key, Body=content)
        return {"key": key, "etag": made["ETag"].strip('"')}

    def plan(self, arrived):
        return self.stack.invoke("BulkIngestPlanUploadFunction", arrived)

    def accept(self, plan, of):
        state = {"upload": plan["upload"], "range": of}
        return self.stack.invoke("BulkIngestAcceptLinesFunction", state)

    def left(self, plan):
        """The items of the Map."""
        body = self.s3.get_object(Bucket=plan["bucket"], Key=plan["left_key"])["Body"].read()
        return [json.loads(line) for line in body.splitlines()]

    def report(self, plan):
        return self.stack.invoke("BulkIngestReportUploadFunction", {"plan": plan})

    def run(self, arrived, *, failing=()):
        """One execution to its end, in which the ranges at these places fail; the plan and the summary."""
        plan = self.plan(arrived)
        if plan["left"]:
            for place, of in enumerate(self.left(plan)):
                if place not in failing:
                    self.accept(plan, of)
        return plan, self.report(plan)

    def rows(self, plan):
        """The report as a person opens it."""
        body = self.s3.get_object(Bucket=BUCKET, Key=plan["upload"]["folder"] + "/report.csv")["Body"].read()
        return list(csv.DictReader(io.StringIO(body.decode(), newline="")))

    def published(self):
        found = []
        while records := self.stack.queued()["Records"]:
            found += [json.loads(each["body"])["detail"] for each in records]
        return found


@pytest.fixture
def desk(stack):
    return Desk(stack)
