"""What a run of the builders' customer leaves behind, and what must not be seen in it."""

import json

# What identifies the customer of tests/builders.py.
PERSONAL = ("Maria", "Oliveira", "maria.oliveira@example.com", "5550100177", "Elm Court", "crm-77")


def message(stack, document):
    """The one stored message of a run."""
    wanted = document["message"]["message_id"]
    (found,) = [item for item in stack.items("OutreachMessagesTable") if item["messageId"] == wanted]
    return found


def published(stack):
    """What the state that ran last put on the bus."""
    return [call.parameters["Entries"][0] for call in stack.clients.calls if call.operation == "PutEvents"]


def measured(logged, metric):
    """Every value of a metric in what functions logged, with its dimensions but for a value's own."""
    blobs = [json.loads(line) for line in logged.splitlines() if f'"{metric}"' in line and '"_aws"' in line]
    names = [max(blob["_aws"]["CloudWatchMetrics"][0]["Dimensions"], key=len) for blob in blobs]
    return [(blob[metric][0], {name: blob[name] for name in found}) for blob, found in zip(blobs, names, strict=True)]
