"""From the news of messages to published cases, and back."""

import json
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from agent_platform.ingest.events import EventRecords
from agent_platform.items import to_item
from agent_platform.recordings import Recordings
from botocore.exceptions import ClientError
from outreach.brands import parse_brand
from outreach.casebook import choosing, circulation, publishing
from outreach.casebook.circulation import FEWEST_CUSTOMERS, Circulation
from outreach.casebook.files import CaseFiles
from outreach.casebook.forgetting import Forgetting, Forgotten
from outreach.casebook.publishing import Publisher
from outreach.casebook.store import Casebook
from outreach.outcomes.attaching import MessageOutcomes

from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.sent_messages import deliver, tell
from tests.integration.permissions import noting, refused, unused
from tests.integration.stack import ROOT
from tests.mutations import mutate

TENANT, PUBLISH = "greenedge", "OutreachPublishCaseFunction"
DAY = timedelta(days=1)


class Company:
    """A company whose customers were all written the same, and what became of it."""

    def __init__(self, stack, document):
        self.stack = stack
        (self._message,) = stack.items("OutreachMessagesTable")
        (self._recording,) = stack.items("RecordingsTable")
        self._written = datetime.fromisoformat(document["request"]["as_of"])

    def wrote(self, number, *outcomes, **changes):
        """A message to the customer of this number, with these outcomes a day after each other; its id."""
        message_id, customer = f"{number:064x}", changes.pop("customer", f"c-{number:032x}")
        at = [f"{self._written + DAY * days:%Y-%m-%dT%H:%M:%SZ}" for days in range(len(outcomes))]
        told = {kind: {"at": moment, "event": "e"} for kind, moment in zip(outcomes, at, strict=True)}
        message = deepcopy(self._message) | {"message": f"{TENANT}#{message_id}", "messageId": message_id,
                                             "customer": customer, "outcomes": told} | changes  # fmt: skip
        recording = self._recording | {"recording": f"{TENANT}#{message_id}",
                                       "recordedAt": f"{message['asOf']}#{message_id}"}  # fmt: skip
        for table, item in (("OutreachMessagesTable", message), ("RecordingsTable", recording)):
            self.stack.clients("dynamodb").put_item(TableName=table, Item=to_item(item))
        return message_id

    def publisher(self, files=None):
        """Who publishes, without a function around."""
        dynamodb, s3 = self.stack.clients("dynamodb"), self.stack.clients("s3")
        brand = parse_brand((ROOT / f"brands/{TENANT}/brand.json").read_bytes())
        files = files or CaseFiles(bucket="casesbucket", s3=s3)
        return Publisher(
            messages=MessageOutcomes(table="OutreachMessagesTable", dynamodb=dynamodb),
            recordings=Recordings(table="RecordingsTable", dynamodb=dynamodb),
            records=EventRecords(table="EventRecordsTable", retention_days=30, dynamodb=dynamodb),
            brand_at=lambda reference: brand,
            casebook=Casebook(table="OutreachCasesTable", dynamodb=dynamodb),
            files=files,
        )

    def tell(self, *message_ids):
        """Let the function hear of these messages; which of them come again."""
        records = [{"messageId": str(number), "body": json.dumps({"detail": {"tenant": TENANT, "message_id": each}})}
                   for number, each in enumerate(message_ids)]  # fmt: skip
        return self.stack.invoke(PUBLISH, {"Records": records})["batchItemFailures"]

    def files(self):
        listed = self.stack.clients("s3").list_objects_v2(Bucket="casesbucket").get("Contents", [])
        return {each["Key"] for each in listed}

    def read(self, key):
        return self.stack.clients("s3").get_object(Bucket="casesbucket", Key=key)["Body"].read().decode()

    def cases(self):
        return [row for row in self.stack.items("OutreachCasesTable") if row["entry"].startswith("case#")]

    def statuses(self):
        return sorted(row["status"] for row in self.cases())

    def members(self):
        return {row["customer"] for row in self.stack.items("OutreachCasesTable")
                if row["entry"].startswith("member#")}  # fmt: skip


@pytest.fixture
def company(ready, begin, script):
    script(draft(), scores(5))
    return Company(ready, ready.begin_with("a company", lambda: ready.run(begin())))


def forget(company, customer):
    publisher = company.publisher()
    expiry = int((now() + 30 * DAY).timestamp())
    return Forgetting(publisher.casebook, publisher.files).forget(TENANT, customer, now=now(), expires_at=expiry)


def now():
    return datetime.now(UTC)


def test_a_case_waits_for_the_fifth_customer_of_its_segment(company):
    good = company.wrote(1, "sent", "booked")
    assert company.tell(good) == []
    assert company.statuses() == ["withheld"]

    for number in (2, 3, 4):
        company.tell(company.wrote(number, "sent"))
    assert company.files() == set()

    company.tell(company.wrote(5, "sent"))
    assert company.statuses() == ["published"]
    (text,) = [key for key in company.files() if key.endswith(".md")]
    assert company.files() == {text, f"{text}.metadata.json"}
    assert text.startswith(f"{TENANT}/referral-weekly-mow-")


def test_a_file_is_as_a_knowledge_base_reads_it(company):
    company.tell(*(company.wrote(number, "sent", "referred") for number in range(5)))
    text = next(key for key in company.files() if key.endswith(".md"))

    metadata = json.loads(company.read(f"{text}.metadata.json"))
    assert metadata.keys() == {"metadataAttributes"}
    assert list(metadata["metadataAttributes"]) == [
        "tenant", "purpose", "segment", "service", "outcome", "date", "season", "agent_version",
    ]  # fmt: skip
    assert metadata["metadataAttributes"]["agent_version"] == "platform#outreach-writer@1"
    case = company.read(text)
    assert [line for line in case.splitlines() if line.startswith("#")][1:] == [
        "## Situation", "## What was written", "## What came of it",
    ]  # fmt: skip
    assert "Referred somebody." in case
    assert "edges" not in case, "that is what the customer wrote"


def test_one_customer_who_was_written_to_five_times_is_one(company):
    for number in range(1, 8):
        company.tell(company.wrote(number, "sent", "booked", customer="c-" + "1" * 32))

    assert company.statuses() == ["withheld"] * 7
    assert company.files() == set()


def test_without_the_rule_of_five_the_test_above_would_see_it(company, monkeypatch):
    monkeypatch.setattr(circulation, "FEWEST_CUSTOMERS", 1)
    company.publisher().consider(TENANT, company.wrote(1, "sent", "booked"), now=now())

    assert company.statuses() == ["published"]


def test_a_customer_whose_retention_is_over_is_none_any_more(company):
    gone = int((now() - DAY).timestamp())
    casebook = company.publisher().casebook
    company.tell(company.wrote(1, "sent", "booked"))
    (row,) = company.cases()
    for number in range(2, 6):
        item = {
            "segmentKey": row["segmentKey"],
            "entry": f"member#c-{number}",
            "tenant": TENANT,
            "customer": f"c-{number}",
        }
        company.stack.clients("dynamodb").put_item(
            TableName="OutreachCasesTable", Item=to_item(item | {"expiresAt": gone})
        )

    assert casebook.members(row["segmentKey"], at_most=5, now=now()) == 1
    company.tell(company.wrote(1, "sent", "booked"))
    assert company.statuses() == ["withheld"]


def test_news_in_any_order_and_twice_make_the_same(company):
    ids = [company.wrote(number, "sent", "booked") for number in range(FEWEST_CUSTOMERS)]
    company.tell(*ids, *reversed(ids))
    once = company.files(), company.statuses()
    company.tell(*ids)

    assert (company.files(), company.statuses()) == once
    assert len(once[0]) == 2 * FEWEST_CUSTOMERS


def test_five_at_once_are_all_published(company):
    ids = [company.wrote(number, "sent", "booked") for number in range(FEWEST_CUSTOMERS)]
    publisher = company.publisher()
    with ThreadPoolExecutor(FEWEST_CUSTOMERS) as pool:
        list(pool.map(lambda each: publisher.consider(TENANT, each, now=now()), ids))

    assert company.statuses() == ["published"] * FEWEST_CUSTOMERS


@pytest.mark.parametrize(
    ("outcomes", "changes", "status"),
    [
        (("sent",), {}, []),
        (("sent", "clicked"), {}, []),
        (("sent", "booked"), {"status": "superseded"}, ["refused"]),
        (("sent", "booked"), {"findings": [{"kind": "amount", "result": "unsupported"}]}, ["refused"]),
        (("sent", "booked", "unsubscribed"), {}, ["removed"]),
    ],
)
def test_only_what_was_approved_and_sent_and_went_well_without_findings_is_an_example(
    company, outcomes, changes, status
):
    for number in range(2, 7):
        company.tell(company.wrote(number, "sent"))
    company.tell(company.wrote(1, *outcomes, **changes))

    assert company.statuses() == status
    assert company.files() == set()


def test_without_the_rule_on_findings_the_test_above_would_see_it(company, monkeypatch):
    mutate(monkeypatch, choosing.refusal, 'message["findings"] or ', "")
    found = [{"kind": "amount", "result": "unsupported"}]
    company.publisher().consider(TENANT, company.wrote(1, "sent", "booked", findings=found), now=now())

    assert company.statuses() == ["withheld"]


def test_a_message_that_was_never_sent_makes_nobody_a_member(company):
    company.tell(company.wrote(1, "booked"), "f" * 64)

    assert company.stack.items("OutreachCasesTable") == []


def test_a_case_is_refused_once_the_names_that_must_not_be_in_it_are_gone(company):
    for item in company.stack.items("EventRecordsTable"):
        key = to_item({"record": item["record"], "part": item["part"]})
        company.stack.clients("dynamodb").delete_item(TableName="EventRecordsTable", Key=key)

    company.tell(company.wrote(1, "sent", "booked"))

    assert [row["why"] for row in company.cases()] == [publishing._GONE]


def test_a_complaint_takes_a_published_case_back_for_good(company):
    ids = [company.wrote(number, "sent", "booked") for number in range(FEWEST_CUSTOMERS)]
    company.tell(*ids)
    company.wrote(0, "sent", "booked", "complained")
    company.tell(ids[0])

    assert company.statuses() == ["published"] * 4 + ["removed"]
    assert len(company.files()) == 8
    (removed,) = [row for row in company.cases() if row["status"] == "removed"]
    assert not {"text", "metadata", "messageId"} & removed.keys()
    assert removed["customer"] == "nobody"
    company.wrote(0, "sent", "booked")
    company.tell(*ids)
    assert len(company.files()) == 8, "late news of before doesn't bring it back"


def test_a_case_that_is_taken_back_while_it_is_published_leaves_no_file(company):
    for number in range(2, 7):
        company.tell(company.wrote(number, "sent"))
    message_id = company.wrote(1, "sent", "booked")

    class Interrupted(CaseFiles):
        def put(self, *case):
            company.wrote(1, "sent", "booked", "unsubscribed")
            company.publisher().consider(TENANT, message_id, now=now())
            super().put(*case)

    files = Interrupted(bucket="casesbucket", s3=company.stack.clients("s3"))
    company.publisher(files=files).consider(TENANT, message_id, now=now())

    assert company.files() == set()
    assert company.statuses() == ["removed"]


@pytest.mark.parametrize("step", ["transact", "update_item", "put_object", "query"])
def test_whatever_fails_on_the_way_is_made_good_by_the_next_try(company, step):
    ids = [company.wrote(number, "sent", "booked") for number in range(FEWEST_CUSTOMERS)]
    failing = {
        "transact": "dynamodb:TransactWriteItems",
        "update_item": "dynamodb:UpdateItem",
        "query": "dynamodb:Query",
    }
    company.tell(*ids[:-1])
    if step == "put_object":
        with pytest.raises(ClientError):
            company.publisher(files=_Broken()).consider(TENANT, ids[-1], now=now())
    else:
        company.stack.clients.fail(failing[step], code="ValidationException", status=400)
        assert company.tell(ids[-1]) == [{"itemIdentifier": "0"}]

    assert company.tell(ids[-1]) == []
    assert company.statuses() == ["published"] * FEWEST_CUSTOMERS
    assert len(company.files()) == 2 * FEWEST_CUSTOMERS


class _Broken:
    def put(self, *case):
        raise ClientError({"Error": {"Code": "SlowDown"}}, "PutObject")


def everybody(company, *outcomes, customers=FEWEST_CUSTOMERS, **changes):
    """Messages to so many customers, which were told of; their ids."""
    ids = [company.wrote(number, "sent", *outcomes, **changes) for number in range(customers)]
    company.tell(*ids)
    return ids


def test_who_is_forgotten_leaves_no_file_and_no_item_that_names_them(company):
    ids = everybody(company, "booked", customers=FEWEST_CUSTOMERS + 1)
    customer = f"c-{2:032x}"

    assert forget(company, customer) == Forgotten(memberships=1, cases=1)
    assert forget(company, customer) == Forgotten(memberships=0, cases=0)
    assert len(company.files()) == 2 * FEWEST_CUSTOMERS
    assert customer not in json.dumps(company.stack.items("OutreachCasesTable"))
    company.tell(ids[2])
    assert len(company.files()) == 2 * FEWEST_CUSTOMERS, "the message may still be there, and its news come again"


def test_cases_are_withdrawn_with_the_customers_among_whom_their_own_hid(company):
    everybody(company, "booked")
    forget(company, f"c-{2:032x}")
    assert company.statuses() == ["removed", *["withheld"] * 4]
    assert company.files() == set()

    company.tell(company.wrote(9, "sent"))
    assert company.statuses() == ["published"] * 4 + ["removed"]
    assert len(company.files()) == 8


def test_a_customer_who_is_forgotten_while_a_case_is_published_withdraws_it(company):
    everybody(company, customers=4)
    message_id = company.wrote(4, "sent", "booked")

    class Interrupted(CaseFiles):
        def put(self, *case):
            forget(company, f"c-{1:032x}")
            super().put(*case)

    files = Interrupted(bucket="casesbucket", s3=company.stack.clients("s3"))
    company.publisher(files=files).consider(TENANT, message_id, now=now())

    assert company.files() == set()
    assert company.statuses() == ["withheld"]


@pytest.mark.parametrize("step", ["add", "join"])
def test_a_customer_who_is_forgotten_while_their_case_is_made_has_none(company, step):
    everybody(company, customers=FEWEST_CUSTOMERS + 1)
    publisher, customer = company.publisher(), f"c-{0:032x}"
    write = getattr(publisher.casebook, step)

    def too_late(*arguments):
        forget(company, customer)
        return write(*arguments)

    setattr(publisher.casebook, step, too_late)
    publisher.consider(TENANT, company.wrote(0, "sent", "booked"), now=now())

    assert company.statuses() == []
    assert customer not in company.members()
    assert company.files() == set()


def test_late_news_of_before_doesn_t_bring_a_forgotten_customer_back_and_a_new_message_does(company):
    ids = everybody(company, customers=FEWEST_CUSTOMERS + 1)
    forget(company, f"c-{0:032x}")
    company.wrote(0, "sent", "booked")
    assert company.tell(ids[0]) == []
    assert (company.statuses(), len(company.members())) == ([], FEWEST_CUSTOMERS)

    later = f"{now() + DAY:%Y-%m-%dT%H:%M:%SZ}"
    company.tell(company.wrote(77, "sent", "booked", customer=f"c-{0:032x}", asOf=later))
    assert (company.statuses(), len(company.members())) == (["published"], FEWEST_CUSTOMERS + 1)


def test_news_of_an_older_message_doesn_t_shorten_how_long_its_customer_counts(company):
    new, old = (int((now() + DAY * days).timestamp()) for days in (300, 1))
    for number, expiry in ((1, new), (2, old)):
        company.tell(company.wrote(number, "sent", customer="c-" + "1" * 32, expiresAt=expiry))

    assert [row["expiresAt"] for row in company.stack.items("OutreachCasesTable")] == [new]


@pytest.fixture
def _workflow(monkeypatch):
    monkeypatch.setenv("WORKFLOW", "outreach")


def sweep(company, at):
    publisher = company.publisher()
    return dict(Circulation(publisher.casebook, publisher.files).sweep(now=at, may_go_on=lambda: True).answers)


@pytest.mark.usefixtures("_workflow")
def test_a_row_has_no_time_to_live_while_it_has_a_file_which_goes_when_its_retention_is_over(company):
    until = now() + 3 * DAY
    everybody(company, "booked", expiresAt=int(until.timestamp()))
    longer = int((until + 9 * DAY).timestamp())
    company.tell(*(company.wrote(number, "sent", expiresAt=longer) for number in range(20, 25)))
    assert not any("expiresAt" in row for row in company.cases())

    assert sweep(company, now() + timedelta(hours=20)) == {}
    assert sweep(company, now() + 1.5 * DAY) == {"stays": FEWEST_CUSTOMERS}
    assert sweep(company, now() + 1.6 * DAY) == {}
    assert len(company.files()) == 2 * FEWEST_CUSTOMERS
    assert sweep(company, until + timedelta(minutes=1)) == {"retention over": FEWEST_CUSTOMERS}
    assert company.files() == set()
    assert {row["expiresAt"] for row in company.cases()} == {int(until.timestamp())}
    assert sweep(company, until + 2 * DAY) == {}


@pytest.mark.usefixtures("_workflow")
def test_the_sweep_withdraws_a_case_of_which_too_few_fellow_customers_are_kept(company):
    company.tell(company.wrote(1, "sent", "booked", expiresAt=int((now() + 300 * DAY).timestamp())))
    for number in range(2, 6):
        company.tell(company.wrote(number, "sent", expiresAt=int((now() + DAY).timestamp())))
    assert company.statuses() == ["published"]

    sweep(company, now() + 2 * DAY)
    assert (company.statuses(), company.files()) == (["withheld"], set())


def test_the_function_sweeps_by_the_clock(company):
    everybody(company, "booked")
    place = next(place for place, _ in company.publisher().casebook.published_cases(company.cases()[0]["segmentKey"]))
    company.stack.clients("dynamodb").update_item(
        TableName="OutreachCasesTable", Key=place.key, UpdateExpression="SET lookAt = :then, keptUntil = :over",
        ExpressionAttributeValues=to_item({":then": "2026-01-01T00:00:00Z", ":over": 1}),
    )  # fmt: skip
    company.stack.invoke(PUBLISH, {"source": "aws.events"})

    assert company.statuses() == ["published"] * 4 + ["removed"]


def test_news_read_no_published_case(company):
    everybody(company, "booked", customers=FEWEST_CUSTOMERS + 3)
    read = company.publisher().casebook
    segment = company.cases()[0]["segmentKey"]

    assert list(read.open_cases(segment)) == []
    assert len(list(read.published_cases(segment))) == FEWEST_CUSTOMERS + 3
    company.stack.clients.calls.clear()
    company.tell(company.wrote(99, "sent"))
    queries = [call.parameters for call in company.stack.clients.calls if call.operation == "Query"]
    assert [each for each in queries if "case#" in json.dumps(each, default=str)] == []


def test_a_case_that_fails_doesn_t_stop_the_others_of_its_segment(company):
    everybody(company, "booked", customers=4)

    class OneFails(CaseFiles):
        broken = None

        def put(self, tenant, case, *rest):
            self.broken = self.broken or case
            if case == self.broken:
                raise RuntimeError(case)
            super().put(tenant, case, *rest)

    files = OneFails(bucket="casesbucket", s3=company.stack.clients("s3"))
    with pytest.raises(RuntimeError):
        company.publisher(files=files).consider(TENANT, company.wrote(7, "sent"), now=now())

    assert company.statuses() == ["published"] * 3 + ["publishing"]
    company.tell(company.wrote(8, "sent"))
    assert company.statuses() == ["published"] * 4


def test_another_tenant_s_customers_don_t_count(company):
    company.tell(*(company.wrote(number, "sent", "booked") for number in range(1, 5)))
    rows = company.stack.items("OutreachCasesTable")
    foreign = {"segmentKey": rows[0]["segmentKey"].replace(TENANT, "brightnest"), "entry": "member#c-9",
               "tenant": "brightnest", "customer": "c-9", "expiresAt": rows[0]["expiresAt"]}  # fmt: skip
    company.stack.clients("dynamodb").put_item(TableName="OutreachCasesTable", Item=to_item(foreign))
    company.tell(company.wrote(1, "sent", "booked"))

    assert company.files() == set()


def test_what_a_sender_tells_becomes_a_case_by_the_bus_alone(company):
    """outcome.recorded → record_outcome → the bus → the queue → publish_case."""
    stack, at = company.stack, datetime.now(UTC) - DAY
    for number in range(1, 6):
        message_id = company.wrote(number)
        told = [tell(stack, kind, message_id, at=at, event_id=f"{kind}-{number}") for kind in ("sent", "referred")]
        deliver(stack, *told)
        stack.invoke(PUBLISH, stack.queued("OutreachCasesQueue"))
    assert company.statuses() == ["published"] * 5

    deliver(stack, tell(stack, "unsubscribed", f"{5:064x}", at=at, event_id="unsubscribed"))
    stack.invoke(PUBLISH, stack.queued("OutreachCasesQueue"))
    assert company.statuses() == ["published"] * 4 + ["removed"]


def test_the_role_allows_what_the_function_does_and_nothing_beside(company, monkeypatch):
    asked = noting(company.stack, monkeypatch)
    ids = [company.wrote(number, "sent", "booked") for number in range(FEWEST_CUSTOMERS)]
    company.tell(*ids[:-1])
    casebook = company.publisher().casebook
    for place, _ in list(casebook.open_cases(company.cases()[0]["segmentKey"])):
        casebook.move(place, "withheld", "publishing", now=now())
    # As if another one had published it, or taken it back, meanwhile.
    company.stack.clients.fail("dynamodb:UpdateItem", "ConditionalCheckFailedException", 400)
    company.tell(ids[-1])
    done = {PUBLISH: asked[PUBLISH]}

    assert refused(done) == {}
    assert unused(done) == {}
