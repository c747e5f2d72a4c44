from datetime import UTC, datetime

import pytest
from agent_platform.errors import ConfigurationError, TransientError
from agent_platform.registry.versions import Registry
from botocore.exceptions import ClientError

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
MODELS = ["amazon.nova-lite-v1:0"]
CONFIG = {
    "agent": "outreach-writer",
    "role": "writer",
    "model": "us.amazon.nova-lite-v1:0",
    "inference": {"max_tokens": 900, "temperature": 0.6},
    "max_attempts": 3,
}


@pytest.fixture
def make(stack):
    """A registry as a new process has it."""
    return lambda: Registry(table=stack.table("AgentRegistryTable"), dynamodb=stack.clients("dynamodb"))


def register(registry, prompt="You write for ${company}.", *, owner="platform", **changes):
    return registry.register(CONFIG | changes, prompt, owner=owner, allowed_models=MODELS, now=NOW)


def statuses(stack, agent_id="platform#outreach-writer"):
    rows = stack.items("AgentRegistryTable")
    return {row["version"]: row["status"] for row in rows if row["agentId"] == agent_id}


def test_a_registered_version_is_in_production_and_whole(make):
    made = register(make())
    assert (made.agent_id, made.version, made.name) == ("platform#outreach-writer", 1, "outreach-writer")
    assert make().resolve("outreach-writer", tenant="greenedge") == made
    assert (made.model, made.prompt, made.config) == ("us.amazon.nova-lite-v1:0", "You write for ${company}.", CONFIG)


def test_the_items_have_the_attributes_that_are_given(make, stack):
    register(make())
    (row,) = [row for row in stack.items("AgentRegistryTable") if row["agentId"] == "platform#outreach-writer"]
    assert row.keys() >= {
        "agentId", "version", "promptTemplate", "bedrockModel", "config", "status", "performance", "createdAt",
    }  # fmt: skip
    assert row["createdAt"] == "2026-11-20T09:00:00Z"


def test_the_same_content_is_the_same_version(make, stack):
    one, other = register(make()), register(make())
    assert one == other
    assert statuses(stack) == {1: "production"}


@pytest.mark.parametrize("changes", [{"prompt": "Write."}, {"inference": {"max_tokens": 901}}, {"max_attempts": 2}])
def test_any_other_content_is_a_new_version_and_exactly_one_is_in_production(make, stack, changes):
    register(make())
    made = register(make(), **changes)
    assert made.version == 2
    assert statuses(stack) == {1: "retired", 2: "production"}
    assert make().resolve("outreach-writer", tenant="greenedge").version == 2


def test_versions_are_numbered_without_gaps(make, stack):
    registry = make()
    assert [register(registry, f"Prompt {number}").version for number in range(12)] == list(range(1, 13))
    assert [version for version, status in statuses(stack).items() if status == "production"] == [12]


def test_an_old_version_can_still_be_read_by_the_runs_that_entered_with_it(make):
    first = register(make())
    register(make(), "Another prompt.")
    assert make().version("platform#outreach-writer", 1) == first


def test_two_who_register_at_once_make_two_versions_or_one_is_refused(make, stack):
    registry = make()
    register(registry)
    latest = registry._latest
    # The other one registers after this one has looked.
    registry._latest = lambda agent_id: [latest(agent_id), register(make(), "The other's prompt.")][0]
    with pytest.raises(ClientError, match="TransactionCanceled"):
        register(registry, "My prompt.")
    assert statuses(stack) == {1: "retired", 2: "production"}
    assert make().resolve("outreach-writer", tenant="greenedge").prompt == "The other's prompt."


def test_a_tenants_agent_shadows_the_platforms_for_that_tenant_alone(make):
    register(make())
    own = register(make(), "You write for GreenEdge.", owner="greenedge")
    assert own.agent_id == "greenedge#outreach-writer"
    assert make().resolve("outreach-writer", tenant="greenedge") == own
    assert make().resolve("outreach-writer", tenant="brightnest").agent_id == "platform#outreach-writer"


def test_a_read_that_was_throttled_takes_nobody_elses_agent(make, stack):
    register(make())
    register(make(), "You write for GreenEdge.", owner="greenedge")
    key = {"agentId": {"S": "greenedge#outreach-writer#alias"}, "version": {"N": "0"}}
    platforms = {"agentId": {"S": "platform#outreach-writer#alias"}, "production": {"N": "1"}}
    answer = {
        "Responses": {"AgentRegistryTable": [platforms]},
        "UnprocessedKeys": {"AgentRegistryTable": {"Keys": [key]}},
    }
    stack.clients.answer("dynamodb:BatchGetItem", answer)
    with pytest.raises(TransientError):
        make().resolve("outreach-writer", tenant="greenedge")


def test_what_nobody_registered_is_said_with_what_to_do(make):
    with pytest.raises(ConfigurationError, match="no agent outreach-writer is in production: run scripts/seed"):
        make().resolve("outreach-writer", tenant="greenedge")
    with pytest.raises(ConfigurationError, match="no version 7 of agent platform#outreach-writer"):
        make().version("platform#outreach-writer", 7)


def test_a_refusal_lists_all_problems_and_registers_nothing(make, stack):
    with pytest.raises(ConfigurationError) as refused:
        register(make(), "It costs $ 5.", model="some.model", inference={"max_tokens": 0, "temperature": 2})
    problems = ["no price", "not among AllowedModels", "max_tokens", "temperature", "starts no variable"]
    assert [problem for problem in problems if problem not in str(refused.value)] == []
    assert stack.items("AgentRegistryTable") == []


def test_a_version_is_read_once_for_each_process(make, stack):
    register(make())
    registry = make()
    stack.clients.calls.clear()
    for _ in range(3):
        registry.version("platform#outreach-writer", 1)
    assert [str(call) for call in stack.clients.calls] == ["dynamodb:GetItem"]
