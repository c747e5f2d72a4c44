"""The cases of Standard Webhooks' own test suites and its published signatures, put to the door's check.

Cases, ids, secrets and signatures: github.com/standard-webhooks/standard-webhooks, libraries/*/test* and
libraries/testdata/signatures.json.
"""

import datetime as clock
from dataclasses import dataclass

import pytest
from agent_platform.ingest.sources import Source, authenticate, new_secret
from standardwebhooks import Webhook, webhooks

SOURCE = Source("greenedge-crm", "greenedge", "arn")
SECRET, ID = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
OF_NOBODY = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="


@dataclass(frozen=True)
class Vector:
    """A published body with its time and the signature that `SECRET` gives it."""

    moment: int
    body: str
    signature: str

    def headers(self, **changes: str | None) -> dict[str, str]:
        """The three headers; a keyword replaces one by its last word, or with None leaves it out."""
        given = {"id": ID, "timestamp": str(self.moment), "signature": self.signature} | changes
        return {f"webhook-{name}": value for name, value in given.items() if value is not None}


VECTORS = [
    Vector(1614265330, '{"test": 2432232314}', "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    Vector(
        1696200454,
        '{"type": "example.created", "timestamp":"2023-09-28T19:20:22+00:00", '
        '"data":{"str":"string","bool":true,"int":42}}',
        "v1,GgjvufBlIj71MBIVQotYGb+xEC3LNXCsIZp0HsDC8qs=",
    ),
]
EVERY_VECTOR = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector.moment))


@pytest.fixture
def now(monkeypatch):
    """Stop the clock that the check reads."""

    def stop(moment):
        class Stopped(clock.datetime):
            @classmethod
            def now(cls, tz=None):
                return clock.datetime.fromtimestamp(moment, tz=tz)

        monkeypatch.setattr(webhooks, "datetime", Stopped)

    return stop


@pytest.fixture
def compared(monkeypatch):
    """The pairs that were compared in constant time."""
    pairs, really = [], webhooks.hmac.compare_digest

    def noted(one, other):
        pairs.append((one, other))
        return really(one, other)

    monkeypatch.setattr(webhooks.hmac, "compare_digest", noted)
    return pairs


def fits(headers, body, *, secret=SECRET, source=SOURCE):
    return authenticate(source, [secret, new_secret()], headers, body) is not None


@EVERY_VECTOR
def test_the_published_signature_is_the_one_that_is_made_and_taken(vector, now):
    moment = clock.datetime.fromtimestamp(vector.moment, tz=clock.UTC)
    assert Webhook(SECRET).sign(ID, moment, vector.body) == vector.signature
    now(vector.moment)
    assert fits(vector.headers(), vector.body)


@EVERY_VECTOR
@pytest.mark.parametrize("name", ["id", "timestamp", "signature"])
def test_a_missing_header_is_refused(vector, now, name):
    now(vector.moment)
    assert not fits(vector.headers(**{name: None}), vector.body)


@EVERY_VECTOR
def test_a_timestamp_that_is_no_number_is_refused(vector, now):
    now(vector.moment)
    assert not fits(vector.headers(timestamp="hello"), vector.body)


@EVERY_VECTOR
@pytest.mark.parametrize("spoil", [lambda s: s[:-2] + "A=", lambda s: s[:8], lambda s: "v1,", lambda s: OF_NOBODY])
def test_another_signature_or_a_part_of_one_is_refused(vector, now, spoil):
    now(vector.moment)
    assert not fits(vector.headers(signature=spoil(vector.signature)), vector.body)


@EVERY_VECTOR
def test_one_fitting_signature_among_several_is_enough(vector, now):
    now(vector.moment)
    several = f"{OF_NOBODY} {OF_NOBODY.replace('v1', 'v2')} {vector.signature} {OF_NOBODY}"
    assert fits(vector.headers(signature=several), vector.body)
    assert not fits(vector.headers(signature=several.replace(vector.signature, "")), vector.body)


@EVERY_VECTOR
def test_a_fitting_signature_of_an_unknown_scheme_is_refused(vector, now):
    now(vector.moment)
    assert not fits(vector.headers(signature=vector.signature.replace("v1", "v2")), vector.body)


@EVERY_VECTOR
def test_a_secret_may_have_its_prefix_or_not(vector, now):
    now(vector.moment)
    assert fits(vector.headers(), vector.body, secret=f"whsec_{SECRET}")


@EVERY_VECTOR
@pytest.mark.parametrize(
    ("seconds", "taken"), [(-301, False), (-300, True), (-299, True), (299, True), (300, True), (301, False)]
)
def test_five_minutes_are_the_limit_on_either_side(vector, now, seconds, taken):
    now(vector.moment + seconds)
    assert fits(vector.headers(), vector.body) is taken


@EVERY_VECTOR
@pytest.mark.parametrize("taken", [True, False])
def test_what_decides_is_the_comparison_in_constant_time(vector, now, monkeypatch, taken):
    now(vector.moment)
    monkeypatch.setattr(webhooks.hmac, "compare_digest", lambda one, other: taken)
    assert fits(vector.headers(), vector.body) is taken
    assert fits(vector.headers(signature=OF_NOBODY), vector.body) is taken


@EVERY_VECTOR
def test_known_and_unknown_sources_and_both_secrets_are_compared_as_often(vector, now, compared):
    now(vector.moment)
    asked = []
    for source, secret, signature in [
        (SOURCE, SECRET, vector.signature),
        (SOURCE, SECRET, OF_NOBODY),
        (SOURCE, new_secret(), vector.signature),
        (None, new_secret(), vector.signature),
        (None, new_secret(), OF_NOBODY),
    ]:
        compared.clear()
        fits(vector.headers(signature=signature), vector.body, secret=secret, source=source)
        asked.append([(len(one), len(other)) for one, other in compared])
    assert asked == [[(32, 32)] * 2] * 5
