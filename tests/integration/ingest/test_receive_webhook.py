import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.ingest.admission import Admission, Limit
from agent_platform.ingest.sources import new_secret

from tests.builders import customer, outreach_requested, service, service_completed
from tests.integration.crm import Crm
from tests.integration.stack import PARAMETERS

WEBHOOK = "ReceiveWebhookFunction"


@pytest.fixture
def post(stack):
    """Send one proxy event to the webhook; its answer with the body parsed."""

    def send(event):
        answer = stack.invoke(WEBHOOK, event)
        return answer | {"body": json.loads(answer["body"])}

    return send


def stored(stack):
    """What is kept of events: neither who may send them, nor how many they may send."""
    kept = stack.contents().items()
    return {name: items for name, items in kept if name not in {"SourcesTable", "AdmissionTable"} and items}


def is_problem(answer, status):
    assert answer["statusCode"] == status
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert answer["body"]["status"] == status
    assert {"type", "title", "detail"} <= set(answer["body"])
    return True


def published(stack):
    return [json.loads(message["body"])["detail"] for message in stack.queued()["Records"]]


def test_an_accepted_event_is_recorded_once_and_a_reference_published(stack, crm, post):
    answer = post(crm.post(service_completed()))
    assert answer["statusCode"] == 202
    assert answer["headers"] == {"Content-Type": "application/json"}
    receipt, body = sorted(stack.items("EventRecordsTable"), key=lambda item: item["part"], reverse=True)
    assert answer["body"] == {"receipt": receipt["record"].replace("#", ".")}
    assert (receipt["tenant"], receipt["source"], receipt["eventId"]) == ("greenedge", "greenedge-crm", "msg_1")
    assert "executionArn" not in receipt
    assert json.loads(body["event"]) == service_completed()
    assert published(stack) == [
        {
            "tenant": "greenedge",
            "source": "greenedge-crm",
            "event_id": "msg_1",
            "event_type": "service.completed",
            "run": 1,
        }
    ]


@pytest.mark.parametrize("event", [service_completed(), outreach_requested()], ids=lambda event: event["type"])
def test_every_event_type_has_a_rule_that_takes_it_to_the_queue(stack, crm, post, event):
    post(crm.post(event))
    assert [detail["event_type"] for detail in published(stack)] == [event["type"]]


def test_a_receipt_lives_for_400_days_without_personal_data_and_a_body_for_the_retention(stack, crm, post):
    post(crm.post(service_completed()))
    receipt, body = sorted(stack.items("EventRecordsTable"), key=lambda item: item["part"], reverse=True)
    assert receipt["expiresAt"] - body["expiresAt"] == (400 - PARAMETERS["RetentionDays"]) * 86_400
    said = json.dumps(receipt)
    assert not [value for value in ("Maria", "crm-77", "maria.oliveira", "weekly mow", "Elm Court") if value in said]


@pytest.mark.parametrize("encoded", [False, True])
def test_a_body_arrives_as_text_or_as_base64(stack, crm, post, encoded):
    event = service_completed(customer=customer(service(), name="Zoë Müller"))
    text = json.dumps(event, ensure_ascii=False)
    offered = crm.post(text)
    if encoded:
        offered |= {"body": base64.b64encode(text.encode()).decode(), "isBase64Encoded": True}
    assert post(offered)["statusCode"] == 202
    (body,) = [item for item in stack.items("EventRecordsTable") if item["part"] == "body"]
    assert body["event"] == text


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8", "application/json ;x"])
def test_json_is_json_in_any_spelling_of_its_name(crm, post, content_type):
    assert post(crm.post(service_completed(), content_type=content_type))["statusCode"] == 202


def nan(crm):
    text = json.dumps(service_completed(service=service(price=float("nan"))))
    assert "NaN" in text
    return crm.post(text)


REFUSED = {
    "not JSON": (400, lambda crm: crm.post("{")),
    "no JSON at all": (400, lambda crm: crm.post("")),
    "NaN": (400, nan),
    "Infinity": (400, lambda crm: crm.post('{"a": -Infinity}')),
    "nested without end": (400, lambda crm: crm.post("[" * 60_000)),
    "a number without end": (400, lambda crm: crm.post("9" * 5_000)),
    "not UTF-8": (400, lambda crm: crm.post("{}", body=base64.b64encode(b"\xff\xfe").decode(), isBase64Encoded=True)),
    "not base64": (400, lambda crm: crm.post(service_completed(), isBase64Encoded=True)),
    "no body": (401, lambda crm: crm.post(service_completed(), body=None)),
    "another body than was signed": (401, lambda crm: crm.post(service_completed(), body="{}")),
    "an unknown source": (401, lambda crm: Crm("nobody", crm.secret).post(service_completed())),
    "a source of no length": (401, lambda crm: Crm("", crm.secret).post(service_completed())),
    "a source longer than a key": (401, lambda crm: Crm("x" * 3000, crm.secret).post(service_completed())),
    "another secret": (401, lambda crm: Crm(crm.source, new_secret()).post(service_completed())),
    "signed too long ago": (401, lambda crm: crm.post(service_completed(), late=timedelta(minutes=6))),
    "signed in the future": (401, lambda crm: crm.post(service_completed(), late=timedelta(minutes=-6))),
    "an id with a dot": (401, lambda crm: crm.post(service_completed(), event_id="msg.1")),
    "an id of 129 characters": (401, lambda crm: crm.post(service_completed(), event_id="x" * 129)),
    "too large": (413, lambda crm: crm.post(json.dumps(service_completed()) + " " * 131_072)),
    "no headers": (415, lambda crm: crm.post(service_completed(), headers=None, multiValueHeaders=None)),
    "no content type": (415, lambda crm: crm.post(service_completed(), content_type=None)),
    "another content type": (415, lambda crm: crm.post(service_completed(), content_type="text/json")),
    "a broken contract": (422, lambda crm: crm.post(service_completed(customer={"name": "Maria Oliveira"}))),
    "an unknown type": (422, lambda crm: crm.post(service_completed() | {"type": "service.cancelled"})),
    "no object": (422, lambda crm: crm.post("[]")),
    "a number that no float holds": (422, lambda crm: crm.post('{"type": 1e999}')),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_told_why_and_leaves_nothing_behind(stack, crm, post, name):
    status, offered = REFUSED[name]
    assert is_problem(post(offered(crm)), status)
    assert stored(stack) == {}
    assert published(stack) == []


@pytest.mark.parametrize("name", REFUSED)
def test_no_log_line_repeats_what_was_sent(stack, crm, post, name, capsys):
    offered = REFUSED[name][1](crm)
    post(offered)
    logged = capsys.readouterr().out
    assert '"message":"refused"' in logged or name == "not base64"
    assert not [value for value in ("Maria", "crm-77", "maria.oliveira", "service.cancelled") if value in logged]


def test_no_log_line_of_an_accepted_event_repeats_it(crm, post, capsys):
    post(crm.post(service_completed()))
    logged = capsys.readouterr().out
    assert '"message":"accepted"' in logged
    assert not [value for value in ("Maria", "crm-77", "maria.oliveira", crm.secret) if value in logged]


def test_a_body_of_exactly_the_limit_is_taken(crm, post):
    text = json.dumps(service_completed())
    assert post(crm.post(text + " " * (131_072 - len(text))))["statusCode"] == 202
    assert is_problem(post(crm.post(text + " " * (131_073 - len(text)), event_id="msg_2")), 413)


def test_a_refusal_lists_every_problem_by_its_pointer_and_repeats_no_value(crm, post):
    event = service_completed(
        customer=customer(service(satisfaction="Oliveira-ten"), email=["maria@secret.example"]),
        service=service(price={"amount": "hidden-45"}),
    )
    answer = post(crm.post(event))
    assert is_problem(answer, 422)
    errors = answer["body"]["errors"]
    assert {each["pointer"] for each in errors} == {
        "/data/customer/email",
        "/data/customer/service_history/0/satisfaction",
        "/data/service/price",
    }
    assert all(each["expected"] for each in errors)
    said = json.dumps(answer)
    assert not [value for value in ("Oliveira", "secret.example", "hidden-45") if value in said]


def test_an_unknown_source_and_a_wrong_signature_cannot_be_told_apart(stack, crm, post):
    asked, said = [], []
    for each in (Crm("nobody", crm.secret), Crm("", crm.secret), Crm(crm.source, new_secret())):
        said.append(post(each.post(service_completed())))
        asked.append([str(call) for call in stack.clients.calls])
    assert said[0] == said[1] == said[2]
    assert asked[0] == asked[1] == asked[2] == ["dynamodb:GetItem", "secretsmanager:GetSecretValue"]


def test_two_secrets_are_valid_at_once(stack, post):
    old, new = new_secret(), new_secret()
    stack.add_source("rotating-crm", "greenedge", [new, old])
    for number, secret in enumerate((old, new)):
        offered = Crm("rotating-crm", secret).post(service_completed(), event_id=f"msg_{number}")
        assert post(offered)["statusCode"] == 202


def test_the_tenant_comes_from_the_source_and_never_from_the_body(stack, crm, post):
    event = service_completed() | {"tenant": "brightnest"}
    event["data"]["tenant"] = "brightnest"
    post(crm.post(event))
    assert [detail["tenant"] for detail in published(stack)] == ["greenedge"]


@pytest.mark.parametrize("kept", [[""], ["", ""]])
def test_a_source_without_a_secret_lets_nobody_in(stack, post, kept):
    stack.add_source("emptied-crm", "greenedge", kept)
    assert is_problem(post(Crm("emptied-crm", new_secret()).post(service_completed())), 401)


def test_a_sources_secret_opens_no_other_source(crm, other_crm, post):
    assert is_problem(post(Crm(other_crm.source, crm.secret).post(service_completed())), 401)


def test_the_same_event_again_gets_the_same_receipt_and_is_published_until_it_has_started(stack, crm, post):
    first, again = (post(crm.post(service_completed())) for _ in range(2))
    assert first == again
    (one, other) = published(stack)
    assert one == other
    assert len(stack.items("EventRecordsTable")) == 2

    message = {"messageId": "1", "body": json.dumps({"detail": one})}
    stack.invoke("OutreachStartExecutionFunction", {"Records": [message]})
    assert post(crm.post(service_completed())) == first
    assert published(stack) == []


def test_another_body_under_the_same_id_is_a_conflict_and_changes_nothing(stack, crm, post):
    post(crm.post(service_completed()))
    before = stored(stack)
    assert published(stack)
    assert is_problem(post(crm.post(outreach_requested())), 409)
    assert stored(stack) == before
    assert published(stack) == []


def test_the_same_body_in_other_bytes_is_another_body(crm, post):
    post(crm.post(json.dumps(service_completed())))
    assert is_problem(post(crm.post(json.dumps(service_completed(), indent=1))), 409)


def test_two_sources_may_use_the_same_id(stack, crm, other_crm, post):
    one, other = post(crm.post(service_completed())), post(other_crm.post(outreach_requested()))
    assert (one["statusCode"], other["statusCode"]) == (202, 202)
    assert one["body"] != other["body"]
    assert len(stack.items("EventRecordsTable")) == 4


@pytest.fixture
def limited(stack):
    """GreenEdge may send two events at once, and one a second."""
    admission = Admission(Limit(50, 100), table=stack.table("AdmissionTable"), dynamodb=stack.clients("dynamodb"))
    admission.change("greenedge", Limit(per_second=1, burst=2))
    return admission


def test_who_sends_too_much_is_told_when_to_come_again_and_leaves_nothing_behind(
    stack, crm, other_crm, post, capsys, limited
):
    # Sixty have come at once, so that nothing here depends on how fast it goes.
    assert limited.take("greenedge", 60, now=datetime.now(UTC)) is None
    before = stack.items("EventRecordsTable")
    capsys.readouterr()

    answer = post(crm.post(service_completed(), event_id="msg_2"))

    assert is_problem(answer, 429)
    assert 30 < int(answer["headers"]["Retry-After"]) <= 61
    assert stack.items("EventRecordsTable") == before
    assert published(stack) == []
    counted, refused = map(json.loads, capsys.readouterr().out.splitlines())
    assert (counted["NotAdmitted"], counted["tenant"]) == ([1.0], "greenedge")
    assert (refused["message"], refused["status"]) == ("refused", 429)
    assert post(other_crm.post(service_completed()))["statusCode"] == 202, "another company sends as it likes"


@pytest.mark.usefixtures("limited")
def test_every_genuine_request_costs_a_token_and_no_forged_one(stack, crm, post):
    full = stack.items("AdmissionTable")
    assert is_problem(post(Crm(crm.source, new_secret()).post(service_completed())), 401)
    assert stack.items("AdmissionTable") == full
    assert is_problem(post(crm.post("{")), 400)
    one_taken = stack.items("AdmissionTable")
    assert post(crm.post(service_completed()))["statusCode"] == 202
    assert full != one_taken != stack.items("AdmissionTable")


FAULTS = {
    "the source can't be read": ("dynamodb:GetItem", "InternalServerError", 500, 0),
    "the secret can't be read": ("secretsmanager:GetSecretValue", "InternalServiceError", 500, 0),
    "the tenant's bucket is out of reach": ("dynamodb:UpdateItem", "InternalServerError", 500, 0),
    "the record is throttled": ("dynamodb:TransactWriteItems", "ThrottlingException", 400, 0),
    "the record is refused": ("dynamodb:TransactWriteItems", "AccessDeniedException", 400, 0),
    "the bus is down": ("events:PutEvents", "InternalException", 500, 2),
    "the bus is not allowed": ("events:PutEvents", "AccessDeniedException", 400, 2),
}


def asks_for_a_retry(answer):
    assert is_problem(answer, 503)
    assert int(answer["headers"]["Retry-After"]) > 0
    return True


@pytest.mark.parametrize("name", FAULTS)
def test_a_failure_is_a_503_after_which_the_crms_retry_publishes_once(stack, crm, post, name):
    call, code, status, recorded = FAULTS[name]
    stack.clients.fail(call, code, status)
    assert asks_for_a_retry(post(crm.post(service_completed())))
    assert len(stack.items("EventRecordsTable")) == recorded
    assert published(stack) == []

    assert post(crm.post(service_completed()))["statusCode"] == 202
    assert len(published(stack)) == 1
    assert len(stack.items("EventRecordsTable")) == 2


def test_an_entry_that_the_bus_refused_inside_its_answer_is_a_503_too(stack, crm, post, capsys):
    failed = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException", "ErrorMessage": "msg"}]}
    stack.clients.answer("events:PutEvents", failed)
    assert asks_for_a_retry(post(crm.post(service_completed())))
    assert "PutEvents: ThrottlingException" in capsys.readouterr().out
    assert post(crm.post(service_completed()))["statusCode"] == 202
    assert len(published(stack)) == 1


def test_two_deliveries_at_the_same_moment_make_the_slower_one_try_again(stack, crm, post):
    reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}]
    stack.clients.fail("dynamodb:TransactWriteItems", "TransactionCanceledException", 400, CancellationReasons=reasons)
    assert asks_for_a_retry(post(crm.post(service_completed())))


@pytest.mark.parametrize("name", FAULTS)
def test_no_failure_repeats_what_a_service_or_a_crm_said(stack, crm, post, name, capsys):
    call, code, status, _ = FAULTS[name]
    stack.clients.fail(call, code, status)
    answer = post(crm.post(service_completed()))
    said = json.dumps(answer) + capsys.readouterr().out
    assert not [value for value in ("marisol", "Maria", "crm-77") if value in said]


def test_a_secret_that_was_rotated_a_moment_ago_is_taken(stack, post, monkeypatch):
    old, new = new_secret(), new_secret()
    stack.add_source("rotating-crm", "greenedge", [old])
    assert post(Crm("rotating-crm", old).post(service_completed(), event_id="msg_1"))["statusCode"] == 202
    monkeypatch.setattr("agent_platform.ingest.sources._FRESH_SECONDS", 0)
    content = json.dumps({"secrets": [new, old]})
    stack.clients("secretsmanager").put_secret_value(
        SecretId="/referral-system/test/sources/rotating-crm", SecretString=content
    )
    assert post(Crm("rotating-crm", new).post(service_completed(), event_id="msg_2"))["statusCode"] == 202


def test_a_body_that_expired_before_the_event_started_is_kept_again(stack, crm, post):
    post(crm.post(service_completed()))
    (body,) = [item for item in stack.items("EventRecordsTable") if item["part"] == "body"]
    key = {"record": {"S": body["record"]}, "part": {"S": "body"}}
    stack.clients("dynamodb").delete_item(TableName=stack.table("EventRecordsTable"), Key=key)
    assert post(crm.post(service_completed()))["statusCode"] == 202
    assert [item["event"] for item in stack.items("EventRecordsTable") if item["part"] == "body"] == [body["event"]]
