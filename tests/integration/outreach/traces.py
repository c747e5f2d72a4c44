"""What a run of the builders' customer leaves behind, and what must not be seen in it."""

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
