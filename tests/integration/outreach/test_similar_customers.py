"""From events to what customers like this one buy, and to the order of what a run may offer, through the functions."""

import json

import pytest
from agent_platform.ingest.open_events import LISTING as OPEN
from agent_platform.tenants import customer_reference

from tests.builders import customer, service, service_completed, service_corrected
from tests.integration.stack import GENERATED

MATERIALIZE = "OutreachMaterializeFeaturesFunction"


@pytest.fixture
def tell(ready, crm):
    """Let a CRM tell of a customer's services, and have it taken in; what the function answered."""

    def tell(number, *names, sender=crm):
        lines = [service(id=f"s-{number}-{at}", type=name, date=f"2026-05-{at + 1:02}T14:00:00Z")
                 for at, name in enumerate(names)]  # fmt: skip
        event = service_completed(customer=customer(*lines, id=f"cust-{number}"), service=lines[-1])
        ready.invoke("ReceiveWebhookFunction", sender.post(event, event_id=f"told_{number}_{len(names)}"))
        return ready.invoke(MATERIALIZE, ready.queued("OutreachFeaturesQueue"))

    return tell


def vectors(stack):
    """What the index holds, by key."""
    listed = stack.clients("s3vectors").list_vectors(indexArn=stack.profiles_index, returnMetadata=True)["vectors"]
    return {each["key"]: each["metadata"] for each in listed}


def never_bought(stack, begin, event_id="msg_1"):
    document, _ = stack.step("Validate", begin(event_id=event_id))
    return stack.step("Enrich", document)[0]["features"]["values"]["services_never_bought"]["value"]


def test_what_the_alike_buy_comes_first_in_what_a_run_may_offer(ready, begin, tell):
    before = never_bought(ready, begin)
    last = before[-1]
    for number in range(5):
        assert tell(number, "Weekly Mow", last) == {"batchItemFailures": []}

    assert never_bought(ready, begin, "msg_2") == [last, *before[:-1]]


def test_another_company_s_customers_change_nothing(ready, begin, other_crm, tell):
    before = never_bought(ready, begin)
    for number in range(6):
        tell(number, "Weekly Mow", before[-1], sender=other_crm)

    assert never_bought(ready, begin, "msg_2") == before


def test_a_vector_holds_nothing_that_names_a_customer_or_an_amount(ready, begin):
    begin()
    [(key, held)] = vectors(ready).items()

    reference = customer_reference("greenedge", "crm-77", key=GENERATED["ReferenceKey"].encode())
    assert key == f"greenedge#{reference}"
    assert held.keys() == {"tenant", "space", "digest", "expiresAt", "traits", "has"}
    said = json.dumps(held["traits"] + held["has"]).casefold()
    assert [
        each for each in ("maria", "oliveira", "crm-77", "elm court", "clover", "45", "8500", "2026") if each in said
    ] == []


@pytest.mark.parametrize(
    ("call", "code", "status"),
    [
        ("bedrock-runtime:InvokeModel", "ThrottlingException", 429),
        ("s3vectors:PutVectors", "NotFoundException", 404),
        ("s3vectors:QueryVectors", "AccessDeniedException", 403),
    ],
)
def test_while_vectors_fail_the_row_is_there_and_the_message_comes_again(ready, crm, call, code, status):
    ready.invoke("ReceiveWebhookFunction", crm.post(service_completed(), event_id="msg_1"))
    queued = ready.queued("OutreachFeaturesQueue")
    ready.clients.fail(call, code, status)

    first = ready.invoke(MATERIALIZE, queued)
    rows = {item["view"] for item in ready.items("FeatureStoreTable")}
    second = ready.invoke(MATERIALIZE, queued)

    assert first == {"batchItemFailures": [{"itemIdentifier": queued["Records"][0]["messageId"]}]}
    assert "customer@1" in rows
    assert "neighbourhood@1" not in rows
    assert second == {"batchItemFailures": []}
    assert len(vectors(ready)) == 1


@pytest.mark.parametrize("call", ["bedrock-runtime:InvokeModel", "s3vectors:QueryVectors"])
def test_while_vectors_fail_an_event_that_starts_no_run_is_concluded_all_the_same(ready, crm, call):
    ready.invoke("ReceiveWebhookFunction", crm.post(service_corrected(), event_id="msg_1"))
    queued = ready.queued("OutreachFeaturesQueue")
    ready.clients.fail(call, "AccessDeniedException", 403)

    first = ready.invoke(MATERIALIZE, queued)

    [concluded] = [each for each in ready.items("EventRecordsTable") if each["part"] == "receipt"]
    assert first["batchItemFailures"] != []
    assert concluded["outcome"]["status"] == "features updated"
    assert OPEN.shard not in concluded
    assert ready.invoke(MATERIALIZE, queued) == {"batchItemFailures": []}
    assert len(vectors(ready)) == 1


def test_an_event_that_comes_again_is_not_embedded_again(ready, crm):
    ready.invoke("ReceiveWebhookFunction", crm.post(service_completed(), event_id="msg_1"))
    queued = ready.queued("OutreachFeaturesQueue")

    def embedded():
        ready.invoke(MATERIALIZE, queued)
        return [call.operation for call in ready.clients.calls if call.operation in {"InvokeModel", "PutVectors"}]

    assert embedded() == ["InvokeModel", "PutVectors"]
    assert embedded() == []


def test_a_profile_is_deleted_once_its_retention_is_over(ready, begin):
    begin()
    ready.invoke("ExpireProfilesFunction", {})
    [(key, metadata)] = vectors(ready).items()
    expired = {"key": key, "data": {"float32": [1.0] * 256}, "metadata": metadata | {"expiresAt": 1}}
    ready.clients("s3vectors").put_vectors(indexArn=ready.profiles_index, vectors=[expired])
    ready.invoke("ExpireProfilesFunction", {})

    assert vectors(ready) == {}
