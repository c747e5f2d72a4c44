"""Events on their way into the stack on moto."""

import pytest

from tests.builders import service_completed


@pytest.fixture
def accepted(stack, crm):
    """Accept events with these ids; what then waits in the queue."""

    def accept(*ids):
        for event_id in ids:
            stack.invoke("ReceiveWebhookFunction", crm.post(service_completed(), event_id=event_id))
        return stack.queued()

    return accept
