import json

import pytest

from tests.builders import customer, outreach_requested, service, service_completed
from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.traces import measured, message

_FOR_SALES_ONLY = {"channel": "email", "given_at": "2025-02-01", "source": "order form", "basis": "soft_opt_in"}
_IN_BERLIN = {"line1": "Lindenweg 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}
SKIPS = {
    "no_consent": service_completed(customer=customer(service(), consent=None)),
    "consent_not_enough": service_completed(customer=customer(service(), consent=_FOR_SALES_ONLY, address=_IN_BERLIN)),
    "no_email": service_completed(customer=customer(service(), email="maria.oliveira at example")),
    "satisfaction_too_low": service_completed(service=service(satisfaction=2)),
    "no_such_offer": outreach_requested(offer_wanted={"purpose": "upsell", "offer_id": "free-lunch"}),
    "offer_not_valid": outreach_requested(offer_wanted={"purpose": "referral", "offer_id": "spring-referral-2024"}),
}


@pytest.mark.parametrize("reason", SKIPS)
def test_a_skip_is_stored_with_its_reason_and_calls_no_model(ready, begin, script, capsys, reason):
    models = script()
    document = ready.run(begin(SKIPS[reason]))
    assert document.keys() & {"features", "passages", "draft", "verdict"} == set()
    stored = message(ready, document)
    assert (stored["status"], stored["skip"]["reason"]) == ("skipped", reason)
    assert models.calls == []
    assert ready.items("OutreachContactsTable") == []
    # Counted among the runs that drift is looked for in, under no customer's name.
    [recording] = ready.items("RecordingsTable")
    assert recording["series"] == "greenedge#outreach#skipped"
    assert json.loads(recording["material"]) == {"measured": {"reason": reason}}
    logged = capsys.readouterr().out
    assert measured(logged, "Skips") == [(1, {"workflow": "outreach", "reason": reason})]
    assert measured(logged, "MessagesGenerated") == measured(logged, "EndToEndTime") == []


def test_who_was_written_to_is_left_alone_for_the_brands_interval(ready, begin, script):
    script(draft(), scores(5))
    ready.run(begin())
    document = ready.run(begin(outreach_requested(), event_id="msg_2"))
    assert message(ready, document)["skip"]["reason"] == "contacted_recently"


def test_who_was_rejected_is_not_counted_as_written_to(ready, begin, script):
    script(*[draft(), scores(1)] * 3, draft(), scores(5))
    ready.run(begin())
    document = ready.run(begin(event_id="msg_2"))
    assert document["message"]["status"] == "approved"


def test_who_is_suppressed_is_skipped(ready, begin, script):
    script(draft(), scores(5))
    customer_reference = ready.run(begin())["request"]["customer"]
    key = {"contact": {"S": f"greenedge#{customer_reference}"}}
    ready.clients("dynamodb").put_item(TableName="OutreachContactsTable", Item=key | {"suppressed": {"S": "complaint"}})
    document = ready.run(begin(event_id="msg_2"))
    assert message(ready, document)["skip"]["reason"] == "suppressed"
