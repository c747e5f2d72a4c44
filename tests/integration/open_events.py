"""Time passes for open events: what reconcile would look at in a quarter of an hour is due now."""

from agent_platform.items import to_item

LONG_AGO = "2020-01-01T00:00:00Z"


def receipts(stack):
    """Every receipt, by its event's id."""
    return {each["eventId"]: each for each in stack.items("EventRecordsTable") if each["part"] == "receipt"}


def let_time_pass(stack, *event_ids, opened=None):
    """Make these open events due, or all of them; `opened` says when they were opened."""
    for event_id, receipt in receipts(stack).items():
        if "dueAt" in receipt and event_id in (event_ids or (event_id,)):
            stack.clients("dynamodb").update_item(
                TableName="EventRecordsTable",
                Key=to_item({"record": receipt["record"], "part": "receipt"}),
                UpdateExpression="SET dueAt = :due, openedAt = :opened",
                ExpressionAttributeValues=to_item({":due": LONG_AGO, ":opened": opened or receipt["openedAt"]}),
            )
