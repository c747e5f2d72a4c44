"""The agents' versions: immutable, numbered, found by their content; and which of them a customer is given."""

from datetime import UTC, datetime

import pytest
from agent_platform import telemetry
from agent_platform.errors import ConfigurationError, Refused, TransientError
from agent_platform.registry.resolution import FRESH_SECONDS, Resolution, bucket
from botocore.exceptions import ClientError

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MODELS = ["amazon.nova-lite-v1:0"]
AGENT = "platform#outreach-writer"
CONFIG = {
    "agent": "outreach-writer",
    "role": "writer",
    "model": "us.amazon.nova-lite-v1:0",
    "inference": {"max_tokens": 900, "temperature": 0.6},
    "max_attempts": 3,
}
PROMPT = "You write for ${company}."


@pytest.fixture
def make(stack):
    """A registry as a new process has it."""
    return stack.registry


def register(registry, prompt=PROMPT, *, owner="platform", version=None, label="", **changes):
    given = {"owner": owner, "version": version, "label": label, "allowed_models": MODELS, "now": NOW}
    return registry.register(CONFIG | changes, prompt, **given)


def release(stack, prompt=PROMPT, *, owner="platform"):
    return stack.release(CONFIG, prompt, owner=owner, now=NOW)


def resolve(registry, tenant="greenedge", customer="c-1"):
    return registry.resolve("outreach-writer", tenant=tenant, routing_key=customer)


def statuses(stack, agent_id=AGENT):
    return {row["version"]: row["status"] for row in stack.registry().rows(agent_id)}


def test_a_registered_version_is_a_draft_and_whole(make, stack):
    made = register(make(), label="first try")
    assert (made.agent_id, made.version, made.name) == (AGENT, 1, "outreach-writer")
    assert (made.model, made.prompt, made.config) == ("us.amazon.nova-lite-v1:0", PROMPT, CONFIG)
    assert make().version(AGENT, 1) == made
    assert statuses(stack) == {1: "draft"}
    with pytest.raises(ConfigurationError, match="no agent outreach-writer is in production: run scripts/seed"):
        resolve(make())


def test_the_items_have_the_attributes_that_are_given(make, stack):
    register(make(), label="first try")
    (row,) = stack.items("AgentRegistryTable")
    assert row.keys() >= {
        "agentId", "version", "promptTemplate", "bedrockModel", "config", "status", "performance", "createdAt",
    }  # fmt: skip
    assert (row["createdAt"], row["label"]) == ("2026-11-20T09:00:00Z", "first try")


def test_the_same_content_is_the_same_version_even_if_it_is_not_the_latest(make, stack):
    first = register(make())
    register(make(), "Another prompt.")
    assert register(make()) == register(make(), version=1) == first
    assert statuses(stack) == {1: "draft", 2: "draft"}


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "Write."},
        {"model": "amazon.nova-lite-v1:0"},
        {"inference": {"max_tokens": 901}},
        {"max_attempts": 2},
        {"required_slots": {"referral": ["offer.link"]}},
        {"metrics": ["ApprovalRate"]},
        {"tools": ["find_offer"]},
        {"unknown": "always"},
    ],
    ids=str,
)
def test_any_other_content_is_a_new_version(make, stack, changes):
    register(make())
    assert register(make(), **changes).version == 2
    assert statuses(stack) == {1: "draft", 2: "draft"}


def test_versions_are_numbered_without_gaps(make, stack):
    registry = make()
    assert [register(registry, f"Prompt {number}").version for number in range(12)] == list(range(1, 13))


@pytest.mark.parametrize(
    ("content", "number", "why"),
    [
        ("Other content.", 1, "version 1 has other content: a version never changes; the next one is 2"),
        ("Other content.", 3, "version 3 would leave a gap; the next one is 2"),
        (PROMPT, 2, "this content is version 1 already, not 2"),
    ],
)
def test_a_number_that_is_not_this_contents_is_refused(make, stack, content, number, why):
    register(make())
    before = stack.items("AgentRegistryTable")
    with pytest.raises(Refused) as refused:
        register(make(), content, version=number)
    assert refused.value.reasons == [why]
    assert stack.items("AgentRegistryTable") == before


def test_an_old_version_can_still_be_read_by_the_runs_that_entered_with_it(make, stack):
    first = release(stack)
    release(stack, "Another prompt.")
    assert make().version(AGENT, 1) == first
    assert statuses(stack) == {1: "retired", 2: "production"}


@pytest.mark.parametrize(("mine", "number"), [("My prompt.", 3), ("The other's prompt.", 2)])
def test_two_who_register_at_once_get_two_versions_or_the_same_for_the_same_content(make, stack, mine, number):
    registry = make()
    register(registry)
    looking, others = registry.rows, ["The other's prompt."]

    def looked(agent_id):
        rows = looking(agent_id)
        # The other one registers after this one has looked.
        if others:
            register(make(), others.pop())
        return rows

    registry.rows = looked
    assert register(registry, mine).version == number
    assert set(statuses(stack)) == set(range(1, number + 1))


def test_a_long_prompt_lies_in_the_bucket_under_its_hash(make, stack):
    prompt = "Write well. " * 30_000
    made = register(make(), prompt)
    (row,) = stack.registry().rows(AGENT)
    assert "promptTemplate" not in row
    assert row["promptKey"] == f"platform/outreach-writer/{row['hash']}.md"
    assert make().version(AGENT, 1).prompt == prompt
    assert register(make(), prompt) == made


def test_a_prompt_that_was_changed_in_the_bucket_is_not_run(make, stack):
    register(make(), "Write well. " * 30_000)
    (row,) = stack.registry().rows(AGENT)
    stack.clients("s3").put_object(Bucket=stack.table("PromptsBucket"), Key=row["promptKey"], Body=b"Write badly.")
    with pytest.raises(ConfigurationError, match="is not what was registered"):
        make().version(AGENT, 1)


def test_a_tenants_agent_shadows_the_platforms_once_it_is_in_production(make, stack):
    release(stack)
    own = register(make(), "You write for GreenEdge.", owner="greenedge")
    assert resolve(make()).version.agent_id == AGENT
    release(stack, "You write for GreenEdge.", owner="greenedge")
    assert resolve(make()).version == own
    assert resolve(make(), tenant="brightnest").version.agent_id == AGENT


def test_a_read_that_was_throttled_takes_nobody_elses_agent(make, stack):
    release(stack)
    release(stack, "You write for GreenEdge.", owner="greenedge")
    key = {"agentId": {"S": "greenedge#outreach-writer#alias"}, "version": {"N": "0"}}
    platforms = {"agentId": {"S": "platform#outreach-writer#alias"}, "production": {"N": "1"}}
    answer = {
        "Responses": {"AgentRegistryTable": [platforms]},
        "UnprocessedKeys": {"AgentRegistryTable": {"Keys": [key]}},
    }
    stack.clients.answer("dynamodb:BatchGetItem", answer)
    with pytest.raises(TransientError):
        resolve(make())


def test_a_customer_of_an_open_rollout_is_told_its_arm_and_why(make, stack):
    release(stack)
    register(make(), "A candidate.")
    stack.aliases().open_rollout(AGENT, {}, candidate=2, share=5000, by="anna", reason="better", now=NOW)
    registry, arms = make(), {}
    for number in range(40):
        found = resolve(registry, customer=f"c-{number}")
        assert found.bucket == bucket("greenedge", AGENT, f"{AGENT}#1", f"c-{number}")
        assert (found.arm == "candidate") == (found.bucket < 5000) == (found.version.version == 2)
        assert (found.rollout, found.share) == (1, 5000)
        arms.setdefault(found.arm, []).append(number)
    assert set(arms) == {"baseline", "candidate"}


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def resolution(stack, clock, monkeypatch):
    """One process's way to resolve, with a clock of our own."""
    monkeypatch.setenv("WORKFLOW", "outreach")
    for kept in (telemetry.workflow, telemetry.log):
        kept.cache_clear()
    release(stack)
    stack.clients.calls.clear()
    return Resolution(stack.table("AgentRegistryTable"), stack.clients("dynamodb"), clock=clock)


def production(resolution):
    return resolution.alias("outreach-writer", tenant="greenedge").production


def test_an_alias_is_one_read_and_kept_for_half_a_minute(resolution, stack, clock):
    for _ in range(3):
        assert production(resolution) == 1
    assert [str(call) for call in stack.clients.calls] == ["dynamodb:BatchGetItem"]
    release(stack, "Another prompt.")
    clock.seconds += FRESH_SECONDS
    assert production(resolution) == 1
    clock.seconds += 0.1
    assert production(resolution) == 2


def test_an_outage_is_bridged_by_what_was_known_and_says_so(resolution, stack, clock, caplog):
    assert production(resolution) == 1
    for failure in ("ProvisionedThroughputExceededException", "InternalServerError"):
        clock.seconds += 3600
        for _ in range(3):
            stack.clients.fail("dynamodb:BatchGetItem", failure)
        assert production(resolution) == 1
    assert caplog.messages.count("stale alias") == 2
    stack.clients.forget()
    release(stack, "Another prompt.")
    assert production(resolution) == 2


def test_an_outage_before_anything_is_known_is_an_error(resolution, stack):
    for _ in range(3):
        stack.clients.fail("dynamodb:BatchGetItem")
    with pytest.raises(ClientError):
        production(resolution)


def test_what_is_forbidden_is_no_outage(resolution, stack, clock):
    production(resolution)
    clock.seconds += 3600
    stack.clients.fail("dynamodb:BatchGetItem", "AccessDeniedException", 400)
    with pytest.raises(ClientError, match="AccessDenied"):
        production(resolution)


def test_what_nobody_registered_is_said_with_what_to_do(make):
    with pytest.raises(ConfigurationError, match="no agent outreach-writer is in production: run scripts/seed"):
        resolve(make())
    with pytest.raises(ConfigurationError, match="no version 7 of agent platform#outreach-writer"):
        make().version(AGENT, 7)


def test_a_refusal_lists_all_problems_and_registers_nothing(make, stack):
    with pytest.raises(Refused) as refused:
        register(make(), "It costs $ 5.", model="some.model", inference={"max_tokens": 0, "temperature": 2})
    problems = ["no price", "not among AllowedModels", "max_tokens", "temperature", "starts no variable"]
    assert [problem for problem in problems if problem not in str(refused.value)] == []
    assert len(refused.value.reasons) == len(problems)
    assert stack.items("AgentRegistryTable") == []


def test_a_version_is_read_once_for_each_process(make, stack):
    register(make())
    registry = make()
    stack.clients.calls.clear()
    for _ in range(3):
        registry.version(AGENT, 1)
    assert [str(call) for call in stack.clients.calls] == ["dynamodb:GetItem"]
