"""The round of a synthetic run: sent, stored, watched; and what is seen if it doesn't go well."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from agent_platform.errors import ConfigurationError, EventUnavailable, TransientError
from agent_platform.synthetic.runs import SyntheticRun
from agent_platform.tenants import SYNTHETIC

from tests.integration.outreach.answers import draft, scores
from tests.integration.outreach.traces import message, published
from tests.integration.permissions import made_by, noting, refused, unused
from tests.integration.stack import Stack

SEND, WATCH, WEBHOOK = "SyntheticSendFunction", "SyntheticWatchFunction", "ReceiveWebhookFunction"
OUTREACH, MESSAGES = {"workflow": "outreach"}, "OutreachMessagesTable"


class _PublicUrl(BaseHTTPRequestHandler):
    """Keeps what is posted, and answers as the webhook does to an event that it takes."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.posted.append({"headers": dict(self.headers), "body": body, "path": self.path})
        answer = json.dumps({"receipt": "synthetic.0"}).encode()
        self.send_response(202)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_) -> None:
        """Nothing: what was posted is asserted on."""


@pytest.fixture
def url(monkeypatch):
    """A server in API Gateway's place, which the sender finds at its address; `posted` has what came."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _PublicUrl)
    server.posted, given = [], Stack.environment
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(Stack, "environment", lambda self, name: given(self, name) | (
        {"AWS_ENDPOINT_URL": address} if name == SEND else {}))  # fmt: skip
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield server
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def run(ready, probe, url, script):
    """Send a synthetic event, and let it come to its message; the news of it on the bus."""

    def run(*answers, of=OUTREACH, number=1):
        sent = ready.invoke(SEND, of)
        posted = url.posted.pop()
        request = probe.post("{}") | {"headers": posted["headers"], "body": posted["body"]}
        assert ready.invoke(WEBHOOK, request)["statusCode"] == 202
        ready.invoke("OutreachStartExecutionFunction", ready.queued())
        (document,) = [each["input"] for each in ready.executions()]
        assert document["event_id"] == sent["event_id"]
        script(*answers)
        document = ready.run(document | {"run": number})
        return document, {"detail": json.loads(published(ready)[0]["Detail"])}

    return run


def metrics(capsys):
    """What the watch emitted; cold starts and slots are counted for whatever takes them."""
    blobs = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return [each for each in blobs if not {"ColdStarts", "SlotsTaken"} & each.keys()]


def test_a_synthetic_event_comes_to_a_message_and_the_watch_says_that_all_is_well(ready, run, capsys):
    document, news = run(draft(), scores(5))
    stored = message(ready, document)
    assert (stored["status"], stored["tenant"]) == ("approved", SYNTHETIC)
    assert "Hi Jordan" in stored["text"]

    ready.invoke(WATCH, news)

    [emitted] = metrics(capsys)
    assert (emitted["workflow"], emitted["SyntheticOk"]) == ("synthetic", [1])
    assert 0 < emitted["SyntheticTime"][0] < 60_000


def test_every_run_is_another_customer_s(ready, probe, url):
    ids = {ready.invoke(SEND, OUTREACH)["event_id"] for _ in range(3)}
    customers = {json.loads(each["body"])["data"]["customer"]["id"] for each in url.posted}

    assert (len(ids), len(customers)) == (3, 3)
    assert {each["path"] for each in url.posted} == {"/_aws/execute-api/the-api/test/webhook/synthetic"}


def test_what_is_wrong_with_the_message_is_counted_and_said(ready, run, capsys):
    document, news = run(draft(), scores(5))
    leaked = SyntheticRun.of(document["event_id"]).canary
    stored = ready.clients("dynamodb").scan(TableName=MESSAGES)["Items"][0]
    changed = stored | {"subject": {"S": "For {{customer.first_name}}"}, "text": {"S": f"You wrote: {leaked}"}}
    ready.clients("dynamodb").put_item(TableName=MESSAGES, Item=changed)
    capsys.readouterr()

    ready.invoke(WATCH, news)

    emitted, told = map(json.loads, capsys.readouterr().out.splitlines())
    assert emitted["SyntheticOk"] == [0]
    assert (told["level"], told["correlation_id"]) == ("WARNING", stored["receipt"]["S"])
    assert told["problems"] == [
        "the subject has a slot that nothing was put into", "the text repeats the canary",
    ]  # fmt: skip


def test_a_run_in_which_nothing_was_written_is_no_success(ready, run, capsys):
    _, news = run(draft(), scores(5))
    stored = ready.clients("dynamodb").scan(TableName=MESSAGES)["Items"][0]
    skipped = {"status": {"S": "skipped"}, "skip": {"M": {"reason": {"S": "over_budget"}}}}
    ready.clients("dynamodb").put_item(TableName=MESSAGES, Item=stored | skipped)

    ready.invoke(WATCH, news)

    [emitted] = metrics(capsys)
    assert emitted["SyntheticOk"] == [0]


def test_an_event_that_a_person_sent_from_the_synthetic_source_is_not_watched(ready, begin, probe, script, capsys):
    script(draft(), scores(5))
    ready.run(begin(sender=probe))
    news = {"detail": json.loads(published(ready)[0]["Detail"])}
    capsys.readouterr()

    ready.invoke(WATCH, news)

    assert metrics(capsys) == []


@pytest.mark.parametrize(
    "by_a_person", [{"of": OUTREACH | {"by_hand": True}}, {"number": 2}], ids=["sent by hand", "run again"]
)
def test_what_a_person_does_is_no_sign_that_the_schedule_lives(ready, run, capsys, by_a_person):
    document, news = run(draft(), scores(5), **by_a_person)
    assert message(ready, document)["status"] == "approved"

    ready.invoke(WATCH, news)

    assert metrics(capsys) == []


def test_news_of_a_message_that_is_not_there_is_an_error(ready, probe, capsys):
    detail = {"tenant": SYNTHETIC, "workflow": "outreach", "message_id": "0" * 64, "status": "approved"}
    with pytest.raises(EventUnavailable):
        ready.invoke(WATCH, {"detail": detail})
    assert metrics(capsys) == []


def test_a_stack_that_was_not_seeded_says_so(ready, url):
    ready.add_manifest()
    with pytest.raises(ConfigurationError, match="GetSecretValue: ResourceNotFoundException"):
        ready.invoke(SEND, OUTREACH)
    assert url.posted == []


def test_a_workflow_without_synthetic_runs_is_named(ready, url):
    with pytest.raises(ConfigurationError, match="the manifest of outreach says nothing of synthetic runs"):
        ready.invoke(SEND, OUTREACH)


def test_a_url_at_which_nothing_answers_is_an_error(ready, probe, url):
    url.server_close()
    url.shutdown()
    with pytest.raises(TransientError, match="the webhook did not answer"):
        ready.invoke(SEND, OUTREACH)


def test_each_role_allows_what_its_function_does_and_no_table_more(ready, run, monkeypatch):
    asked = noting(ready, monkeypatch)
    _, news = run(draft(), scores(5))
    ready.invoke(WATCH, news)
    done = made_by({"synthetic"}, noted=asked)

    assert all(done.values()), "a function did nothing"
    assert refused(done) == {}
    assert unused(done) == {}
