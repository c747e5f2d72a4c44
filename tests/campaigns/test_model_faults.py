"""The model misbehaves: bounded attempts and cost, no retry of what can't succeed, no approval without a verdict.

Most trials run write_draft and judge_draft in this process, over HTTP against the wire server, under the state
machine's own Retry read from its definition; a handful goes through the deployed stack.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import botocore.session
import pytest
import requests
from agent_platform import aws
from agent_platform.errors import (
    ContextWindowExceeded,
    MalformedOutput,
    ModelRefused,
    OutputBlocked,
    OutputTruncated,
    PlatformError,
    TransientError,
)
from agent_platform.inference.completions import Completion, converse
from botocore.config import Config
from outreach.drafting import write_draft
from outreach.judging import judge_draft

from local_aws.bedrock_wire.faults import read_faults
from local_aws.bedrock_wire.offline import Offline
from local_aws.bedrock_wire.server import BedrockWireServer
from local_aws.bedrock_wire.service import Service
from tests.campaigns.conftest import whole_only
from tests.campaigns.out_of_shape import Role, Shape, shapes, text_is_wireable
from tests.fakes import ScriptedConverse, completion
from tests.integration.stack import MACHINE
from tests.unit.outreach.writing_cases import (
    CRITERIA,
    GOOD_EMAIL,
    features,
    greenedge,
    model_outputs,
    name_of,
    passages,
    prepared,
    request,
    scores_of,
    shipped_agent,
)
from tests.workflow.deployed import Deployed

RATES = (0.1, 0.3, 1.0)
PASSING = ("throttle", "timeout", "server_error", "unavailable", "model_error", "not_ready", "disconnect")
FINAL = {
    "access_denied": ModelRefused,
    "content_filtered": OutputBlocked,
    "guardrail_intervened": OutputBlocked,
    "context_window": ContextWindowExceeded,
    "truncation": OutputTruncated,
}
MODEL_STATES = ("Generate", "Judge")
(TRIES,) = {
    1 + rule["MaxAttempts"]
    for state in MODEL_STATES
    for rule in MACHINE["States"][state]["Retry"]
    if "TransientError" in rule["ErrorEquals"]
}
MOST_DRAFTS = shipped_agent("outreach-writer").max_attempts
# Bedrock's own limit is what the caller asks for: without it, a loop is paid for to the model's last token.
LIMITS = {shipped_agent(name).config["inference"]["max_tokens"] for name in ("outreach-writer", "outreach-judge")}

type Tell = Callable[[str], None]
type Trials = Callable[[int, int], int]


class Watched(Service):
    """The wire server's service, which also notes the token limit of every call that reaches it."""

    def __init__(self) -> None:
        super().__init__(Offline())
        self.limits: Counter[Any] = Counter()

    def answer(self, call: Any) -> Any:
        self.limits[call.document.get("inferenceConfig", {}).get("maxTokens")] += 1
        return super().answer(call)

    def settled(self, calls: int) -> dict[str, Any]:
        """The log of calls, once it has so many: a call is logged a moment after its caller has its answer."""
        deadline = time.monotonic() + 10
        while self.calls.report()["total"] < calls and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.calls.report()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """A wire server; the functions' own client configuration leads to it, but for a read timeout of 1.5 s.

    A busy machine keeps that, and nobody waits long for what doesn't. What shall not keep it needs seconds more: a
    process that has no processor when its time is over finds an answer that came meanwhile, and takes it.
    """
    watched = Watched()
    server = BedrockWireServer(0, watched)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    config = aws._CONFIGS["bedrock-runtime"].merge(Config(read_timeout=1.5))
    client = botocore.session.Session().create_client(
        "bedrock-runtime", "us-east-1", endpoint_url=server.url, config=config, **keys
    )
    monkeypatch.setattr(aws, "client", {"bedrock-runtime": client}.__getitem__)
    yield watched
    server.shutdown()
    server.server_close()
    thread.join(5)


@dataclass
class Campaign:
    """Runs of Generate and Judge until Store, with the state machine's retries and without its waits."""

    runs: int = 0
    calls: int = 0
    cost_micros: int = 0
    states_done: int = 0
    worst: int = 0
    approved: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """One event's run, to a verdict or a failure under a name."""
        self.runs, before = self.runs + 1, self.calls
        try:
            verdict = self._verdict()
        except PlatformError as error:
            self.failures[type(error).__name__] += 1
        else:
            assert_in_shape(verdict)
            self.approved += verdict["approved"]
        self.worst = max(self.worst, self.calls - before)

    def _verdict(self) -> dict[str, Any]:
        verdict: Any = None
        while verdict is None or verdict["decision"] == "rewrite":
            draft = self._state(self._draft, verdict)
            verdict = self._state(self._judge, draft, verdict)
        return dict(verdict)

    def _state(self, work: Callable[..., Any], *given: Any) -> Any:
        for attempt in range(1, TRIES + 1):
            try:
                result = work(*given)
            except TransientError:
                if attempt == TRIES:
                    raise
            else:
                self.states_done += 1
                return result
        raise AssertionError

    def _counted(self, **asked: Any) -> Completion:
        self.calls += 1
        answer = converse(**asked)
        self.cost_micros += answer.cost_micros
        return answer

    def _draft(self, verdict: Any) -> Any:
        return _write(self._counted, verdict)

    def _judge(self, draft: Any, verdict: Any) -> Any:
        return _judge(self._counted, draft, verdict)

    def told(self, what: str) -> str:
        """The campaign's counts in a line."""
        failed = ", ".join(f"{count} {name}" for name, count in self.failures.items()) or "none failed"
        return (
            f"{what}: {self.runs} runs, {self.approved} approved, {failed}; {self.calls} calls "
            f"({self.calls / self.runs:.2f} a run, {self.worst} at most), ${self.cost_micros / 1e6:.4f}"
        )


def _write(asked: Any, verdict: Any = None) -> Any:
    return write_draft(
        shipped_agent("outreach-writer"), request(), features(), passages(), prepared=prepared(), brand=greenedge(),
        verdict=verdict, converse=asked,
    )  # fmt: skip


def _judge(asked: Any, draft: Any, verdict: Any = None) -> Any:
    return judge_draft(
        shipped_agent("outreach-judge"), draft, request(), features(), prepared=prepared(), brand=greenedge(),
        previous=verdict, max_attempts=MOST_DRAFTS, converse=asked,
    )  # fmt: skip


def assert_in_shape(verdict: Any) -> None:
    """A verdict, approved or not, rests on a whole number from 1 to 5 for each criterion of each attempt."""
    assert 1 <= len(verdict["attempts"]) <= MOST_DRAFTS
    for attempt in verdict["attempts"]:
        assert [score["criterion"] for score in attempt["scores"]] == CRITERIA
        assert all(type(score["score"]) is int and 1 <= score["score"] <= 5 for score in attempt["scores"])
        assert all(score["reason"].strip() for score in attempt["scores"])
    assert verdict["approved"] == any(attempt["approved"] for attempt in verdict["attempts"])


def _struck(rate: float, seed: int, calls: int) -> int:
    """How many of so many calls a fault of this rate and seed strikes: the server's own seeded draws, drawn again."""
    draws = random.Random(seed)
    return sum(draws.random() < rate for _ in range(calls))


def _prepare(service: Watched, *faults: dict[str, Any]) -> None:
    service.faults.clear()
    service.calls.clear()
    service.limits.clear()
    service.faults.add(read_faults(list(faults)))


def _struck_by(service: Watched, runs: int, **fault: Any) -> Campaign:
    """So many runs while the model has this fault."""
    _prepare(service, fault)
    campaign = Campaign()
    for _ in range(runs):
        campaign.run()
    return campaign


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("kind", PASSING)
def test_a_passing_fault_is_tried_again_by_one_layer_and_only_so_often(
    service: Watched, trials: Trials, seed: int, tell: Tell, kind: str, rate: float
) -> None:
    campaign = _struck_by(service, trials(8, 400), kind=kind, probability=rate, seed=seed)

    log = service.settled(campaign.calls)
    # The calls that reached the server are those that the code made: no layer below it tried again.
    assert log["total"] == campaign.calls
    struck = _struck(rate, seed, campaign.calls)
    assert campaign.calls - struck == campaign.states_done
    assert set(campaign.failures) <= {"TransientError"}
    assert campaign.worst <= 2 * MOST_DRAFTS * TRIES
    assert set(service.limits) <= LIMITS
    assert campaign.approved + sum(campaign.failures.values()) == campaign.runs
    if rate == 1.0:
        assert campaign.calls == campaign.runs * TRIES
        assert (campaign.approved, campaign.cost_micros) == (0, 0)
    tell(campaign.told(f"{kind} at {rate:.0%}, seed {seed}"))


def test_an_answer_slower_than_the_read_timeout_is_a_passing_fault(
    service: Watched, trials: Trials, seed: int, tell: Tell
) -> None:
    for rate in RATES:
        campaign = _struck_by(service, trials(1, 20), kind="stall", seconds=6, probability=rate, seed=seed)

        log = service.settled(campaign.calls)
        assert log["total"] == campaign.calls
        assert campaign.calls - _struck(rate, seed, campaign.calls) == campaign.states_done
        assert set(campaign.failures) <= {"TransientError"}
        tell(campaign.told(f"slower than the read timeout at {rate:.0%}, seed {seed}"))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("kind", FINAL)
def test_what_can_not_succeed_is_not_tried_again(
    service: Watched, trials: Trials, seed: int, tell: Tell, kind: str, rate: float
) -> None:
    campaign = _struck_by(service, trials(8, 400), kind=kind, probability=rate, seed=seed)

    assert service.settled(campaign.calls)["total"] == campaign.calls
    # Every struck call ended its run.
    struck = _struck(rate, seed, campaign.calls)
    assert campaign.failures == ({FINAL[kind].__name__: struck} if struck else {})
    assert campaign.approved + struck == campaign.runs
    assert set(service.limits) <= LIMITS
    tell(campaign.told(f"{kind} at {rate:.0%}, seed {seed}"))


@pytest.mark.parametrize("rate", RATES)
def test_a_malformed_answer_is_repaired_once_and_a_throttled_repair_stays_bounded(
    service: Watched, trials: Trials, seed: int, tell: Tell, rate: float
) -> None:
    """Both at once: what the repair's own retry costs is printed, and stays within the two bounds multiplied."""
    malformed = {"kind": "malformed", "probability": rate, "seed": seed}
    _prepare(service, {"kind": "throttle", "probability": min(rate, 0.3), "seed": seed + 1}, malformed)
    campaign = Campaign()
    for _ in range(trials(20, 400)):
        campaign.run()

    assert service.settled(campaign.calls)["total"] == campaign.calls
    assert set(campaign.failures) <= {"TransientError", "MalformedOutput"}
    assert campaign.worst <= 2 * 2 * MOST_DRAFTS * TRIES
    if rate == 1.0:
        assert campaign.approved == 0
    tell(campaign.told(f"malformed at {rate:.0%} and throttled, seed {seed}"))


def _asked(role: Role, converse: ScriptedConverse | Callable[..., Completion]) -> Any:
    if role == "writer":
        return _write(converse)
    return _judge(converse, _write(ScriptedConverse(completion(tool_input=GOOD_EMAIL))))


def _good(role: Role) -> dict[str, Any]:
    return GOOD_EMAIL if role == "writer" else scores_of(5, 5, 5, 5, 5)


def _from_models() -> list[Shape]:
    """What small models really answered; a judge's or writer's shape none of them has by accident."""
    return [Shape(name_of(output), completion(output["text"]), readable=False) for output in model_outputs()]


@pytest.mark.parametrize("role", ["writer", "judge"])
def test_an_answer_out_of_shape_is_asked_for_once_more_and_no_more(role: Role, tell: Tell) -> None:
    good, tried, slowest = _good(role), shapes(role, _good(role)), 0.0
    assert len(tried) >= 60
    for shape in tried:
        began = time.process_time()
        mended, hopeless = (
            ScriptedConverse(shape.answer, completion(tool_input=good)),
            ScriptedConverse(shape.answer, shape.answer),
        )
        result = _asked(role, mended)
        assert len(mended.calls) == (1 if shape.readable else 2), shape.name
        if shape.readable:
            _asked(role, hopeless)
        else:
            with pytest.raises(MalformedOutput):
                _asked(role, hopeless)
        assert len(hopeless.calls) == len(mended.calls), shape.name
        assert {call["inference"]["max_tokens"] for call in (*mended.calls, *hopeless.calls)} <= LIMITS
        if role == "judge":
            assert_in_shape(result)
        slowest = max(slowest, time.process_time() - began)
    tell(f"{len(tried)} shapes of a {role}'s answer ({sum(not s.readable for s in tried)} to refuse); "
         f"slowest {slowest:.2f} s")  # fmt: skip
    assert slowest < 10


@pytest.mark.parametrize("role", ["writer", "judge"])
def test_no_answer_of_a_small_model_is_ever_approved(role: Role, tell: Tell) -> None:
    outcomes: Counter[str] = Counter()
    for shape in _from_models():
        scripted = ScriptedConverse(shape.answer, shape.answer)
        try:
            result = _asked(role, scripted)
        except MalformedOutput:
            outcomes["malformed"] += 1
        else:
            outcomes["in shape"] += 1
            if role == "judge":
                assert_in_shape(result)
            else:
                verdict = _judge(ScriptedConverse(completion(tool_input=scores_of(5, 5, 5, 5, 5))), result)
                assert not verdict["approved"], shape.name
        assert len(scripted.calls) <= 2
    tell(f"answers of small models to a {role}: {dict(outcomes)}")


@pytest.mark.parametrize("role", ["writer", "judge"])
def test_texts_out_of_shape_are_the_same_over_the_wire(service: Watched, role: Role, tell: Tell) -> None:
    sent = [shape for shape in shapes(role, _good(role)) + _from_models() if text_is_wireable(shape)]
    draft = _write(ScriptedConverse(completion(tool_input=GOOD_EMAIL)))
    for shape in sent:
        _prepare(service, {"kind": "answer", "text": shape.answer.text, "times": 2, "role": role})
        scripted = ScriptedConverse(shape.answer, shape.answer)

        def outcome(asked: Any) -> str:
            try:
                result = _write(asked) if role == "writer" else _judge(asked, draft)
            except PlatformError as error:
                return type(error).__name__
            return "repaired" if result.get("repaired") else "read"

        assert outcome(converse) == outcome(scripted), shape.name
        assert service.settled(len(scripted.calls))["total"] == len(scripted.calls), shape.name
        assert set(service.limits) <= LIMITS
    tell(f"{len(sent)} texts out of shape to a {role} over the wire")


def test_the_states_that_pay_retry_with_jitter_and_nothing_final_is_retried() -> None:
    for state in MODEL_STATES:
        rules = MACHINE["States"][state]["Retry"]
        assert all(rule["JitterStrategy"] == "FULL" for rule in rules)
        retried = {name for rule in rules for name in rule["ErrorEquals"]}
        assert not retried & {error.__name__ for error in {*FINAL.values(), MalformedOutput}}
        assert not retried & {"States.ALL", "States.TaskFailed"}


# ── Through the deployed stack ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def no_waits(deployed: Deployed) -> Iterator[None]:
    """The state machine's waits at nothing, and as they were."""
    assert deployed.stack.local
    url = f"{deployed.stack.local.endpoint}/_ministack/config"
    requests.post(url, json={"stepfunctions._SFN_WAIT_SCALE": 0}, timeout=10).raise_for_status()
    yield
    requests.post(url, json={"stepfunctions._SFN_WAIT_SCALE": 0.05}, timeout=10).raise_for_status()


def _tasks(history: list[dict[str, Any]]) -> int:
    """How often the states that call a model were begun, retries included."""
    begun, state = 0, ""
    for event in history:
        state = event.get("stateEnteredEventDetails", {}).get("name", state)
        begun += state in MODEL_STATES and event["type"] in {"LambdaFunctionScheduled", "TaskScheduled"}
    return begun


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("kind", ["throttle", "server_error", "timeout", "access_denied", "content_filtered"])
def test_through_the_deployed_stack_each_try_is_one_call(
    deployed: Deployed, no_waits: None, sample: Any, trials: Trials, seed: int, tell: Tell, kind: str, rate: float
) -> None:
    word = f"{kind} at {rate:.0%}"
    deployed.fault({"kind": kind, "probability": rate, "seed": seed, "contains": word})
    before = len(deployed.model_calls())
    receipts = [deployed.send(sample("good-referral", type=word)).body["receipt"] for _ in range(trials(1, 20))]
    # With more patience than a single event's: an event left behind here would be counted among the next cell's calls.
    outcomes = [_patiently(lambda each=each: deployed.receipt(each).get("outcome"), 300) for each in receipts]

    calls = [call for call in deployed.model_calls()[before:] if call["operation"] == "Converse"]
    histories = [deployed.history(receipt) for receipt in receipts]
    assert len(calls) == sum(map(_tasks, histories))
    assert all(_tasks(history) <= 2 * MOST_DRAFTS * TRIES for history in histories)
    names = Counter(outcome["status"] for outcome in outcomes)
    expected = FINAL[kind].__name__ if kind in FINAL else "TransientError"
    assert set(names) <= {expected, "approved"}
    struck = sum(call["fault"] == kind for call in calls)
    if kind in FINAL:
        assert names[expected] == struck
    if rate == 1.0:
        assert names == {expected: len(receipts)}
        assert len(calls) == len(receipts) * (1 if kind in FINAL else TRIES)
    tell(f"deployed, {word}, seed {seed}: {len(receipts)} events, {dict(names)}, {len(calls)} calls, {struck} struck")


def test_through_the_deployed_stack_a_malformed_answer_is_asked_for_twice(
    deployed: Deployed, no_waits: None, sample: Any
) -> None:
    for role, calls_of_role in (("writer", 2), ("judge", 2)):
        word = f"malformed {role}"
        deployed.fault({"kind": "malformed", "contains": word, "role": role})
        before = len(deployed.model_calls())
        receipt = deployed.send(sample("good-referral", type=word)).body["receipt"]

        assert deployed.outcome(receipt)["status"] == "MalformedOutput"
        roles = Counter(call["role"] for call in deployed.model_calls()[before:])
        assert roles[role] == calls_of_role
        failure = deployed.item("EventRecords", record=receipt.replace(".", "#", 1), part="failure#1")
        assert "asked twice for" in failure["cause"]


@whole_only
def test_a_really_slow_model_is_an_error_with_a_name_and_tried_again(
    deployed: Deployed, no_waits: None, sample: Any, tell: Tell
) -> None:
    """The real read timeout, which takes nearly a minute."""
    word = "slower than fifty seconds"
    deployed.fault({"kind": "stall", "seconds": 55, "times": 1, "contains": word, "role": "writer"})
    began, before = time.monotonic(), len(deployed.model_calls())
    receipt = deployed.send(sample("good-referral", type=word)).body["receipt"]
    outcome = _patiently(lambda: deployed.receipt(receipt).get("outcome"))

    assert outcome["status"] == "approved"
    failed = [event for event in deployed.history(receipt) if "TransientError" in json.dumps(event, default=str)]
    assert failed
    # The abandoned call is logged when the server is done with it.
    roles = _patiently(lambda: (found := _roles(deployed, before))["writer"] == 2 and found)
    assert roles == {"writer": 2, "judge": 1}
    tell(f"a model slower than the read timeout: approved after {time.monotonic() - began:.0f} s and one more call")


def _roles(deployed: Deployed, before: int) -> Counter[str]:
    return Counter(call["role"] for call in deployed.model_calls()[before:] if call["role"])


def _patiently(look: Callable[[], Any], seconds: float = 150) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.25)
    return found
